/// Every check, one line each. Order is that of the report.
enum Registry {
    static let checks: [any DoctorCheck.Type] = [
        ManifestCheck.self, TrustCheck.self, ToolCheck.self, PackageCheck.self, GitCheck.self, EngineCheck.self,
        ComposeCheck.self, GeneratedFileCheck.self, InstanceCheck.self, PortCheck.self,
        RepositoryCheck.self, SecretCheck.self, EnvironmentFileCheck.self,
        FileCheck.self, StateCheck.self, DiskCheck.self, LeftoverCheck.self,
    ]
}
