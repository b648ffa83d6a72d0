/// Where the lines of a key stand, in the order of the file. Nearly always there is one, which needs no list.
struct KeyPlaces: Sequence, Sendable {
    let first: Int
    private var others: [Int] = []

    init(_ place: Int) { first = place }

    var last: Int { others.last ?? first }
    var count: Int { 1 + others.count }

    mutating func append(_ place: Int) { others.append(place) }

    func makeIterator() -> some IteratorProtocol<Int> { ([first] + others).makeIterator() }
}
