import Foundation
import Testing

/// Names of modules, types and files.
@Suite struct NamingTests {
    /// Rooms whose one way in bears their name: `POSIXHost.host()`. It works as long as nobody has
    /// to name another type by its module; a new room takes another name.
    static let entrances: Set = ["POSIXHost"]

    static func types() throws -> [SourceTree.Hit] {
        try SourceTree.hits(
            of: #"^( *)((?:public |private |fileprivate |internal |package |final |indirect )*)"#
                + #"(?:struct|enum|class|actor|protocol|typealias) ([A-Z]\w*)"#)
    }

    @Test func `no module shares its name with a type, which would hide the module`() throws {
        let types = try Self.types()
        #expect(types.count > 300)
        let modules = Set(PackageTargets.dependencies.keys)
        // A nested name hides nothing outside of its type.
        let shared = try Self.types().filter { $0.groups[0].isEmpty && modules.contains($0.groups[2]) }
            .filter { !Self.entrances.contains($0.groups[2]) }
        #expect(shared.map(\.place) == [])
        #expect(modules.isDisjoint(with: ["System", "Process", "CommandLine"]))
    }

    @Test func `a name says a role, not that something helps`() throws {
        let empty = try Regex(#"(Manager|Helper|Util|Utils|Utilities|Misc|Common|Stuff)$"#)
        // git's own word for the programs that hand out passwords (gitcredentials(7)), and what apt and brew are.
        let terms: Set = ["CredentialHelper", "PackageManager"]
        for type in try Self.types() where !terms.contains(type.groups[2]) {
            #expect(!type.groups[2].contains(empty), "\(type.place)")
        }
        for path in SourceTree.paths(in: "Sources") {
            let name = URL(filePath: path).deletingPathExtension().lastPathComponent
            if !terms.contains(name) { #expect(!name.contains(empty), "\(path)") }
        }
    }
}
