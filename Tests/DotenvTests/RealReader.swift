import Foundation

/// Programs that read env files: of this machine, else those that Tests/Lab/install keeps in its cache. Variables
/// (DEVINIT_TEST_NODE, DEVINIT_TEST_PYTHON) name others.
enum RealReader {
    static let node = find(
        [variable("DEVINIT_TEST_NODE"), "node", lab("readers/bin/node")].compactMap(\.self),
        ["-e", "process.exit(process.loadEnvFile ? 0 : 1)"])
    static let python = find(
        [variable("DEVINIT_TEST_PYTHON"), "python3", lab("readers/bin/python")].compactMap(\.self),
        ["-c", "import dotenv, sys; sys.exit(not hasattr(dotenv, 'dotenv_values'))"])
    static let shell = find(["sh"], ["-c", "od --version >/dev/null 2>&1 || command -v od >/dev/null"])
    /// As words: `config` needs no engine, so the plug-in alone will do.
    static let compose: [String]? = {
        if find(["docker"], ["compose", "version"]) != nil { return ["docker", "compose"] }
        return find([lab("docker-config/cli-plugins/docker-compose")], ["version"]).map { [$0] }
    }()

    private static func variable(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }

    /// A path in the lab's cache, as Tests/Lab/common.sh has it.
    private static func lab(_ path: String) -> String {
        let home = variable("HOME") ?? "/"
        let cache = variable("DEVINIT_LAB_CACHE") ?? (variable("XDG_CACHE_HOME") ?? home + "/.cache") + "/devinit-lab"
        return cache + "/" + path
    }

    /// The first program with which the probe succeeds.
    private static func find(_ programs: [String], _ probe: [String]) -> String? {
        programs.first { (try? run($0, probe)) != nil }
    }

    struct Failure: Error { var status: Int32 }

    static func run(_ program: String, _ arguments: [String]) throws -> Data {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(status: process.terminationStatus) }
        return data
    }
}
