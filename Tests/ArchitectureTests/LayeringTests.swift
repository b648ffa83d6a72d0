import Foundation
import Testing

/// Who knows whom.
@Suite struct LayeringTests {
    @Test func `every target stands in one layer, and every room of a layer is a target`() {
        let rooms = Layers.all.flatMap(\.rooms)
        #expect(Set(rooms).count == rooms.count)
        #expect(Set(PackageTargets.dependencies.keys) == Set(rooms))
    }

    @Test func `a room depends only on lower layers, and on none that is a stranger to it`() {
        for (room, dependencies) in PackageTargets.dependencies.sorted(by: { $0.key < $1.key }) {
            for other in dependencies.sorted() {
                let below = (Layers.height(of: other) ?? .max) < (Layers.height(of: room) ?? -1)
                #expect(below, "\(room) depends on \(other), which is not below it")
                #expect(Layers.strangers[room]?.contains(other) != true, "\(room) must not know \(other)")
                #expect(Layers.importers[other]?.contains(room) ?? true, "\(other) is not for \(room)")
            }
        }
    }

    @Test func `an import of our own is a stated dependency`() throws {
        let rooms = Set(PackageTargets.dependencies.keys)
        for file in SourceTree.sources {
            for module in try Self.imports(of: file).intersection(rooms) {
                #expect(
                    PackageTargets.dependencies[file.room]?.contains(module) == true,
                    "\(file.path) imports \(module), which \(file.room) does not depend on")
            }
        }
    }

    @Test func `C libraries, the platform and Foundation have few importers`() throws {
        for file in SourceTree.sources {
            for module in try Self.imports(of: file).sorted() {
                guard let allowed = Layers.importers[module] else {
                    #expect(!module.hasPrefix("Foundation"), "\(file.path) imports \(module)")
                    continue
                }
                #expect(allowed.contains(file.room), "\(file.path) imports \(module)")
            }
        }
    }

    @Test func `CONTRIBUTING shows the layers as they are`() {
        let rows = SourceTree.text("CONTRIBUTING.md").split(separator: "\n").filter { $0.hasPrefix("| ") }
        let shown = rows.compactMap { row -> Layers.Layer? in
            let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count >= 2, Layers.all.contains(where: { $0.name == cells[0] }) else { return nil }
            return Layers.Layer(name: cells[0], rooms: cells[1].matches(of: /`([^`]+)`/).map { String($0.1) })
        }
        // The page draws the house as it stands, with the roof on top.
        #expect(shown == Layers.all.reversed())
    }

    @Test func `the reader of Package.swift sees dependencies and not plugins`() {
        let targets = PackageTargets.read(
            """
            room("A", ["B", "C"], plugins: [.plugin(name: "P")]),
            room("D", plugins: [.plugin(name: "P")]), // room("no", ["x"])
            .executableTarget(name: "e", dependencies: ["A"], swiftSettings: strict),
            room(
                "F", ["A",
                "D"]),
            """)
        #expect(targets == ["A": ["B", "C"], "D": [], "e": ["A"], "F": ["A", "D"]])
    }

    static func imports(of file: SourceTree.File) throws -> Set<String> {
        let words =
            #"(?:@\w+(?:\([^)]*\))? )*(?:public |package |internal |private )?import (?:struct |class |enum |func )?"#
        return Set(try SourceTree.hits(of: "^ *" + words + #"(\w+)"#, in: [file]).map { $0.groups[0] })
    }
}
