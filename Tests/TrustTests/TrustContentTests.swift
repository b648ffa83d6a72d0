import HostFakes
import Testing
import Trust

@Suite struct TrustContentTests {
    private func item(_ node: String, _ location: String, _ what: String, _ text: String) -> ExecutableItem {
        ExecutableItem(node: node, location: location, what: what, text: text)
    }

    private func print(_ items: ExecutableItem...) -> String { TrustContent(items).fingerprint(FakeDigests()) }

    @Test func `the order and repetition of items do not count`() {
        let a = item("step:a", "here", "run", "x")
        let b = item("step:b", "here", "run", "y")
        #expect(print(a, b) == print(b, a, a))
        #expect(print(a, b).count == 64)
    }

    @Test func `every field counts`() {
        let base = item("step:a", "here", "run", "x")
        let others = [
            item("step:b", "here", "run", "x"), item("step:a", "in api", "run", "x"),
            item("step:a", "here", "check", "x"), item("step:a", "here", "run", "x "),
        ]
        #expect(Set((others + [base]).map { print($0) }).count == 5)
        #expect(print(base) != print() && print(base) != print(base, others[0]))
    }

    @Test func `text moved across a field's border is another content`() {
        #expect(print(item("ab", "c", "d", "e")) != print(item("a", "bc", "d", "e")))
        #expect(print(item("a", "", "b", "")) != print(item("a", "b", "", "")))
        // One item whose text holds what two items would be.
        #expect(print(item("a", "b", "c", "d"), item("a", "b", "c", "e")) != print(item("a", "b", "c", "dabce")))
    }

    @Test func `texts that mean the same characters in other bytes are not the same command`() {
        let composed = item("step:a", "here", "run", "./caf\u{E9}")
        let decomposed = item("step:a", "here", "run", "./cafe\u{301}")
        #expect(composed.text == decomposed.text)
        #expect(composed != decomposed && print(composed) != print(decomposed))
        #expect(TrustPrompt.text([decomposed], previous: [composed]).contains("+ ./caf"))
    }
}
