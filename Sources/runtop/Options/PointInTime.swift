import AIDP
import ArgumentParser
import Foundation

/// A point in time on the command line: a moment, a date, or an age.
///
///     2026-05-01T14:30:00Z    a moment (RFC 3339)
///     2026-05-01              the beginning of a day, in UTC
///     90m, 2h, 30d, 4w        so long ago
struct PointInTime: ExpressibleByArgument, Equatable {
    let date: Date

    static let allowed = "a moment (2026-05-01T14:30:00Z), a date (2026-05-01) or an age (90m, 2h, 30d)"

    private static let units: [Character: Double] = ["m": 60, "h": 3_600, "d": 86_400, "w": 604_800]
    /// In seconds: ten years.
    private static let greatestAge = 3_650.0 * 86_400

    /// `nil` for any other text, and for an age of more than ten years.
    init?(_ text: String, now: Date) {
        if let age = Self.age(text) {
            date = now.addingTimeInterval(-age)
        } else if let date = RFC3339.date(text) ?? RFC3339.date(text + "T00:00:00Z") {
            self.date = date
        } else {
            return nil
        }
    }

    init?(argument: String) { self.init(argument, now: Date()) }

    /// Parses the value of an option.
    static func option(_ name: String) -> @Sendable (String) throws -> PointInTime {
        { text in
            guard let point = PointInTime(argument: text) else {
                throw ValidationError("\(name) is “\(text)”, and may be \(allowed).")
            }
            return point
        }
    }

    private static func age(_ text: String) -> Double? {
        guard let unit = text.last.flatMap({ units[$0] }), text.utf8.count <= 8,
            text.utf8.dropLast().allSatisfy({ (48...57).contains($0) }), let count = Int(text.dropLast())
        else { return nil }
        let age = Double(count) * unit
        return count > 0 && age <= greatestAge ? age : nil
    }
}
