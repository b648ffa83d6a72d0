import Base
import CSpawn
import HostInterfaces

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Looks through the processes of this machine.
enum ProcessScan {
    /// Those whose arguments or environment hold all these words. Only `/proc` tells; where there is none, nothing is
    /// found.
    static func search(_ words: [String]) -> [(process: ProcessIdentity, leadsGroup: Bool)] {
        let files = POSIXFiles()
        let ids = ((try? files.entries(of: "/proc")) ?? []).compactMap { pid_t($0.name) }
        return ids.sorted().compactMap { id in
            let place = Path("/proc/\(id)")
            let told = ["cmdline", "environ"].flatMap { name in
                ((try? files.read(place / name, limit: 16 << 20)) ?? []).split(separator: 0)
            }
            let holdsAll = words.allSatisfy { word in told.contains { $0.elementsEqual(word.utf8) } }
            guard holdsAll, !told.isEmpty, id != getpid() else { return nil }
            let start = devinit_start_time(id)
            return start < 0 ? nil : (ProcessIdentity(id: id, startTime: Int(start)), getpgid(id) == id)
        }
    }
}
