import Foundation
import Screen

/// How many runs began in which hour of which weekday, in the operator's time zone.
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

    /// A line for each weekday with a field for each hour, the hours above them, and what the shades mean; in fewer than
    /// 28 columns nothing, since no hour would have a field.
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
        let what: SafeText = most == 1 ? "1 run" : "\(most) runs"
        let least = most > 4 ? "1 to \(most / 4)" : "1" as SafeText
        let scale: SafeText =
            most == 1
            ? glyphs.shade(1) + " \(what) in that hour"
            : glyphs.shade(0.01) + " \(least), " + glyphs.shade(1) + " up to \(what) in that hour"
        return [DocumentLine(text: hours, role: .quiet)] + rows + [DocumentLine(text: "    " + scale, role: .quiet)]
    }
}
