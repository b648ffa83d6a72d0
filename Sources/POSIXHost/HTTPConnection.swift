import HostInterfaces
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One exchange on one socket. Calls block, so they are made on threads of their own, one at a time.
final class HTTPConnection: Sendable {
    private struct State {
        var buffer: [UInt8] = []
        var start = 0
        var framing = HTTPMessage.Framing.none
        /// Bytes of the body, or of the chunk, that are still to come.
        var left = 0
        var isInsideChunk = false
        var isDone = false
    }

    enum Failure: Error {
        case timedOut
        case stopped
        case bad(String)
        case broken(String)
    }

    private static let headLimit = 64 << 10

    private let socket: Int32
    private let stop: StopRequest
    private let method: String
    /// Goes with the connection.
    private let tunnel: Tunnel?
    private let state = Mutex(State())

    /// Takes the non-blocking socket over.
    init(_ socket: Int32, stop: StopRequest, method: String, tunnel: Tunnel? = nil) {
        self.socket = socket
        self.stop = stop
        self.method = method
        self.tunnel = tunnel
    }

    /// Makes a call that waits return; for a cancelled task.
    func requestStop() { stop.request() }

    deinit { close(socket) }

    func send(_ bytes: [UInt8], deadline: Int) throws(Failure) {
        var done = 0
        while done < bytes.count {
            #if canImport(Glibc)
                let flags = Int32(MSG_NOSIGNAL)
                let count = bytes.withUnsafeBytes { Glibc.send(socket, $0.baseAddress! + done, $0.count - done, flags) }
            #else
                let count = bytes.withUnsafeBytes { Darwin.send(socket, $0.baseAddress! + done, $0.count - done, 0) }
            #endif
            if count >= 0 {
                done += count
            } else if errno == EAGAIN {
                try wait(for: Int32(POLLOUT), deadline: deadline)
            } else if errno == EPIPE || errno == ECONNRESET {
                // It may have answered already, without reading all: the answer tells more.
                return
            } else if errno != EINTR {
                throw .broken(String(cString: strerror(errno)))
            }
        }
    }

    /// The final head; interim ones (1xx) are passed over.
    func head(deadline: Int) throws(Failure) -> HTTPMessage.Head {
        try state.withLock { state throws(Failure) in
            while true {
                var lines: [String] = []
                var size = 0
                while true {
                    let line = try line(&state, limit: Self.headLimit, deadline: deadline)
                    size += line.utf8.count
                    guard size <= Self.headLimit else { throw .bad("its head is too long") }
                    if line.isEmpty { break }
                    lines.append(line)
                }
                guard let head = HTTPMessage.head(lines, method: method) else {
                    throw .bad(lines.first ?? "an empty line")
                }
                if head.status < 200, head.status != 101 { continue }
                state.framing = head.framing
                if case .length(let length) = head.framing { state.left = length }
                return head
            }
        }
    }

    /// The next bytes of the body, as many as there are; nil at its end.
    func piece(deadline: Int) throws(Failure) -> [UInt8]? {
        try state.withLock { state throws(Failure) in
            if state.isDone { return nil }
            switch state.framing {
            case .none: state.isDone = true
            case .length: return try counted(&state, deadline: deadline)
            case .chunked:
                if !state.isInsideChunk {
                    guard let size = HTTPMessage.chunkSize(try line(&state, limit: 4096, deadline: deadline)) else {
                        throw .bad("a chunk has no size")
                    }
                    if size == 0 {
                        while try !line(&state, limit: 4096, deadline: deadline).isEmpty {}
                        state.isDone = true
                        return nil
                    }
                    (state.left, state.isInsideChunk) = (size, true)
                }
                let piece = try counted(&state, deadline: deadline)
                if state.left == 0 {
                    guard try line(&state, limit: 2, deadline: deadline).isEmpty else {
                        throw .bad("a chunk is too long")
                    }
                    (state.isInsideChunk, state.isDone) = (false, false)
                }
                return piece
            case .untilClose:
                if state.start == state.buffer.count, try !fill(&state, deadline: deadline) {
                    state.isDone = true
                    return nil
                }
                return take(&state, state.buffer.count - state.start)
            }
            return nil
        }
    }

    private func counted(_ state: inout State, deadline: Int) throws(Failure) -> [UInt8]? {
        if state.left == 0 { state.isDone = true; return nil }
        if state.start == state.buffer.count, try !fill(&state, deadline: deadline) { throw .bad("it ends too early") }
        let piece = take(&state, min(state.left, state.buffer.count - state.start))
        state.left -= piece.count
        return piece
    }

    private func take(_ state: inout State, _ count: Int) -> [UInt8] {
        let piece = Array(state.buffer[state.start..<state.start + count])
        state.start += count
        return piece
    }

    /// A line without its end, CRLF or LF.
    private func line(_ state: inout State, limit: Int, deadline: Int) throws(Failure) -> String {
        var seen = 0
        while true {
            if let end = state.buffer[(state.start + seen)...].firstIndex(of: 10) {
                var line = state.buffer[state.start..<end]
                if line.last == 13 { line.removeLast() }
                state.start = end + 1
                return String(decoding: line, as: UTF8.self)
            }
            seen = state.buffer.count - state.start
            guard seen <= limit else { throw .bad("a line is too long") }
            if try !fill(&state, deadline: deadline) { throw .bad(seen == 0 ? "nothing came" : "it ends too early") }
        }
    }

    /// False at the end of the stream.
    private func fill(_ state: inout State, deadline: Int) throws(Failure) -> Bool {
        state.buffer.removeFirst(state.start)
        state.start = 0
        while true {
            var count = 0
            let piece = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, used in
                count = recv(socket, buffer.baseAddress!, buffer.count, 0)
                used = max(0, count)
            }
            if count > 0 { state.buffer += piece; return true }
            if count == 0 { return false }
            if errno == EAGAIN {
                try wait(for: Int32(POLLIN), deadline: deadline)
            } else if errno != EINTR {
                throw .broken(String(cString: strerror(errno)))
            }
        }
    }

    private func wait(for events: Int32, deadline: Int) throws(Failure) {
        let isReady = stop.waits(for: events, on: socket, milliseconds: Moment.wait(until: deadline))
        if stop.isRequested { throw .stopped }
        if !isReady, Moment.now >= deadline { throw .timedOut }
    }
}
