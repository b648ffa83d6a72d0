public import Base
public import HostInterfaces

extension Host {
    /// A machine that exists only in memory. Keep the fakes at hand to arrange and to look at them.
    public static func fake(
        files: FakeFiles = FakeFiles(), processes: FakeProcesses = FakeProcesses(), clock: FakeClock = FakeClock(),
        randomness: FakeRandomness = FakeRandomness(), terminal: FakeTerminal = FakeTerminal(),
        network: FakeNetwork = FakeNetwork(),
        environment: [String: String] = ["PATH": "/usr/bin:/bin", "HOME": "/home/dev"],
        currentFolder: Path = "/work", machine: Machine = .fake
    ) -> Host {
        files.addFolder(currentFolder)
        files.addFolder(machine.home)
        return Host(
            files: files, processes: processes, clock: clock, randomness: randomness, terminal: terminal,
            network: network, digests: FakeDigests(), environment: environment, currentFolder: currentFolder,
            machine: machine)
    }
}

extension Machine {
    /// Linux on four cores with 8 GiB, a user who is not root.
    public static let fake = Machine(
        operatingSystem: "linux", architecture: "x86_64", identity: "00112233445566778899aabbccddeeff", cores: 4,
        memory: 8 << 30, user: 1000, home: "/home/dev")
}
