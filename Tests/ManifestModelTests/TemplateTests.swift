import ManifestModel
import Testing

@Suite struct TemplateTests {
    let scope = Scope(
        variable: { ["A": .value("a"), "EMPTY": .value("")][$0] ?? .missing },
        reference: { reference in
            switch reference.description {
            case "services.my-db.port": .value("5432")
            case "secrets.key": .secret("s3cret")
            case "secrets.later": .later
            case "secrets.none": .missing
            default: .failure(.unknown("\(reference) is unknown"))
            }
        })

    @Test(arguments: [
        ("${services.my-db.port}", "5432"), ("x${A}y", "xay"), ("$$A", "$A"), ("$A$A", "aa"), ("$1 $( $", "$1 $( $"),
        ("${secrets.none:-fallback}", "fallback"), ("${secrets.none:+x}", ""), ("${EMPTY-x}", ""), ("${EMPTY:-x}", "x"),
        ("${NO:-${services.my-db.port}}", "5432"), ("${A:+${EMPTY:-deep}}", "deep"), ("${NO:-{}}", "{}"),
    ])
    func `values come out as the specification says`(text: String, expected: String) throws {
        #expect(try Template(parsing: text).substituting(scope).text == expected)
    }

    @Test(arguments: [
        "${1}", "${X:=y}", "${", "${A", "${ A}", "${}", "${services.x-}$", "${a.b-c-}${", "${a..b}", "${a.b?x}",
    ])
    func `a text that is no template is refused`(text: String) {
        #expect(throws: (any Error).self) {
            let result = try Template(parsing: text).substituting(scope)
            if result.text != nil { return }
        }
    }

    @Test func `an unset name without a default is an error, not an empty text`() throws {
        #expect(throws: SubstitutionError.self) { try Template(parsing: "${NOT_SET}").substituting(scope) }
    }

    @Test func `a secret taints the whole text`() throws {
        #expect(try Template(parsing: "u:${secrets.key}@h").substituting(scope).isSecret)
        #expect(try Template(parsing: "${A}").substituting(scope).isSecret == false)
    }

    @Test func `what is known only later stays and reads the same again`() throws {
        let result = try Template(parsing: "$$x ${A} ${secrets.later:-d}").substituting(scope)
        #expect(result.text == nil)
        #expect(result.template.source == "$$x a ${secrets.later:-d}")
        #expect(try Template(parsing: result.template.source) == result.template)
    }

    @Test func `a default nested without end is refused and no deep recursion`() {
        let text = String(repeating: "${A:-", count: 10_000) + String(repeating: "}", count: 10_000)
        #expect(throws: TemplateError.self) { try Template(parsing: text) }
    }
}
