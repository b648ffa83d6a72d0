import Base
import Execution
import HostInterfaces
import Kinds
import State

enum ServicePorts {
    static func decide(_ workspace: Workspace, _ values: Values, host: Host, journal: Journal, writing: Bool)
        async throws(NodeFailure)
    {}
}
