import Base
import HostInterfaces

/// Files and folders as values: inodes and names, looked up as a kernel does.
struct FakeTree {
    struct Node {
        enum Content {
            case file([UInt8])
            case folder([String: Int])
            case link(String)
        }

        var content: Content
        var mode: UInt16
        var owner: Int
        var modified: Int
        var changed: Int
    }

    /// Where a path leads: the folder that holds its last name, and what has that name.
    struct Place {
        var folder: Int
        var name: String
        var node: Int?
        /// Without links.
        var path: Path
    }

    static let root = 1
    var nodes: [Int: Node] = [:]
    var unsynced = FakeDurability()
    private var nextNode = 2
    /// Nanoseconds; grows by a millisecond with each change, so that no two look alike.
    private var now = 1_700_000_000_000_000_000

    init() {
        nodes[Self.root] = Node(content: .folder([:]), mode: 0o755, owner: 0, modified: now, changed: now)
    }

    mutating func tick() -> Int {
        now += 1_000_000
        return now
    }

    /// Throws the code of what is in the way.
    func locate(_ path: Path, following: Bool) throws(Refusal) -> Place {
        var waiting = Array(path.segments.map(String.init).reversed())
        var chain: [(node: Int, name: String)] = [(Self.root, "")]
        var links = 0
        while let name = waiting.popLast() {
            guard let current = chain.last, case .folder(let names) = nodes[current.node]?.content else {
                throw Refusal(code: FakeCode.notFolder)
            }
            if name == "." { continue }
            if name == ".." {
                if chain.count > 1 { chain.removeLast() }
                continue
            }
            let isLast = waiting.isEmpty
            guard let found = names[name] else {
                if !isLast { throw Refusal(code: FakeCode.noEntry) }
                return Place(folder: current.node, name: name, node: nil, path: Self.path(chain) / name)
            }
            if case .link(let target) = nodes[found]?.content, !isLast || following {
                links += 1
                if links > 40 { throw Refusal(code: FakeCode.linkLoop) }
                if target.hasPrefix("/") { chain.removeSubrange(1...) }
                waiting += Path(target).segments.map(String.init).reversed()
                continue
            }
            chain.append((found, name))
        }
        let last = chain[chain.count - 1]
        let folder = chain.count > 1 ? chain[chain.count - 2].node : Self.root
        return Place(folder: folder, name: last.name, node: last.node, path: Self.path(chain))
    }

    struct Refusal: Error { var code: Int32 }

    private static func path(_ chain: [(node: Int, name: String)]) -> Path {
        Path("/" + chain.dropFirst().map(\.name).joined(separator: "/"))
    }

    /// Puts a new node under the place's name; what had it is gone.
    mutating func put(_ content: Node.Content, at place: Place, mode: UInt16, owner: Int) -> Int {
        let node = nextNode
        nextNode += 1
        let moment = tick()
        nodes[node] = Node(content: content, mode: mode, owner: owner, modified: moment, changed: moment)
        if case .file(let bytes) = content { unsynced.wrote(.append(bytes), to: node, before: []) }
        setName(place.name, in: place.folder, to: node)
        return node
    }

    mutating func setName(_ name: String, in folder: Int, to node: Int?) { setNames([name: node], in: folder) }

    /// One change: after a loss of power all of it is there, or none.
    mutating func setNames(_ change: [String: Int?], in folder: Int) {
        guard case .folder(var names) = nodes[folder]?.content else { return }
        unsynced.renamed(change, in: folder, before: names)
        for (name, node) in change { names[name] = node }
        nodes[folder]?.content = .folder(names)
        let moment = tick()
        nodes[folder]?.modified = moment
        nodes[folder]?.changed = moment
    }

    mutating func write(_ write: FakeDurability.Write, to node: Int) {
        guard var bytes = file(node) else { return }
        unsynced.wrote(write, to: node, before: bytes)
        write.apply(to: &bytes)
        nodes[node]?.content = .file(bytes)
        let moment = tick()
        nodes[node]?.modified = moment
        nodes[node]?.changed = moment
    }

    func file(_ node: Int) -> [UInt8]? {
        if case .file(let bytes) = nodes[node]?.content { return bytes }
        return nil
    }

    func names(_ node: Int) -> [String: Int]? {
        if case .folder(let names) = nodes[node]?.content { return names }
        return nil
    }

    /// Every name below a node, with its path; a folder comes before what it holds.
    func walk(_ node: Int = FakeTree.root, at path: Path = "/") -> [(path: Path, node: Int)] {
        (names(node) ?? [:]).sorted { $0.key < $1.key }.flatMap { name, child in
            [(path: path / name, node: child)] + walk(child, at: path / name)
        }
    }

    /// Bytes that all files hold.
    var size: Int { walk().reduce(0) { $0 + (file($1.node)?.count ?? 0) } }
}
