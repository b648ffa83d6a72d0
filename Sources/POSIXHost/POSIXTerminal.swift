import CSpawn
internal import Base
import HostInterfaces
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The standard streams of the process.
struct POSIXTerminal: Terminal {
    /// One writer at a time, so that lines of two don't mix. Holds the first error of standard output.
    private static let writing = Mutex<SystemError?>(nil)
    /// One question at a time.
    private static let asking = Mutex<Void>(())

    private func number(_ stream: TerminalStream) -> Int32 { stream == .output ? STDOUT_FILENO : STDERR_FILENO }

    func isTerminal(_ stream: TerminalStream) -> Bool { isatty(number(stream)) == 1 }

    func size(of stream: TerminalStream) -> TerminalSize? {
        var columns: Int32 = 0
        var rows: Int32 = 0
        guard devinit_terminal_size(number(stream), &columns, &rows) else { return nil }
        return TerminalSize(columns: Int(columns), rows: Int(rows))
    }

    func write(_ text: String, to stream: TerminalStream) {
        var text = text
        Self.writing.withLock { lost in
            // Nobody is there to be told of EPIPE, nor of EIO by a terminal that is gone.
            let code = text.withUTF8 { writeAll(UnsafeRawBufferPointer($0), to: number(stream)) }
            guard stream == .output, code != 0, code != EPIPE, code != EIO, lost == nil else { return }
            lost = SystemError("write", "standard output", code: code)
        }
    }

    var lostOutput: SystemError? { Self.writing.withLock { $0 } }

    var canAsk: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

    func ask(_ prompt: String, hidden: Bool) async -> String? {
        guard let stop = try? StopRequest() else { return nil }
        return await withTaskCancellationHandler {
            await Blocking.run {
                Self.asking.withLock { _ -> String? in
                    if stop.isRequested { return nil }
                    let isHidden = hidden && isatty(STDIN_FILENO) == 1
                    // Hidden first: what is typed while the prompt appears must not be shown.
                    if isHidden, devinit_hide_typing(STDIN_FILENO) != 0 { return nil }
                    defer { if isHidden { devinit_show_typing() } }
                    write(prompt, to: .error)
                    return Self.line(stop: stop, isHidden: isHidden)
                }
            }
        } onCancel: {
            stop.request()
        }
    }

    /// Byte by byte: what follows the line belongs to somebody else.
    private static func line(stop: StopRequest, isHidden: Bool) -> String? {
        var line: [UInt8] = []
        while true {
            let isReady = stop.waits(on: STDIN_FILENO, milliseconds: isHidden ? 300 : -1)
            if stop.isRequested { return nil }
            if isHidden { devinit_keep_hidden(STDIN_FILENO) }
            if !isReady { continue }
            var byte: UInt8 = 0
            let got = read(STDIN_FILENO, &byte, 1)
            if got < 0, errno == EINTR || errno == EAGAIN { continue }
            if got <= 0 { return line.isEmpty ? nil : String(decoding: line, as: UTF8.self) }
            if byte == UInt8(ascii: "\n") {
                if line.last == UInt8(ascii: "\r") { line.removeLast() }
                return String(decoding: line, as: UTF8.self)
            }
            line.append(byte)
        }
    }
}
