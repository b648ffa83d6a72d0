import Base
import HostInterfaces

/// What a program's file was when it told its version: as long as all of it is the same, so is the version.
struct ProgramIdentity: Hashable, Sendable {
    /// As the probe names it.
    var program: String
    /// Where it was found; nil where it was not.
    var path: Path?
    /// The same with every link followed.
    var real: Path?
    var size = 0
    /// Nanoseconds since 1970.
    var modified = 0
    var changed = 0
    var inode: UInt64 = 0
    var device: UInt64 = 0
    /// How many names the file has; several may be one program that tells by its name what it is.
    var links = 1

    init(_ program: String, at path: Path?, files: any FileSystem) {
        self.program = program
        self.path = path
        guard let path, let real = try? files.resolve(path),
            let status = try? files.status(of: real, followingLinks: true)
        else { return }
        self.real = real
        size = status.size
        modified = status.modified
        changed = status.changed
        inode = status.inode
        device = status.device
        links = status.links
    }

    /// How long a file must be at rest before its version may be remembered, in nanoseconds: a change within one tick
    /// of the file system's clock leaves no trace (FAT counts in two seconds).
    private static let restingTime = 2_000_000_000
    /// A file beyond this many bytes is no script that another program reads.
    private static let largestScript = 1 << 20
    /// Programs that pick one of several versions beside them when they are started.
    private static let choosers: Set<String> = ["dotnet"]
    /// Folders in which programs stand that start another one of the same name.
    private static let shimFolders: Set<String> = ["shims", ".volta", ".proto", ".asdf", ".cargo", ".swiftly", "snap"]

    /// Whether the file alone decides the version. A program that is not there is known to be absent at a glance.
    func isDecisive(_ host: Host) -> Bool {
        guard let path else { return true }
        guard let real, links == 1, !Self.choosers.contains(program), isNamedAlike(real.name) else { return false }
        let folders = path.segments.dropLast() + real.segments.dropLast()
        guard !folders.contains(where: { Self.shimFolders.contains(String($0)) }) else { return false }
        guard max(modified, changed) <= Int(host.clock.wallSeconds * 1e9) - Self.restingTime else { return false }
        return !isScript(real, host)
    }

    /// `python3` may lead to `python3.11`, but not `node` to `volta-shim`.
    private func isNamedAlike(_ name: String) -> Bool {
        if name == program { return true }
        guard name.hasPrefix(program), let next = name.dropFirst(program.count).utf8.first else { return false }
        return next == UInt8(ascii: ".") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next)
            || name.dropFirst(program.count).allSatisfy { $0 == "-" || $0 == "." || $0.isNumber }
    }

    /// A script is read by another program, and often starts a third.
    private func isScript(_ real: Path, _ host: Host) -> Bool {
        if size > Self.largestScript { return false }
        guard let bytes = try? host.files.read(real, limit: Self.largestScript) else { return true }
        return bytes.starts(with: "#!".utf8) || !bytes.starts(with: [0x7F]) && !Self.isMachO(bytes)
    }

    /// The first bytes of Apple's executables, thin and fat, both byte orders.
    private static func isMachO(_ bytes: [UInt8]) -> Bool {
        let magic: [[UInt8]] = [
            [0xCF, 0xFA, 0xED, 0xFE], [0xFE, 0xED, 0xFA, 0xCF], [0xCA, 0xFE, 0xBA, 0xBE], [0xCE, 0xFA, 0xED, 0xFE],
        ]
        return magic.contains { bytes.starts(with: $0) }
    }
}

extension ProgramIdentity {
    var json: JSON {
        [
            "program": .string(program), "path": path.map { .string($0.text) } ?? .null,
            "real": real.map { .string($0.text) } ?? .null,
            "status": [
                .integer(size), .integer(modified), .integer(changed), .integer(Int(bitPattern: UInt(inode))),
                .integer(Int(bitPattern: UInt(device))), .integer(links),
            ],
        ]
    }

    init?(_ json: JSON) {
        guard let program = json["program"]?.string, let status = json["status"]?.array, status.count == 6 else {
            return nil
        }
        let numbers = status.compactMap(\.integer)
        guard numbers.count == 6 else { return nil }
        self.program = program
        path = json["path"]?.string.map { Path($0) }
        real = json["real"]?.string.map { Path($0) }
        size = numbers[0]
        modified = numbers[1]
        changed = numbers[2]
        inode = UInt64(UInt(bitPattern: numbers[3]))
        device = UInt64(UInt(bitPattern: numbers[4]))
        links = numbers[5]
    }
}
