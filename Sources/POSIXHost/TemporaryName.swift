/// Names for what stands in a folder only until it is whole.
enum TemporaryName {
    /// Another one each time, and short: the name that it waits for may already be as long as a name can be.
    static var next: String { ".devinit-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))" }
}
