import Arguments
import Base
import Catalog
import HostInterfaces
import Kinds
import Reporting

/// `services`: the templates that `use` can name.
enum ServicesCommand: Command {
    enum Action: String, CaseIterable { case list, show }

    static let action = Positionals(
        "action", type: .choice(Action.allCases.map(\.rawValue)), most: 1,
        help: "What to do; list where nothing is said.")
    static let names = Positionals("template", most: 1, help: "A template's name, or the path of a team's own.")

    static let spec = CommandSpec(
        name: "services", summary: "Lists the templates of services, or explains one.",
        discussion: "They are what 'use' in 'services' of the manifest can name. Needs no manifest.",
        arguments: [action.spec, names.spec],
        examples: [
            Example("devinit services", help: "Lists them."),
            Example("devinit services show postgres", help: "Parameters, ports and values of one."),
            Example("devinit services show ./ours.yaml", help: "The same of a file."),
        ],
        group: CommandTable.more)

    static func run(_ parsed: ParsedArguments, in session: Session) async throws(CommandFailure) -> ExitStatus {
        let action = parsed[action].first.flatMap(Action.init(rawValue:)) ?? .list
        let library = TemplateLibrary(host: session.host)
        switch (action, parsed[names].first) {
        case (.list, nil):
            let all = ServiceCatalog.all(library)
            if session.isJSON {
                session.answer(ServiceCatalogView.document(all))
            } else {
                session.answer(ServiceCatalogView.list(all, session.reporting.output, width: session.outputColumns))
            }
        case (.list, .some(let name)):
            throw CommandFailure(
                .usage, code: "usage", "'services list' takes no name", suggestion: "devinit services show \(name)")
        case (.show, nil):
            throw CommandFailure(
                .usage, code: "usage", "'services show' needs a name", suggestion: "devinit services lists them")
        case (.show, .some(let name)):
            let summary: ServiceSummary
            do throws(Diagnostics) {
                summary = try ServiceCatalog.summary(of: name, from: session.host.currentFolder, library)
            } catch {
                // A word that names nothing is wrong usage; a file that is no template is wrong content.
                let isName = error.all.allSatisfy { $0.code == "no-template" }
                throw CommandFailure(isName ? .usage : .invalidManifest, error)
            }
            if session.isJSON {
                session.answer(ServiceCatalogView.document([summary]))
            } else {
                session.answer(
                    ServiceCatalogView.page(summary, session.reporting.output, width: session.outputColumns))
            }
        }
        return .done
    }
}
