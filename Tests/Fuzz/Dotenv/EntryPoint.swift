import Dotenv

/// What libFuzzer calls with each input that it tries (llvm.org, "libFuzzer", fuzz target). A broken promise ends the
/// program, and libFuzzer keeps the input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    DotenvPromises.check(bytes)
    return 0
}
