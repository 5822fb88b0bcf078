import Foundation
import Screen

/// The number of runs that started in each hour of each weekday, in the user's time zone.
struct WeekMap: Hashable, Sendable {
    /// Monday to Sunday, each 24 hours.
    private var counts = Array(repeating: 0, count: 7 * 24)
    private(set) var runs = 0

    init() {}

    init(of moments: some Sequence<Date>, clock: WallClock) {
        for moment in moments {
            let (weekday, hour) = clock.weekdayAndHour(moment)
            counts[weekday * 24 + hour] += 1
            runs += 1
        }
    }

    func count(weekday: Int, hour: Int) -> Int { counts[weekday * 24 + hour] }

    private static let weekdays: [SafeText] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

    /// A line per weekday with a field per hour, the hours above, and the legend of the shades; empty below 28 columns,
    /// because the fields would not fit.
    func lines(width: Int, glyphs: Glyphs) -> [DocumentLine] {
        guard width >= 28, let most = counts.max(), most > 0 else { return [] }
        let field = width >= 52 ? 2 : 1
        let step = field == 2 ? 3 : 6
        var hours = SafeText.spaces(4)
        for hour in stride(from: 0, to: 24, by: step) { hours = hours.padded(to: 4 + hour * field) + "\(hour)" }
        let rows = (0..<7).map { weekday in
            let fields = (0..<24).map { hour in
                let shade = glyphs.shade(Double(count(weekday: weekday, hour: hour)) / Double(most))
                return Array(repeating: shade, count: field).joined()
            }
            return DocumentLine([
                Part(Self.weekdays[weekday].padded(to: 4), .quiet), Part(fields.joined(), .running),
            ])
        }
        return [DocumentLine(text: hours, role: .quiet)] + rows
            + [DocumentLine(text: "    " + Self.scale(upTo: most, glyphs: glyphs), role: .quiet)]
    }

    /// The legend of the shades: `░ 1  ▒ 2 to 3  ▓ 4  █ 5 to 6 runs in that hour`.
    private static func scale(upTo most: Int, glyphs: Glyphs) -> SafeText {
        var entries: [SafeText] = []
        for quarter in 1...4 {
            let (least, largest) = ((quarter - 1) * most / 4 + 1, quarter * most / 4)
            guard least <= largest else { continue }
            let range: SafeText = least == largest ? "\(least)" : "\(least) to \(largest)"
            entries.append(glyphs.shade(Double(quarter) / 4) + " " + range)
        }
        return entries.joined(separator: "  ") + (most == 1 ? " run" : " runs") + " in that hour"
    }
}
