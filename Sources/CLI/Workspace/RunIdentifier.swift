import HostInterfaces

/// Names a run: the moment it began, in UTC, and two random bytes. Sorted by name means sorted by time.
enum RunIdentifier {
    static func make(_ host: Host) -> String {
        let seconds = Int(host.clock.wallSeconds)
        let (year, month, day) = date(days: seconds / 86_400)
        let time = seconds % 86_400
        let random = host.randomness.bytes(2).map { padded(Int($0), 2, radix: 16) }.joined()
        return padded(year, 4) + padded(month, 2) + padded(day, 2) + "-" + padded(time / 3600, 2)
            + padded(time / 60 % 60, 2) + padded(time % 60, 2) + "-" + random
    }

    /// The civil date of a day counted from 1970-01-01, by the 400-year cycle of the Gregorian calendar.
    static func date(days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private static func padded(_ number: Int, _ width: Int, radix: Int = 10) -> String {
        let digits = String(number, radix: radix)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
