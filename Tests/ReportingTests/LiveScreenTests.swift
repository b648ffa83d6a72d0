import Execution
import Testing

@testable import Reporting

/// What a person sees at 40, 80 and 200 columns, in the middle of a run and after it.
@Suite struct LiveScreenTests {
    struct Case: Sendable {
        var columns: Int
        var events: Script.Events
        /// The second in which the screen is looked at.
        var second: Double
        var middle: String
        var end: String
    }

    static let cases = [
        Case(
            columns: 40, events: Script.success, second: 1.55,
            middle: """
                ⠴ repo:api  receiving objects 45 %   1s
                ⠴ repo:web  missing                  1s
                1/4  2 running  1s, about 18s left

                """,
            end: """
                ✓ repo:web  2.1s  missing
                ✓ repo:api  4.2s  missing
                ✓ step:install  12s  inputs changed: p…

                """),
        Case(
            columns: 80, events: Script.success, second: 1.55,
            middle: """
                ⠴ repo:api  receiving objects  ██████████░░░░░░░░░░░░░░  45 %  13.3 MB       1s
                ⠴ repo:web  missing                                                          1s
                1/4  2 running  1s, about 18s left

                """,
            end: """
                ✓ repo:web  2.1s  missing
                ✓ repo:api  4.2s  missing
                ✓ step:install  12s  inputs changed: package-lock.json

                """),
        Case(
            columns: 200, events: Script.success, second: 1.55,
            middle: """
                ⠴ repo:api  receiving objects  ██████████░░░░░░░░░░░░░░  45 %  13.3 MB                            1s
                ⠴ repo:web  missing                                                                               1s
                1/4  2 running  1s, about 18s left

                """,
            end: """
                ✓ repo:web  2.1s  missing
                ✓ repo:api  4.2s  missing
                ✓ step:install  12s  inputs changed: package-lock.json

                """),
        Case(
            columns: 40, events: Script.failed, second: 0.45,
            middle: """
                ↻ step:migrate  again in 1s: exit …  0s
                ⠼ step:docs     never run            0s
                0/3  2 running  0s

                """,
            end: """
                ✗ step:migrate  1.2s  exit status 1
                ○ step:seed  skipped: needs step:migra…
                ✓ step:docs  2.0s  never run

                """),
        Case(
            columns: 80, events: Script.failed, second: 0.45,
            middle: """
                ↻ step:migrate  again in 1s: exit status 1                                   0s
                ⠼ step:docs     never run                                                    0s
                0/3  2 running  0s

                """,
            end: """
                ✗ step:migrate  1.2s  exit status 1
                ○ step:seed  skipped: needs step:migrate, which was not done
                ✓ step:docs  2.0s  never run

                """),
        Case(
            columns: 200, events: Script.failed, second: 1.75,
            middle: """
                ✗ step:migrate  1.2s  exit status 1
                ○ step:seed  skipped: needs step:migrate, which was not done
                ⠧ step:docs  never run                                                                            1s
                2/3  1 running, 1 failed  1s

                """,
            end: """
                ✗ step:migrate  1.2s  exit status 1
                ○ step:seed  skipped: needs step:migrate, which was not done
                ✓ step:docs  2.0s  never run

                """),
        Case(
            columns: 40, events: Script.cancelled, second: 1.25,
            middle: """
                SIGINT: nothing new starts; a second
                one ends everything at once
                ⠹ service:db  not running            1s
                1/2  stopping, 1 running  1s

                """,
            end: """
                SIGINT: nothing new starts; a second
                one ends everything at once
                ■ service:db  cancelled: ended by sign…

                """),
        Case(
            columns: 80, events: Script.cancelled, second: 1.25,
            middle: """
                SIGINT: nothing new starts; a second one ends everything at once
                ⠹ service:db  not running                                                    1s
                1/2  stopping, 1 running  1s

                """,
            end: """
                SIGINT: nothing new starts; a second one ends everything at once
                ■ service:db  cancelled: ended by signal 15

                """),
        Case(
            columns: 200, events: Script.cancelled, second: 1.25,
            middle: """
                SIGINT: nothing new starts; a second one ends everything at once
                ⠹ service:db  not running                                                                         1s
                1/2  stopping, 1 running  1s

                """,
            end: """
                SIGINT: nothing new starts; a second one ends everything at once
                ■ service:db  cancelled: ended by signal 15

                """),
    ]

    @Test(arguments: cases.indices) func `the screen is exactly this`(index: Int) {
        let wanted = Self.cases[index]
        var play = LivePlay(columns: wanted.columns)
        play.play(wanted.events, until: wanted.second)
        #expect(play.lines == wanted.middle)
        play.play(wanted.events)
        #expect(play.screen.all == wanted.end)
        #expect(!play.screen.hasOverflowed)
    }
}
