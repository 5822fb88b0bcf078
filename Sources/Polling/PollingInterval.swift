/// How often the poller asks: 2 s to 1 h.
package struct PollingInterval: Hashable, Sendable, CustomStringConvertible {
    package static let shortest = Duration.seconds(2)
    package static let longest = Duration.seconds(3_600)

    package let duration: Duration

    /// Takes a duration, kept within 2 s and 1 h.
    package init(_ duration: Duration) { self.duration = min(max(duration, Self.shortest), Self.longest) }

    /// Reads `15`, `15s`, `5m` or `1h`; `nil` for anything else, and for what is not within 2 s and 1 h.
    package init?(_ text: String) {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600]
        let unit = text.last.flatMap { units[$0] }
        let digits = unit == nil ? text[...] : text.dropLast()
        guard !digits.isEmpty, digits.count <= 4, digits.allSatisfy({ $0.isASCII && $0.isNumber }),
            let count = Int(digits)
        else { return nil }
        let duration = Duration.seconds(count * (unit ?? 1))
        guard (Self.shortest...Self.longest).contains(duration) else { return nil }
        self.duration = duration
    }

    /// Which way the keyboard changes it.
    package enum Step: Sendable { case down, up }

    /// The next of the usual intervals, downwards or upwards; the last one stays.
    package func stepped(_ step: Step) -> PollingInterval {
        let usual = [2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600].map(Duration.seconds)
        let next = step == .down ? usual.last { $0 < duration } : usual.first { $0 > duration }
        return PollingInterval(next ?? duration)
    }

    /// `15s`, `5m`, `1h`; seconds where it is not a whole number of minutes.
    package var description: String {
        let seconds = duration.components.seconds
        if seconds % 3_600 == 0 { return "\(seconds / 3_600)h" }
        if seconds % 60 == 0 { return "\(seconds / 60)m" }
        return "\(seconds)s"
    }
}
