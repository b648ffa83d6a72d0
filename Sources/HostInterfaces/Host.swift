public import Base

/// Everything devinit may touch outside itself, as one value: the seams and a snapshot of the environment.
///
/// Commands hand it down; nothing below the command line reaches for the machine in another way, so a test
/// that passes fakes runs wholly on fakes.
public struct Host: Sendable {
    public var files: any FileSystem
    public var processes: any ProcessLauncher
    public var clock: any Clock
    public var randomness: any Randomness
    public var terminal: any Terminal
    public var network: any Network
    public var digests: any Digests
    /// The variables of the process, read once at the start.
    public var environment: [String: String]
    /// The folder in which devinit was started, absolute.
    public var currentFolder: Path
    public var machine: Machine

    public init(
        files: any FileSystem, processes: any ProcessLauncher, clock: any Clock, randomness: any Randomness,
        terminal: any Terminal, network: any Network, digests: any Digests, environment: [String: String],
        currentFolder: Path, machine: Machine
    ) {
        self.files = files
        self.processes = processes
        self.clock = clock
        self.randomness = randomness
        self.terminal = terminal
        self.network = network
        self.digests = digests
        self.environment = environment
        self.currentFolder = currentFolder
        self.machine = machine
    }
}

/// What machine this is and who uses it.
public struct Machine: Sendable, Hashable {
    /// `linux` or `macos`.
    public var operatingSystem: String
    /// `x86_64` or `arm64`.
    public var architecture: String
    /// A stable name of this installation (`/etc/machine-id`, the platform's UUID), so that a copied home
    /// folder is noticed.
    public var identity: String
    public var cores: Int
    /// Bytes of memory.
    public var memory: Int
    /// Numeric id of the user; 0 is root.
    public var user: Int
    public var home: Path

    public init(
        operatingSystem: String, architecture: String, identity: String, cores: Int, memory: Int, user: Int, home: Path
    ) {
        self.operatingSystem = operatingSystem
        self.architecture = architecture
        self.identity = identity
        self.cores = cores
        self.memory = memory
        self.user = user
        self.home = home
    }
}

/// Time. Monotonic seconds measure, wall seconds are written down.
public protocol Clock: Sendable {
    /// Seconds since some fixed moment; never goes back.
    var monotonicSeconds: Double { get }
    /// Seconds since 1970-01-01T00:00:00Z.
    var wallSeconds: Double { get }
    /// Returns after `duration`, or throws `CancellationError` when the task is cancelled.
    func sleep(for duration: Duration) async throws
}

/// Random bytes fit for passwords: the system's own source.
public protocol Randomness: Sendable {
    func bytes(_ count: Int) -> [UInt8]
}

/// SHA-256, in lower-case hexadecimal (64 characters).
public protocol Digests: Sendable {
    func sha256(_ bytes: [UInt8]) -> String
}

/// What happened when the system refused something: which call, on what, and its `errno`.
public struct SystemError: Error, Hashable, Sendable {
    /// The call as a manual page names it: `open`, `posix_spawn`.
    public var call: String
    /// What it was called on, for people: a path, an address.
    public var subject: String
    public var code: Int32
    /// The system's words for the code.
    public var reason: String

    public init(call: String, subject: String, code: Int32, reason: String) {
        self.call = call
        self.subject = subject
        self.code = code
        self.reason = reason
    }
}

extension SystemError: CustomStringConvertible {
    public var description: String { "\(subject): \(reason) (\(call))" }
}
