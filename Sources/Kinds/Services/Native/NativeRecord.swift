import Base
import HostInterfaces
import State

/// The process of a native service as the journal remembers it.
struct NativeRecord {
    var process: ProcessIdentity
    var definition: String
    /// Which start of the machine it belongs to; empty where the system does not tell. Linux counts a process's start
    /// from that of the machine, so that after a restart another process may have the same number and start time.
    var boot: String

    init(process: ProcessIdentity, definition: String, boot: String = "") {
        self.process = process
        self.definition = definition
        self.boot = boot
    }

    private static let (prefix, suffix) = ("service:", "/process")

    static func fact(_ service: String) -> String { prefix + service + suffix }

    /// Services that have a process on record, whether or not the manifest still has them.
    static func services(_ journal: Journal) -> [String] {
        journal.factNames(beginning: prefix).filter { $0.hasSuffix(suffix) }
            .map { String($0.dropFirst(prefix.count).dropLast(suffix.count)) }
    }

    /// Without its start time a process that ended at once could be taken for a later one with its number.
    init?(_ json: JSON?) {
        guard let json, let id = json["pid"]?.integer.flatMap({ Int32(exactly: $0) }),
            let start = json["start_time"]?.integer, start > 0
        else { return nil }
        process = ProcessIdentity(id: id, startTime: start)
        definition = json["definition"]?.string ?? ""
        boot = json["boot"]?.string ?? ""
    }

    var json: JSON {
        [
            "pid": .integer(Int(process.id)), "start_time": .integer(process.startTime), "boot": .string(boot),
            "definition": .string(definition),
        ]
    }

    /// Whether this very process still runs. A record that names another start of the machine is of no process.
    func isRunning(on host: Host) -> Bool {
        let now = Self.boot(of: host)
        return (boot.isEmpty || now.isEmpty || boot == now) && host.processes.isRunning(process)
    }

    /// The machine's present start (Linux, proc(5)); empty elsewhere, where start times are dates.
    static func boot(of host: Host) -> String {
        let text = host.files.text(of: "/proc/sys/kernel/random/boot_id") ?? ""
        return text.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
    }
}
