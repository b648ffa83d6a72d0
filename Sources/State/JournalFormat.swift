import Base

/// Which format of the journal is written, and how records of earlier ones become records of it.
///
/// New words and new members need no new version: they are kept by those who don't know them. A version begins where an
/// old record would be misunderstood, and brings the function that says what it means now.
struct JournalFormat: Sendable {
    /// A record of one version as it is in the next one; nil where it means nothing any more.
    typealias Migration = @Sendable (JSON) -> JSON?

    var version: Int
    /// From each earlier version that can still be read, by its number.
    var migrations: [Int: Migration]

    static let current = JournalFormat(version: 1, migrations: [:])

    /// What takes a record of that version to this one; nil where the way is not known (any more).
    func migration(from old: Int) -> Migration? {
        let steps = (old..<max(old, version)).map { migrations[$0] }
        guard old <= version, steps.allSatisfy({ $0 != nil }) else { return nil }
        return { record in steps.reduce(record) { record, step in record.flatMap { step?($0) } } }
    }
}
