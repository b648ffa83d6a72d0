import Base
import Execution
import HostFakes
import HostInterfaces
import Kinds
import ManifestModel
import YAML

/// What holds for any bytes as a manifest: every problem is told in place, and what has none makes a graph.
enum ManifestPromises {
    static func check(_ bytes: [UInt8]) {
        let file: Path = "/work/init.yaml"
        let files = FakeFiles([file: ""])
        let host = Host.fake(files: files)
        do { try host.files.replace(file, with: bytes, mode: 0o644) } catch { return }
        let manifest = ManifestLoader(host: host, shape: Registry.shape, programVersion: "1.0.0").load(file)
        let (workspace, diagnostics) = WorkspaceReader.read(manifest, host: host)
        for diagnostic in diagnostics.all {
            precondition(!diagnostic.message.isEmpty, "a problem without words")
        }
        if diagnostics.hasErrors { return }
        var selection = Selection()
        selection.profiles = []
        do throws(Diagnostics) {
            let graph = try selection.graph(of: workspace) { _ in (1, false) }
            precondition(Set(graph.order).count == graph.nodes.count, "a node without its place in the order")
        } catch {
            preconditionFailure("a manifest without problems makes no graph: \(error.all.map(\.message))")
        }
    }
}
