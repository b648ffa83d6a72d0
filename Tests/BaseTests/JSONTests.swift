import Base
import Testing

@Suite struct JSONTests {
    @Test func `a document read and written again is the same text`() throws {
        let text = #"{"a":[1,-2.5,true,null,"x\n\"é"],"b":{"c":{}}}"#
        #expect(try JSON(parsing: text).text() == text)
    }

    @Test func `a surrogate pair becomes one character`() throws {
        #expect(try JSON(parsing: #""\ud83d\ude00""#) == "😀")
    }

    @Test(arguments: ["", "{", "[1,]", "nul", "\"a", "{\"a\" 1}", "1 2", "\"\\x\"", "+1"])
    func `text that is no JSON is refused with its place`(text: String) {
        #expect(throws: JSONError.self) { try JSON(parsing: text) }
    }
}
