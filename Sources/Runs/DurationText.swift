import Foundation

extension Duration {
    /// The duration in seconds, with the fraction.
    var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) / 1e18
    }

    /// A duration of seconds, clamped to 0…100 years.
    init(inSeconds seconds: Double) {
        self = .seconds(min(max(seconds, 0), 100.0 * 366 * 86_400))
    }

    /// The whole milliseconds, rounded towards zero; `nil` if they do not fit in 64 bits.
    package var wholeMilliseconds: Int64? {
        let (seconds, attoseconds) = components
        let (milliseconds, overflows) = seconds.multipliedReportingOverflow(by: 1_000)
        guard !overflows else { return nil }
        let (whole, sumOverflows) = milliseconds.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
        return sumOverflows ? nil : whole
    }

    /// The text for a table, at most two units, rounded down: `0.4s`, `45s`, `12m34s`, `1h04m`, `3d04h`.
    package var inTwoUnits: String {
        let (seconds, attoseconds) = components
        switch seconds {
        case ..<1:
            let tenths = attoseconds / 100_000_000_000_000_000
            return tenths > 0 ? "0.\(tenths)s" : "0s"
        case ..<60: return "\(seconds)s"
        case ..<3_600: return "\(seconds / 60)m\(Self.twoDigits(seconds % 60))s"
        case ..<86_400: return "\(seconds / 3_600)h\(Self.twoDigits(seconds / 60 % 60))m"
        default: return "\(seconds / 86_400)d\(Self.twoDigits(seconds / 3_600 % 24))h"
        }
    }

    /// The text for a sentence, at most two units, rounded down, without the seconds from ten minutes on, and without a
    /// second unit of zero: `45s`, `1m06s`, `14m`, `2h`, `2h05m`.
    var inWords: String {
        let seconds = components.seconds
        switch seconds {
        case ..<60: return "\(max(seconds, 0))s"
        case 600..<3_600: return "\(seconds / 60)m"
        default:
            let (large, small): (Int64, String) =
                seconds < 3_600 ? (60, "m") : seconds < 86_400 ? (3_600, "h") : (86_400, "d")
            let part: Int64 = large == 60 ? 1 : large == 3_600 ? 60 : 3_600
            return seconds % large < part ? "\(seconds / large)\(small)" : inTwoUnits
        }
    }

    /// The text for an age, in the smallest unit with at most two digits, rounded down: `45s`, `94m`, `2h`, `3d`.
    var inLargestUnit: String {
        let seconds = components.seconds
        switch seconds {
        case ..<100: return "\(max(seconds, 0))s"
        case ..<6_000: return "\(seconds / 60)m"
        case ..<172_800: return "\(seconds / 3_600)h"
        default: return "\(seconds / 86_400)d"
        }
    }

    private static func twoDigits(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
