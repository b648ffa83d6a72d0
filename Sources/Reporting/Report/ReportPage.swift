public import Base
public import HostInterfaces

/// The report of a run as one HTML file that loads nothing: page, style and script are given as text and are all its
/// own, and a content security policy by their hashes lets nothing else run.
public struct ReportPage: Sendable {
    private let page: String
    private let style: String
    private let script: String
    private let digests: any Digests

    /// `page` has `{{policy}}`, `{{title}}`, `{{style}}`, `{{script}}` and `{{data}}` where those go.
    public init(page: String, style: String, script: String, digests: any Digests) {
        self.page = page
        self.style = style
        self.script = script
        self.digests = digests
    }

    /// The whole file. `root`: the workspace, from which paths of logs are told.
    public func html(_ report: RunReport, in folder: RunFolder, root: Path, files: any FileSystem) -> [UInt8] {
        let critical = CriticalPath.of(report)
        let logs = ReportLogs().read(report, critical: critical, in: folder, root: root, files: files)
        let document = RunReportDocument(report: report, critical: critical, logs: logs)
        return html(title: "Run \(SafeText.line(report.run))", data: document.json)
    }

    func html(title: String, data: JSON) -> [UInt8] {
        var out: [UInt8] = []
        // One pass: what is put in is not looked at again, so a name with {{data}} in it stays a name.
        var rest = page[...]
        while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}") {
            out += rest[..<open.lowerBound].utf8
            switch rest[open.upperBound..<close.lowerBound] {
            case "policy": out += policy.utf8
            case "title": out += Self.escaped(title).utf8
            case "style": out += style.utf8
            case "script": out += script.utf8
            case "data": out += Self.inScript(data.bytes())
            default: break
            }
            rest = rest[close.upperBound...]
        }
        return out + rest.utf8
    }

    /// https://www.w3.org/TR/CSP3/: nothing is loaded, sent or framed; only our own style and script count.
    private var policy: String {
        "default-src 'none'; style-src '\(hash(style))'; script-src '\(hash(script))'; base-uri 'none'; form-action 'none'"
    }

    private func hash(_ text: String) -> String {
        let digits = Array(digests.sha256(Array(text.utf8)).utf8)
        let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)
        }
        return "sha256-" + String(decoding: Base64.encode(bytes, Base64.standard, padded: true), as: UTF8.self)
    }

    /// JSON inside a script element: no `<` that could end it or open a comment, and no `>` or `&` either.
    static func inScript(_ json: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(json.count)
        for byte in json {
            switch byte {
            case UInt8(ascii: "<"): out += "\\u003c".utf8
            case UInt8(ascii: ">"): out += "\\u003e".utf8
            case UInt8(ascii: "&"): out += "\\u0026".utf8
            default: out.append(byte)
            }
        }
        return out
    }

    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
    }
}
