import Foundation
import Testing

@Suite struct ServicesPageTests {
    @Test func `docs services.md is what the templates say`() throws {
        let url = ManifestDocumentsTests.root.appending(path: "docs/services.md")
        if ProcessInfo.processInfo.environment["DEVINIT_UPDATE_DOCS"] != nil {
            try Data(ServicesPage.text.utf8).write(to: url)
        }
        let stands = try String(contentsOf: url, encoding: .utf8)
        #expect(
            stands == ServicesPage.text, "make it anew: DEVINIT_UPDATE_DOCS=1 swift test --filter DocumentationTests")
    }
}
