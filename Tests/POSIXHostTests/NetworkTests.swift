import Base
import HostFakes
import HostInterfaces
import POSIXHost
import Synchronization
import Testing

#if canImport(Glibc)
    import Glibc
    private let streamKind = Int32(SOCK_STREAM.rawValue)
#else
    import Darwin
    private let streamKind = SOCK_STREAM
#endif

/// A server that says the same to everyone, piece by piece, and keeps what it was asked.
final class ScriptedServer: Sendable {
    let port: Int
    let asked = Mutex("")
    private let descriptor: Int32

    /// `holds`: keeps the connection open at the end. `socket`: a Unix domain socket instead of a port.
    init(_ pieces: [String], pause: UInt32 = 0, holds: Bool = false, socket path: String? = nil) {
        let descriptor = socket(path == nil ? AF_INET : AF_UNIX, streamKind, 0)
        self.descriptor = descriptor
        // As every server does; without it its port would wait for real.
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, 4)
        if let path {
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
            _ = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            port = 0
        } else {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    _ = bind(descriptor, $0, size)
                    _ = getsockname(descriptor, $0, &size)
                }
            }
            port = Int(UInt16(bigEndian: address.sin_port))
        }
        listen(descriptor, 8)
        Blocking.detach { [weak self] in
            while true {
                let client = accept(descriptor, nil, nil)
                if client < 0 {
                    // Only here: a number that is closed while this thread may still accept on it is the next server's.
                    close(descriptor)
                    return
                }
                var buffer = [UInt8](repeating: 0, count: 4096)
                let count = read(client, &buffer, 4096)
                let text = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
                self?.asked.withLock { $0 = text }
                for piece in pieces where count > 0 {
                    _ = piece.withCString { send(client, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
                    if pause > 0 { usleep(pause) }
                }
                if holds { while read(client, &buffer, 4096) > 0 {} }
                close(client)
            }
        }
    }

    func stop() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        #if !canImport(Glibc)
            // There a shutdown does not end a wait in accept.
            close(descriptor)
        #endif
    }
}

@Suite struct NetworkTests {
    let network = POSIXHost.host().network

    func get(_ server: ScriptedServer, limit: Duration? = .seconds(3)) async throws -> HTTPResponse {
        try await network.exchange(
            HTTPRequest(.tcp(host: "127.0.0.1", port: server.port), target: "/x?y=1", timeLimit: limit))
    }

    @Test func `a body of known length ends there, though the server holds the connection`() async throws {
        let server = ScriptedServer(
            ["HTTP/1.1 200 OK\r\nContent-Le", "ngth: 5\r\nX-A: b\r\n\r\nhel", "lo and more"], holds: true)
        defer { server.stop() }
        let response = try await get(server)
        #expect(response.status == 200)
        #expect(response.headers["x-a"] == "b")
        #expect(String(decoding: response.body, as: UTF8.self) == "hello")
        let asked = server.asked.withLock { $0 }
        #expect(asked.hasPrefix("GET /x?y=1 HTTP/1.1\r\n"))
        #expect(asked.contains("Host: 127.0.0.1:\(server.port)\r\n"))
    }

    @Test func `chunks are joined, cut anywhere, with extensions and trailers`() async throws {
        let pieces = [
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhe", "llo\r",
            "\n1",
            "0\r\n0123456789abcdef\r\n0\r\nTrailer: x\r\n\r\n",
        ]
        let server = ScriptedServer(pieces, pause: 20_000, holds: true)
        defer { server.stop() }
        #expect(String(decoding: try await get(server).body, as: UTF8.self) == "hello0123456789abcdef")
    }

    @Test func `a body without length ends with the connection`() async throws {
        let server = ScriptedServer(["HTTP/1.0 404 Not Found\r\n\r\nall", " of it"], pause: 10_000)
        defer { server.stop() }
        let response = try await get(server)
        #expect(response.status == 404)
        #expect(String(decoding: response.body, as: UTF8.self) == "all of it")
    }

    @Test(arguments: [
        "SSH-2.0-OpenSSH_9\r\n\r\n", "", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    ])
    func `what is no complete HTTP is an error`(_ answer: String) async {
        let server = ScriptedServer([answer])
        defer { server.stop() }
        do {
            let response = try await get(server)
            Issue.record("it was taken for \(response)")
        } catch NetworkError.badResponse {
        } catch { Issue.record("\(error)") }
    }

    @Test func `silence ends at the time limit`() async {
        let server = ScriptedServer([], holds: true)
        defer { server.stop() }
        let begin = Moments.now
        await #expect(throws: NetworkError.timedOut("127.0.0.1:\(server.port)")) {
            try await get(server, limit: .milliseconds(150))
        }
        #expect(Moments.now - begin < 2)
    }

    @Test func `a stream gives lines as they come, until the consumer has enough`() async throws {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        let server = ScriptedServer(
            [head + "4\r\n{1}\n\r\n", "2\r\n{2\r\n", "2\r\n}\n\r\n", "4\r\n{3}\n\r\n"], pause: 20_000, holds: true)
        defer { server.stop() }
        let seen = Mutex<[String]>([])
        let request = HTTPRequest(.tcp(host: "localhost", port: server.port), target: "/events")
        try await network.stream(request) { line in
            seen.withLock { seen in
                seen.append(line)
                return seen.count < 2
            }
        }
        #expect(seen.withLock { $0 } == ["{1}", "{2}"])
    }

    @Test func `a stream without end stops when its task is cancelled`() async throws {
        let server = ScriptedServer(["HTTP/1.1 200 OK\r\n\r\none\n"], holds: true)
        defer { server.stop() }
        let request = HTTPRequest(.tcp(host: "127.0.0.1", port: server.port), target: "/", timeLimit: nil)
        let task = Task { try await network.stream(request) { _ in true } }
        try await Task.sleep(for: .milliseconds(100))
        task.cancel()
        try await task.value
    }

    @Test func `a Unix socket is spoken to, and a missing one named`() async throws {
        let path = "/tmp/devinit-\(getpid())-\(UInt32.random(in: 0...9999)).sock"
        let server = ScriptedServer(["HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"], socket: path)
        defer { server.stop(); unlink(path) }
        let response = try await network.exchange(HTTPRequest(.socket(Path(path)), target: "/_ping"))
        #expect(String(decoding: response.body, as: UTF8.self) == "ok")
        await #expect(throws: NetworkError.unreachable("/no/such.sock: No such file or directory")) {
            try await network.exchange(HTTPRequest(.socket("/no/such.sock"), target: "/"))
        }
        let long = Path("/tmp/" + String(repeating: "x", count: 200))
        await #expect(throws: NetworkError.self) { try await network.exchange(HTTPRequest(.socket(long), target: "/")) }
    }

    @Test func `a header cannot smuggle a second request in`() async {
        let request = HTTPRequest(.tcp(host: "127.0.0.1", port: 1), target: "/", headers: ["X": "a\r\nB: c"])
        do {
            _ = try await network.exchange(request)
            Issue.record("it was sent")
        } catch NetworkError.badResponse {
        } catch { Issue.record("\(error)") }
    }

    @Test func `a listener makes its port busy, its past connections do not`() async throws {
        let server = ScriptedServer(["HTTP/1.1 200 OK\r\n\r\nx"])
        // The server closes first, so that it is its port which waits (TIME_WAIT).
        #expect(try await get(server).status == 200)
        #expect(await network.connect(host: "127.0.0.1", port: server.port, timeLimit: .seconds(2)) == .open)
        #expect(await network.connect(host: "localhost", port: server.port, timeLimit: .seconds(2)) == .open)
        for address in ["127.0.0.1", "0.0.0.0", "", "localhost"] {
            #expect(!network.isFree(port: server.port, address: address), "\(address)")
        }
        server.stop()
        try await Task.sleep(for: .milliseconds(50))
        #expect(network.isFree(port: server.port, address: "127.0.0.1"))
        #expect(await network.connect(host: "127.0.0.1", port: server.port, timeLimit: .seconds(2)) == .refused)
        #expect(!network.isFree(port: 0, address: "127.0.0.1") && !network.isFree(port: 70_000, address: ""))
    }

    @Test func `a port that receives datagrams is busy for datagrams alone`() throws {
        let descriptor = try #require(Datagrams.listen())
        defer { Datagrams.close(descriptor.socket) }
        for address in ["127.0.0.1", "", "0.0.0.0"] {
            #expect(!network.isFree(port: descriptor.port, address: address, transport: .udp), "\(address)")
        }
        #expect(network.isFree(port: descriptor.port, address: "127.0.0.1"))
        Datagrams.close(descriptor.socket)
        #expect(network.isFree(port: descriptor.port, address: "127.0.0.1", transport: .udp))
    }

    @Test func `an unknown name fails in words and an address that swallows packets in time`() async {
        if case .open = await network.connect(host: "no-such-host.invalid", port: 80, timeLimit: .seconds(2)) {
            Issue.record("it is open")
        }
        let begin = Moments.now
        let result = await network.connect(host: "192.0.2.1", port: 9, timeLimit: .milliseconds(200))
        #expect(result != .open)
        #expect(Moments.now - begin < 2)
    }

    static let kinds = FileSubject.Kind.allCases

    @Test(arguments: kinds) func `a free port is free, whoever is asked`(_ kind: FileSubject.Kind) async throws {
        let network: any Network = kind == .fake ? FakeNetwork() : self.network
        let port = try #require(network.freePort(address: "127.0.0.1"))
        #expect((1024...65535).contains(port))
        #expect(network.isFree(port: port, address: "127.0.0.1"))
        #expect(await network.connect(host: "127.0.0.1", port: port, timeLimit: .seconds(1)) == .refused)
    }
}

enum Moments {
    /// Seconds on the real clock.
    static var now: Double { POSIXHost.host().clock.monotonicSeconds }
}
