public import Base
public import HostInterfaces
import Synchronization

/// A file system in memory, with links, modes (kept, not enforced), and faults on demand.
///
/// Paths are absolute. What was written and what was named is lost by `losePower` unless the file and the folder were
/// synchronized; `replace` does both. What tests add is durable from the start.
public final class FakeFiles: FileSystem {
    /// Which seam call fails.
    public enum Call: String, Sendable, Hashable {
        case status, read, replace, append, synchronize, truncate, entries, makeFolder, makeLink, linkTarget, setMode
        case remove, removeTree, rename, synchronizeFolder, resolve, lock, freeBytes
        /// Steps of `replace`.
        case write, synchronizeNew, giveName, synchronizeReplaced
    }

    struct Fault {
        var call: Call
        var path: Path?
        var code: Int32
        var left: Int
    }

    struct State {
        var tree = FakeTree()
        var faults: [Fault] = []
        var readOnly: [Path] = []
        var capacity = Int.max
        var locks: Set<Path> = []
        var owner = 1000
        /// Changes until the process is stopped; nothing it calls succeeds from then on.
        var changesLeft = Int.max
        /// One in so many changes fails; by a seed.
        var failing: (oneIn: Int, random: SeededGenerator)?
    }

    let state = Mutex(State())

    /// Files by path, with their text; the folders are made.
    public init(_ files: [Path: String] = [:]) {
        for (path, text) in files { add(path, text) }
    }

    // MARK: What tests arrange and look at

    /// Adds a file and its folders, whatever stands there.
    public func add(_ path: Path, _ text: String, mode: UInt16 = 0o644) {
        addFolder(path.parent)
        try? replace(path, with: Array(text.utf8), mode: mode)
        settle(path)
    }

    /// Makes a folder with those above it.
    public func addFolder(_ path: Path) {
        try? makeFolder(path, mode: 0o755)
        settle(path / "any")
    }

    /// Makes a symbolic link; its target need not be there.
    public func addLink(_ path: Path, to target: String) {
        addFolder(path.parent)
        try? makeLink(at: path, to: target)
        settle(path)
    }

    /// Makes the names of the folders above durable.
    private func settle(_ path: Path) {
        state.withLock { state in
            var place = path
            while place.parent != place {
                place = place.parent
                if let node = (try? state.tree.locate(place, following: true))?.node {
                    state.tree.unsynced.synchronizedFolder(node)
                }
            }
        }
    }

    /// Makes a call fail, for one path or all, so many times.
    public func fail(_ call: Call, at path: Path? = nil, code: Int32 = FakeCode.inputOutput, times: Int = .max) {
        state.withLock { $0.faults.append(Fault(call: call, path: path, code: code, left: times)) }
    }

    /// Ends all faults that `fail` began.
    public func stopFailing() { state.withLock { $0.faults = [] } }

    /// Nothing at the path or below it can be changed any more (`EROFS`).
    public func makeReadOnly(_ path: Path) { state.withLock { $0.readOnly.append(path) } }

    /// The disk holds so many bytes; beyond that writing fails with `ENOSPC`.
    public func limitCapacity(to bytes: Int) { state.withLock { $0.capacity = bytes } }

    /// What was not synchronized is gone. The processes end with it: start none of their calls again.
    public func losePower() { restart { $0.losePower() } }

    /// Of what was not synchronized any part may be gone, in any order, and the end of a file may be garbage; by the seed.
    public func losePower(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        restart { $0.losePower(&random) }
    }

    /// The process is stopped after so many changes more: that call and all later ones fail, until `restart`.
    public func stopProcess(afterChanges count: Int) { state.withLock { $0.changesLeft = count } }
    /// Whether `stopProcess` has come true.
    public var isStopped: Bool { state.withLock { $0.changesLeft < 0 } }
    /// Another process begins: the locks of the one before are free, and its calls work.
    public func restart() { restart { _ in } }

    private func restart(_ change: (inout FakeTree) -> Void) {
        state.withLock { state in
            change(&state.tree)
            state.locks = []
            state.changesLeft = .max
            state.failing = nil
        }
    }

    /// One in so many changes fails from now on, half-way or for a full disk; which ones depends on the seed.
    public func failAtRandom(oneIn count: Int, seed: UInt64) {
        state.withLock { $0.failing = (count, SeededGenerator(seed: seed)) }
    }

    /// A lock as if another process held it; ended by `releaseLock`.
    public func holdLock(_ path: Path) { state.withLock { _ = $0.locks.insert(path) } }
    /// Lets go of a lock that `holdLock` took for another process.
    public func releaseLock(_ path: Path) { state.withLock { _ = $0.locks.remove(path) } }

    /// All that stands, for comparing: files with their text, folders as `/`, links as `-> target`.
    public var snapshot: [Path: String] {
        state.withLock { state in
            var all: [Path: String] = [:]
            for (path, node) in state.tree.walk() {
                switch state.tree.nodes[node]?.content {
                case .file(let bytes): all[path] = String(decoding: bytes, as: UTF8.self)
                case .folder: all[path] = "/"
                case .link(let target): all[path] = "-> " + target
                case nil: continue
                }
            }
            return all
        }
    }

    // MARK: Shared steps

    /// Runs one call under the lock: faults first, and the tree's refusals as errors.
    func perform<Value>(
        _ call: Call, _ path: Path, changes: Bool = true, _ body: (inout State) throws(FakeTree.Refusal) -> Value
    ) throws(SystemError) -> Value {
        do throws(FakeTree.Refusal) {
            // Values leave the lock as results, because the closure's type of error has to be one.
            let outcome = state.withLock { state -> Outcome<Value> in
                do throws(FakeTree.Refusal) {
                    if state.changesLeft < 0 { throw FakeTree.Refusal(code: FakeCode.inputOutput) }
                    try Self.checkFaults(call, path, &state)
                    if changes {
                        try Self.checkWritable(path, state)
                        try Self.checkChance(&state)
                    }
                    return .value(try body(&state))
                } catch { return .refusal(error) }
            }
            switch outcome {
            case .value(let value): return value
            case .refusal(let refusal): throw refusal
            }
        } catch { throw .fake(call.rawValue, path.text, error.code) }
    }

    private enum Outcome<Value> {
        case value(Value)
        case refusal(FakeTree.Refusal)
    }

    private static func checkFaults(_ call: Call, _ path: Path, _ state: inout State) throws(FakeTree.Refusal) {
        for index in state.faults.indices {
            let fault = state.faults[index]
            guard fault.call == call, fault.left > 0, fault.path == nil || fault.path == path else { continue }
            state.faults[index].left -= 1
            throw FakeTree.Refusal(code: fault.code)
        }
    }

    private static func checkChance(_ state: inout State) throws(FakeTree.Refusal) {
        if state.changesLeft < Int.max { state.changesLeft -= 1 }
        if state.changesLeft < 0 { throw FakeTree.Refusal(code: FakeCode.inputOutput) }
        guard var failing = state.failing else { return }
        let fails = failing.random.oneIn(failing.oneIn)
        let code = failing.random.oneIn(2) ? FakeCode.noSpace : FakeCode.inputOutput
        state.failing = failing
        if fails { throw FakeTree.Refusal(code: code) }
    }

    private static func checkWritable(_ path: Path, _ state: State) throws(FakeTree.Refusal) {
        if state.readOnly.contains(where: { path.isInside($0) }) { throw FakeTree.Refusal(code: FakeCode.readOnly) }
    }

    static func checkSpace(_ growth: Int, _ state: State) throws(FakeTree.Refusal) {
        guard growth > 0, state.capacity < Int.max else { return }
        if state.tree.size + growth > state.capacity { throw FakeTree.Refusal(code: FakeCode.noSpace) }
    }
}
