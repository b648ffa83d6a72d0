import Base
import CSpawn
import HostInterfaces

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Reads what machine this is; every call a few microseconds, for it happens at each start.
enum MachineReading {
    static func machine(environment: [String: String]) -> Machine {
        var names = utsname()
        uname(&names)
        let architecture = text(&names.machine)
        #if canImport(Glibc)
            let system = "linux"
        #else
            let system = "macos"
        #endif
        return Machine(
            operatingSystem: system, architecture: architecture == "aarch64" ? "arm64" : architecture,
            identity: identity() ?? "host:" + text(&names.nodename), cores: cores(), memory: memory(),
            user: Int(geteuid()), home: home(environment))
    }

    /// A fixed array of characters as C has it.
    private static func text<Characters>(_ characters: inout Characters) -> String {
        withUnsafeBytes(of: &characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    private static func identity() -> String? {
        #if canImport(Glibc)
            for place in ["/etc/machine-id", "/var/lib/dbus/machine-id"] {
                // An image that was never started says "uninitialized".
                if let id = line(of: place), id.utf8.count == 32 { return id }
            }
            return nil
        #else
            var uuid = [UInt8](repeating: 0, count: 16)
            var limit = timespec()
            guard gethostuuid(&uuid, &limit) == 0 else { return nil }
            return uuid.hexadecimal
        #endif
    }

    /// Processors that we may keep busy: what the scheduler allows, and what a container's quota allows.
    private static func cores() -> Int {
        var count = Int(devinit_usable_processors())
        if count < 1 { count = sysconf(Int32(_SC_NPROCESSORS_ONLN)) }
        #if canImport(Glibc)
            // `max 100000` or `150000 100000`: microseconds of use in each period.
            if let fields = line(of: "/sys/fs/cgroup/cpu.max")?.split(separator: " "), fields.count == 2,
                let quota = Int(fields[0]), let period = Int(fields[1]), quota > 0, period > 0
            {
                count = min(count, (quota + period - 1) / period)
            }
        #endif
        return max(1, count)
    }

    private static func memory() -> Int {
        var bytes = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
        #if canImport(Glibc)
            if let limit = line(of: "/sys/fs/cgroup/memory.max").flatMap({ Int($0) }), limit > 0 {
                bytes = min(bytes, limit)
            }
        #endif
        return max(0, bytes)
    }

    private static func home(_ environment: [String: String]) -> Path {
        if let home = environment["HOME"], home.utf8.first == UInt8(ascii: "/") { return Path(home) }
        // Asking the system loads its name services, so only where nobody says it.
        if let entry = getpwuid(geteuid()), let folder = entry.pointee.pw_dir { return Path(String(cString: folder)) }
        return "/"
    }

    private static func line(of place: String) -> String? {
        guard let bytes = try? FileReading.read(Path(place), limit: 4096) else { return nil }
        return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
}

/// The variables and the folder that the process was started with.
enum StartSnapshot {
    static func environment() -> [String: String] {
        var variables: [String: String] = [:]
        #if canImport(Glibc)
            var place = environ
        #else
            var place = _NSGetEnviron().pointee
        #endif
        while let entry = place.pointee {
            let text = String(cString: entry)
            // The first of two wins, as for getenv.
            if let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")), equals > text.startIndex {
                let name = String(text[..<equals])
                if variables[name] == nil { variables[name] = String(text[text.utf8.index(after: equals)...]) }
            }
            place += 1
        }
        return variables
    }

    static func currentFolder(environment: [String: String]) -> Path {
        if let folder = getcwd(nil, 0) {
            defer { free(folder) }
            return Path(String(cString: folder))
        }
        // The folder was removed under us; say at least how it was called.
        return Path(environment["PWD"] ?? "/")
    }
}
