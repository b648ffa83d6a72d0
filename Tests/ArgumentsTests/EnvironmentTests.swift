import Arguments
import Base
import Testing

@Suite struct EnvironmentTests {
    @Test func `a variable stands in for its option and is named as the source`() throws {
        let parsed = try Sample.parse(
            "up",
            [
                "DEVINIT_JOBS": "7", "DEVINIT_DRY_RUN": "true", "DEVINIT_PULL": "0", "DEVINIT_PROFILE": "a, b,,c",
                "DEVINIT_FILE": "x", "DEVINIT_VERBOSE": "2", "DEVINIT_SERVICE_MEMORY": "1GB", "DEVINIT_YES": "false",
            ])
        #expect(parsed[Sample.jobs] == 7)
        #expect(parsed.source(of: Sample.jobs.spec) == .environment(variable: "DEVINIT_JOBS"))
        #expect(parsed[Sample.dryRun])
        #expect(parsed.given(Sample.pull) == false)
        #expect(parsed[Sample.profile] == ["a", "b", "c"])
        #expect(parsed[Sample.file] == "x")
        #expect(parsed.count(Sample.verbose) == 2)
        #expect(parsed[Sample.memory] == 1_000_000_000)
        #expect(parsed.given(Sample.yes) == false)
    }

    @Test func `the flag goes over the variable, even over a wrong one`() throws {
        #expect(try Sample.parse("up -j3", ["DEVINIT_JOBS": "many"])[Sample.jobs] == 3)
        let parsed = try Sample.parse("up --profile x --pull", ["DEVINIT_PROFILE": "a,b", "DEVINIT_PULL": "0"])
        #expect(parsed[Sample.profile] == ["x"])
        #expect(parsed.given(Sample.pull) == true)
    }

    @Test(arguments: [
        ("DEVINIT_JOBS", "many", "many is not a whole number from 1 to 64"),
        ("DEVINIT_JOBS", "0", "0 is not a whole number from 1 to 64"),
        ("DEVINIT_YES", "yes", "yes is not 1, 0, true or false"),
        ("DEVINIT_VERBOSE", "-1", "-1 is not a whole number, true or false"),
        ("DEVINIT_PROGRESS", "plian", "plian is not auto, tty or plain; did you mean plain?"),
    ])
    func `a wrong variable is named`(variable: String, value: String, message: String) {
        #expect(Sample.message("up", [variable: value]) == "devinit up: environment variable \(variable): \(message)")
    }

    @Test func `variables of other commands, empty ones and those without a rule are not read`() throws {
        let environment = ["DEVINIT_DRY_RUN": "nonsense", "DEVINIT_JOBS": "", "DEVINIT_VOLUMES": "1"]
        let parsed = try Sample.parse("down", environment)
        #expect(!parsed[Sample.volumes])
        #expect(parsed[Sample.jobs] == 4)
    }

    @Test func `help is shown whatever the environment holds`() throws {
        #expect(try Sample.parse("up -h", ["DEVINIT_JOBS": "many"]).asked == "help up")
    }
}
