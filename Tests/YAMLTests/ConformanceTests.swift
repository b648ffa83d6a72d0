import Base
import Foundation
import Testing
import YAML

/// Where the cases of the YAML test suite stand; nil when they are not here.
private let casesFile: String? = {
    var roots: [String] = []
    if let named = ProcessInfo.processInfo.environment["DEVINIT_CONFORMANCE"] { roots.append(named) }
    var folder = URL(fileURLWithPath: #filePath)
    while folder.path != "/" {
        folder.deleteLastPathComponent()
        roots.append(folder.appendingPathComponent("shared/conformance").path)
    }
    return roots.map { $0 + "/yaml/cases.jsonl" }.first { FileManager.default.fileExists(atPath: $0) }
}()

/// What is answered otherwise than the suite says, and why.
private enum Exceptions {
    /// What libyaml 0.2.5 rejects although it is YAML 1.2.
    static let rejectedByLibrary: Set = [
        "2JQS", "2LFX", "2SXE", "4ABK", "4MUZ/00", "4MUZ/01", "4MUZ/02", "58MP", "5MUD", "5T43", "6BCT", "6CA3", "6LVF",
        "6M2F", "7Z25", "8XYN", "96NN/00", "96NN/01", "9SA2", "A2M4", "BEC7", "CFD4", "DBG4", "DK3J", "DK95/00",
        "DK95/03", "DK95/04", "FP8R", "FRK4", "HM87/00", "HWV9", "K3WX", "M2N8/00", "M7A3", "MUS6/05", "MUS6/06",
        "NHX8", "NJ66", "NKF9", "Q5MG", "QT73", "R4YG", "S3PD", "SM9W/01", "UKK6/00", "UT92", "VJP3/01", "W4TN", "W5VH",
        "Y79Y/001", "Y79Y/010",
    ]
    /// What libyaml 0.2.5 accepts although it is not YAML 1.2.
    static let acceptedByLibrary: Set = [
        "9C9N", "9HCY", "9JBA", "CVW2", "DK95/01", "EB22", "G5U8", "MUS6/00", "MUS6/01", "QB6E", "RHX7", "S98Z", "SU5Z",
        "X4QW", "Y79Y/003", "YJV2",
    ]
    /// What libyaml 0.2.5 reads as something else.
    static let readOtherwise: Set = ["652Z", "HM87/01", "JEF9/02", "L24T/01", "Y2GN"]
    /// Not allowed here by design: one document, texts as keys, known tags. The rest of the case must still hold.
    static let byDesign: Set = ["several-documents", "yaml-key", "yaml-tag"]
}

struct ConformanceTests {
    @Test(.enabled(if: casesFile != nil, "the folder shared/conformance is not beside this checkout"))
    func `the YAML test suite is read as it says`() throws {
        let lines = try String(contentsOfFile: try #require(casesFile), encoding: .utf8).split(separator: "\n")
        var compared = 0
        for line in lines {
            let suite = try JSON(parsing: String(line))
            let id = try #require(suite["id"]?.string)
            let text = try #require(suite["yaml"]?.string)
            let document = YAMLReader.examine(Array(text.utf8), file: id)
            let errors = document.diagnostics.all.filter { !Exceptions.byDesign.contains($0.code) }
            if suite["fail"]?.bool == true {
                // A later document is not read: its error can't be known.
                let isRejected = document.diagnostics.hasErrors
                #expect(isRejected != Exceptions.acceptedByLibrary.contains(id), "\(id): must fail")
                continue
            }
            #expect(
                errors.isEmpty != Exceptions.rejectedByLibrary.contains(id), "\(id): \(errors.map(\.message))")
            guard errors.isEmpty, let expected = suite["json_docs"]?.array?.first else { continue }
            // Tags that are not known change what a value means to the suite.
            if document.diagnostics.all.contains(where: { $0.code == "yaml-key" || $0.code == "yaml-tag" }) { continue }
            compared += 1
            #expect(
                isSame(document.root?.json ?? .null, expected) != Exceptions.readOtherwise.contains(id),
                "\(id): \(document.root?.json as Any) is not \(expected)")
        }
        #expect(compared > lines.count / 3)
    }

    /// The suite writes 450.00 as 450 and has its members in any order.
    private func isSame(_ left: JSON, _ right: JSON) -> Bool {
        switch (left, right) {
        case (.array(let first), .array(let second)):
            return first.count == second.count && zip(first, second).allSatisfy { isSame($0, $1) }
        case (.object(let first), .object(let second)):
            return first.count == second.count
                && first.allSatisfy { member in right[member.key].map { isSame(member.value, $0) } ?? false }
        default:
            if let first = left.number, let second = right.number { return first == second }
            return left == right
        }
    }
}
