import Arguments
import Kinds

/// The words by which commands choose nodes.
enum SelectionOptions {
    static let targets = Positionals(
        "target", help: "Only these nodes and what they need: ids or names.", completion: .callback("nodes"))
    static let only = Option<[String]>(
        "only", value: "NAME", repeating: .text, help: "Only these kinds or names, without what they need.")
    static let skip = Option<[String]>(
        "skip", value: "NAME", repeating: .text, help: "Leave these kinds or names out.")

    static let specs = [targets.spec, only.spec, skip.spec]

    static func selection(_ parsed: ParsedArguments) -> Selection {
        var selection = Selection()
        selection.targets = parsed[targets]
        selection.profiles = parsed[GlobalOptions.profiles]
        selection.only = parsed[only]
        selection.skip = parsed[skip]
        return selection
    }
}
