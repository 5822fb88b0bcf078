import Dashboard
import Foundation

#if canImport(Glibc)
    import Glibc
#endif

extension WallClock {
    /// The clock of the operator's own zone, from `TZ` and the system's tables.
    static let local = WallClock { moment in
        // A date before the epoch's tables or after time_t's end is clamped by the caller.
        var time = time_t(exactly: moment.timeIntervalSince1970.rounded(.down)) ?? 0
        var civil = tm()
        guard localtime_r(&time, &civil) != nil else { return 0 }
        return civil.tm_gmtoff
    }
}
