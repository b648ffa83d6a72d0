import Base
import HostInterfaces
import YAML

/// Resolves `vars`: plain values, which may refer to each other, and questions.
struct Variables {
    /// In bytes: variables that name each other twice double with each step.
    private static let longestValue = 64 << 10

    let host: Host
    let answers: [String: String]
    let base: @Sendable (Reference) -> Lookup?

    struct Resolved {
        /// What each name stands for; an unanswered question stands for "later".
        var values: [String: Lookup] = [:]
        var questions: [Question] = []
        var diagnostics = Diagnostics()
    }

    func resolve(_ section: YAMLNode?) -> Resolved {
        var resolved = Resolved()
        var plain: [String: YAMLNode] = [:]
        for entry in section?.entries ?? [] {
            if entry.value.entries != nil {
                let question = question(entry)
                resolved.questions.append(question)
                if let answer = answers[entry.key], question.problem(with: answer) == nil {
                    resolved.values[entry.key] = .value(answer)
                } else {
                    resolved.values[entry.key] = question.standard.map { .value($0) } ?? .later
                }
            } else {
                plain[entry.key] = entry.value
            }
        }
        for name in plain.keys.sorted() { resolve(name, plain, &resolved, chain: []) }
        return resolved
    }

    private func resolve(_ name: String, _ plain: [String: YAMLNode], _ resolved: inout Resolved, chain: [String]) {
        guard resolved.values[name] == nil, let node = plain[name] else { return }
        func fail(_ code: String, _ message: String) {
            resolved.diagnostics.add(Diagnostic(code: code, message, at: node.location))
            resolved.values[name] = .value("")
        }
        if chain.contains(name) {
            let circle = (chain.drop { $0 != name } + [name]).joined(separator: " → ")
            return fail("variable-cycle", "variables refer to each other: \(circle)")
        }
        guard let text = node.text else { return }
        do {
            let template = try Template(parsing: text)
            for other in template.variables where other != name {
                resolve(other, plain, &resolved, chain: chain + [name])
            }
            let values = resolved.values
            let environment = host.environment
            let base = base
            let result = try template.substituting(
                Scope(
                    variable: { other in
                        if other != name, let value = values[other] { return value }
                        return environment[other].map { .value($0) } ?? .missing
                    },
                    reference: {
                        base($0) ?? .failure(.unknown("\($0): vars may refer only to workspace and manifest"))
                    }))
            if let text = result.text, text.utf8.count > Self.longestValue {
                fail(
                    "too-large", "the variable '\(name)' grows beyond \(Self.longestValue >> 10) KiB, the bound for one"
                )
            } else if resolved.values[name] == nil {
                resolved.values[name] = result.text.map { .value($0) } ?? .later
            }
        } catch let error as TemplateError {
            fail("bad-interpolation", error.message)
        } catch let error as SubstitutionError {
            fail(error.code, error.message)
        } catch {}
    }

    private func question(_ entry: YAMLEntry) -> Question {
        let node = entry.value
        return Question(
            name: entry.key, prompt: node["prompt"]?.text ?? entry.key,
            choices: node["choices"]?.itemsOrOne.compactMap(\.text) ?? [], pattern: node["pattern"]?.text,
            standard: node["default"].flatMap { $0.isAbsent ? nil : $0.text }, location: entry.keyLocation)
    }
}
