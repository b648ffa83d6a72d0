import CLI

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

let status = await CommandLineTool.run(Array(CommandLine.arguments.dropFirst()), program: CommandLine.arguments[0])
exit(status.code)
