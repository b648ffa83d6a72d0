/// First in, first out, in constant time.
struct Queue<Element> {
    /// Those before `next` are taken. They are thrown away when they are half of all, so that a queue that never runs
    /// empty does not grow with all that ever went through it.
    private(set) var items: [Element] = []
    private var next = 0

    /// How many wait.
    var count: Int { items.count - next }

    mutating func append(_ item: Element) { items.append(item) }

    mutating func take() -> Element? {
        guard next < items.count else { return nil }
        let item = items[next]
        next += 1
        if next == items.count {
            items.removeAll(keepingCapacity: true)
            next = 0
        } else if next >= 64, next * 2 >= items.count {
            items.removeFirst(next)
            next = 0
        }
        return item
    }
}
