import Dotenv
import Execution
import HostInterfaces
import Synchronization

/// The last look at each env file of a run, for whoever looks next: a plan beside the run, the node before its work and
/// in it. It counts while everything is the same that it was made from, which is compared byte by byte.
public final class EnvironmentFileShelf: Sendable {
    /// What a look is made from. What was written last is not among it: whoever writes that says so.
    struct Sides: Sendable {
        var source: [UInt8]?
        var found: [UInt8]?
        var status: FileStatus?
        var wishes: [(key: String, wish: EnvironmentFileMerge.Wish)]
        var choices: EnvironmentFileChoices
        var dialects: Set<Dialect>
        var side: EnvironmentFiles.Side?

        func isSame(as other: Sides) -> Bool {
            status == other.status && source == other.source && found == other.found && dialects == other.dialects
                && side == other.side && choices == other.choices
                && wishes.elementsEqual(other.wishes) { $0.key == $1.key && $0.wish == $1.wish }
        }
    }

    private let looks = Mutex<[NodeID: (sides: Sides, look: EnvironmentFileLook)]>([:])

    public init() {}

    /// The look that was made from the same sides, or a new one. Others wait meanwhile, for most want the same.
    func look(
        _ id: NodeID, _ sides: Sides, _ make: () throws(NodeFailure) -> EnvironmentFileLook
    ) throws(NodeFailure) -> EnvironmentFileLook {
        try looks.withLock { (looks) throws(NodeFailure) in
            if let known = looks[id], known.sides.isSame(as: sides) { return known.look }
            let look = try make()
            looks[id] = (sides, look)
            return look
        }
    }

    /// What was written last is another now.
    func forget(_ id: NodeID) { looks.withLock { $0[id] = nil } }
}
