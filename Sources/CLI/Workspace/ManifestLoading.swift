import HostInterfaces
import Kinds
import ManifestModel

extension ManifestLoader {
    /// The loader with every kind of node and this program's version.
    static func standard(_ host: Host, answers: [String: String] = [:]) -> ManifestLoader {
        ManifestLoader(host: host, shape: Registry.shape, programVersion: ProgramVersion.text, answers: answers)
    }
}
