import Foundation

/// The clock that waits go by, whatever its type: time since polling began, and sleep until a moment of it.
struct Timebase: Sendable {
    let elapsed: @Sendable () -> Duration
    let sleep: @Sendable (_ until: Duration) async throws -> Void

    init<C: Clock<Duration>>(_ clock: C) {
        let start = clock.now
        elapsed = { start.duration(to: clock.now) }
        sleep = { moment in try await clock.sleep(until: start.advanced(by: moment), tolerance: nil) }
    }
}

/// Detects that the wall clock moved much further than the wait that was begun: the machine slept, or its clock was set.
struct ClockWatch: Sendable {
    private var last: (wall: Date, wait: Duration)?

    /// A wait of this length begins.
    mutating func waiting(_ wait: Duration, wall: Date) { last = (wall, wait) }

    /// The wait is over or was interrupted; whether the wall clock went three intervals further than the wait, or as far
    /// back.
    mutating func woke(wall: Date, interval: Duration) -> Bool {
        defer { last = nil }
        guard let last else { return false }
        let moved = wall.timeIntervalSince(last.wall)
        let tolerated = interval * 3 / .seconds(1)
        return moved > last.wait / .seconds(1) + tolerated || moved < -tolerated
    }
}
