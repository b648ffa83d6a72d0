import CFuzzer
import Foundation

// What libFuzzer makes up goes through the promises; one that is broken ends the program, and the input is kept.
var count = CommandLine.argc
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
exit(
    LLVMFuzzerRunDriver(&count, &arguments) { data, size in
        ManifestPromises.check(Array(UnsafeBufferPointer(start: data, count: size)))
        return 0
    })
