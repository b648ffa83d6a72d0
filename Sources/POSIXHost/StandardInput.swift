import HostInterfaces

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Reading standard input whole, where another program writes it.
extension POSIXTerminal {
    func readInput(limit: Int) async throws(SystemError) -> [UInt8]? {
        if isatty(STDIN_FILENO) == 1 { return nil }
        let stop = try StopRequest()
        let result = await withTaskCancellationHandler {
            await Blocking.run { Self.content(limit: limit, stop: stop) }
        } onCancel: {
            stop.request()
        }
        return try result.get()
    }

    private static func content(limit: Int, stop: StopRequest) -> Result<[UInt8], SystemError> {
        func failure(_ code: Int32) -> Result<[UInt8], SystemError> {
            .failure(SystemError("read", "standard input", code: code))
        }
        var content: [UInt8] = []
        while true {
            let isReady = stop.waits(on: STDIN_FILENO, milliseconds: -1)
            if stop.isRequested { return failure(ECANCELED) }
            if !isReady { continue }
            var piece = [UInt8](repeating: 0, count: 1 << 16)
            let got = read(STDIN_FILENO, &piece, piece.count)
            if got < 0, errno == EINTR || errno == EAGAIN { continue }
            if got < 0 { return failure(errno) }
            if got == 0 { return .success(content) }
            content += piece[..<got]
            if content.count > limit { return failure(EFBIG) }
        }
    }
}
