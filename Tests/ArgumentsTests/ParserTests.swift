import Arguments
import Base
import Testing

@Suite struct ParserTests {
    @Test(arguments: [
        "up --jobs 8", "up --jobs=8", "up -j 8", "up -j8", "up -j=8", "--jobs 8 up", "-j8 up", "up -qj8", "-qj 8 up",
        "up -j 8 --jobs=8",
    ])
    func `every way to write a value reads the same`(line: String) throws {
        let parsed = try Sample.parse(line)
        #expect(parsed.asked == "up")
        #expect(parsed[Sample.jobs] == 8)
        #expect(parsed.source(of: Sample.jobs.spec) == .commandLine)
        #expect(parsed[Sample.targets] == [])
    }

    @Test func `what is not given has its default and says so`() throws {
        let parsed = try Sample.parse("up")
        #expect(parsed[Sample.jobs] == 4)
        #expect(parsed.given(Sample.jobs) == nil)
        #expect(parsed.source(of: Sample.jobs.spec) == .notGiven)
        #expect(parsed[Sample.file] == nil)
        #expect(parsed[Sample.profile] == [])
        #expect(parsed[Sample.progress] == .auto)
        #expect(parsed[Sample.grace] == .seconds(10))
        #expect(!parsed[Sample.yes] && parsed[Sample.pull])
        #expect(parsed.given(Sample.pull) == nil)
        #expect(parsed.count(Sample.verbose) == 0)
    }

    @Test func `values have the types of their keys`() throws {
        let parsed = try Sample.parse("up --progress tty --grace 1m30s --memory 2GiB -C api -f=x.yaml --no-pull")
        #expect(parsed[Sample.progress] == .tty)
        #expect(parsed[Sample.grace] == .seconds(90))
        #expect(parsed[Sample.memory] == 2 << 30)
        #expect(parsed[Sample.directory] == "api")
        #expect(parsed[Sample.file] == "x.yaml")
        #expect(parsed.given(Sample.pull) == false)
    }

    @Test func `letters combine and count`() throws {
        let parsed = try Sample.parse("-v up -vqvy")
        #expect(parsed.count(Sample.verbose) == 3)
        #expect(parsed[Sample.quiet] && parsed[Sample.yes])
    }

    @Test func `a list keeps the order and a value may hold an equals sign or a comma`() throws {
        let parsed = try Sample.parse(["--profile", "b", "up", "--profile=a=1,2", "--profile="])
        #expect(parsed[Sample.profile] == ["b", "a=1,2", ""])
    }

    @Test(arguments: ["-n up", "--dry-run up", "-n -C up up", "-vn up"])
    func `a command's own option may stand before it`(line: String) throws {
        let parsed = try Sample.parse(line)
        #expect(parsed.asked == "up")
        #expect(parsed[Sample.dryRun])
    }

    @Test func `where commands disagree on a letter the word that follows decides`() throws {
        let parsed = try Sample.parse("-n 5 logs")
        #expect(parsed.asked == "logs")
        #expect(parsed[Sample.tail] == 5)
        #expect(Sample.message("-n 5 up") == "devinit: unknown command 5")
    }

    @Test func `a letter taken over means the command's option after it and the program's before it`() throws {
        #expect(try Sample.parse("logs -f")[Sample.follow])
        let before = try Sample.parse("-f x.yaml logs")
        #expect(before[Sample.file] == "x.yaml" && !before[Sample.follow])
        #expect(try Sample.parse("logs --file x.yaml -f")[Sample.file] == "x.yaml")
    }

    @Test func `two dashes end the options`() throws {
        #expect(try Sample.parse("up -- -n --help")[Sample.targets] == ["-n", "--help"])
        #expect(try Sample.parse("up a -- b -- c")[Sample.targets] == ["a", "b", "--", "c"])
        let parsed = try Sample.parse("-- up -n")
        #expect(parsed[Sample.targets] == ["-n"] && !parsed[Sample.dryRun])
        #expect(try Sample.parse("--").asked == "nothing")
    }

    @Test func `words for the child are handed on untouched`() throws {
        let parsed = try Sample.parse("run seed -q -- --help -v -- x")
        #expect(parsed[Sample.step] == ["seed"])
        #expect(parsed.passthrough == ["--help", "-v", "--", "x"])
        #expect(parsed[Sample.quiet] && parsed.count(Sample.verbose) == 0)
        #expect(try Sample.parse("run seed --").passthrough == [])
    }

    @Test func `negative numbers and a single dash are values`() throws {
        #expect(try Sample.parse("run s --offset -5")[Sample.offset] == -5)
        #expect(try Sample.parse("run s --offset=-5")[Sample.offset] == -5)
        #expect(try Sample.parse("up -5 -0.5 -")[Sample.targets] == ["-5", "-0.5", "-"])
        #expect(try Sample.parse("up -f -")[Sample.file] == "-")
        #expect(Sample.message("up -5x") == "devinit up: unknown option -5")
    }

    @Test func `later positionals get what they need`() throws {
        let parsed = try Sample.parse("copy a b c d")
        #expect(parsed[Sample.source] == ["a"])
        #expect(parsed[Sample.names] == ["b", "c"])
        #expect(parsed[Sample.destination] == ["d"])
        #expect(try Sample.parse("copy a b")[Sample.names] == [])
        #expect(Sample.message("copy a") == "devinit copy: DESTINATION is missing")
    }

    @Test(arguments: [
        ("--help", "help -"), ("-h", "help -"), ("up --help", "help up"), ("--help up", "help up"),
        ("up -qh", "help up"), ("up --bogus -h", "help up"), ("-C x up -f -h", "help up"),
        ("--version", "version"), ("up --version", "version"), ("--version --help", "help -"), ("", "nothing"),
        ("-q", "nothing"), ("run s -- --help", "run"), ("exec -- x --version", "exec"),
    ])
    func `help and version are answered anywhere before two dashes`(line: String, asked: String) throws {
        #expect(try Sample.parse(line).asked == asked)
    }

    @Test func `random words give values or an error and never a crash`() {
        var generator = SplitMix(state: 42)
        let pieces = [
            "up", "down", "run", "logs", "exec", "copy", "-", "--", "---", "-v", "-n", "-j", "-f", "=", "--jobs",
            "--file", "--profile", "5", "-5", "é", "\u{301}", "👩‍👩‍👧", "\0", "\u{1b}[31m", "", "--no-pull", "--pull", "-h",
            "x",
            "--dry", "1m", ",", ":", "--help=", "\r\n",
        ]
        var failures = 0
        for _ in 0..<4_000 {
            let words = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
                (0..<Int.random(in: 1...3, using: &generator)).map { _ in
                    pieces.randomElement(using: &generator) ?? ""
                }.joined()
            }
            let value = pieces.randomElement(using: &generator) ?? ""
            do throws(UsageError) {
                let environment = ["DEVINIT_JOBS": value, "DEVINIT_PROFILE": value + ",", "DEVINIT_PULL": value]
                let parsed = try Sample.parse(words, environment)
                #expect((1...64).contains(parsed[Sample.jobs]))
            } catch {
                failures += 1
                #expect(error.message.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
            }
        }
        #expect(failures > 500 && failures < 4_000)
    }
}

/// A small generator with a seed, so that a failure comes again.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
