import HostInterfaces
import Base
import Testing

/// A real browser without a window, which has no network: it opens a page of the workspace and shows what became of it.
enum Browser {
    static let program: String? = ["chromium", "chromium-browser", "google-chrome"].first(where: Programs.isThere)

    /// The page after its scripts have run: the text of the whole document.
    struct Page: CustomStringConvertible {
        let dom: String
        /// From the start of the browser to its end.
        let seconds: Double

        /// An attribute of the root element, in which the page tells what it did; nil where it never came so far.
        func told(_ name: String) -> String? {
            guard let root = dom.firstMatch(of: #/<html[^>]*>/#),
                let found = try? Regex("data-\(name)=\"([^\"]*)\"").firstMatch(in: String(root.output))
            else { return nil }
            return found.output[1].substring.map(String.init)
        }

        /// Whether the document has this text.
        func shows(_ text: String) -> Bool { dom.contains(text) }

        /// The nodes that have a row at the moment.
        var rows: [String] {
            dom.matches(of: #/class="[^"]*\brow\b[^>]*data-node="([^"]*)"/#).map { String($0.output.1) }
        }

        /// Fails the test where a script failed or something was refused, as well as where no script ran at all.
        func expectNoErrors(sourceLocation: Testing.SourceLocation = #_sourceLocation) {
            #expect(told("errors") == "0" && told("ready") != nil, "\(self)", sourceLocation: sourceLocation)
        }

        var description: String {
            let said = dom.firstMatch(of: #/id="problem"[^>]*>([^<]*)/#).map { String($0.output.1) } ?? ""
            return "\(dom.firstMatch(of: #/<html[^>]*>/#).map { String($0.output) } ?? "no page") \(said)"
        }
    }

    static func open(_ file: Path, fragment: String = "", in workspace: Workspace) async throws -> Page {
        let program = try #require(Self.program)
        let address = "file://\(file)" + (fragment.isEmpty ? "" : "#\(fragment)")
        let ended = try await workspace.run(
            [
                program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
                "--host-resolver-rules=MAP * ~NOTFOUND", "--user-data-dir=\(workspace.folder / "browser")",
                "--window-size=1280,900", "--virtual-time-budget=8000", "--dump-dom", address,
            ], limit: .seconds(90))
        #expect(ended.status == 0, "\(ended.stderr)")
        return Page(dom: ended.stdout, seconds: ended.seconds)
    }
}
