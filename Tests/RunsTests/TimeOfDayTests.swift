import Foundation
import Runs
import TestSupport
import Testing

/// A job that does more at some time of the day is not late then.
@Suite("Long runs at a time of day")
struct TimeOfDayTests {
    /// An hourly job of five minutes, with one run of 40 minutes on each of the last days, at the time of day of `now`.
    private func history(nights: Int, at hour: Int = 0) -> JobHistory {
        let hours = nights * 24 - 1
        return JobHistory(
            (1...hours).map { ago -> PastRun in
                let isLong = ago % 24 == hour
                let start = now.addingTimeInterval(Double(-ago) * 3_600)
                var past = run(
                    "\(ago)", .success, ago: Double(ago) * 3_600, took: isLong ? 2_400 : 290 + Double(ago % 7) * 5)
                past.started = start
                return PastRun(past)
            })
    }

    /// Whether the run that started at `now` is late some minutes later.
    private func isLate(after minutes: Double, _ history: JobHistory) -> Bool {
        var active = JobRun(id: RunID("active", of: JobID("job")), status: .running)
        (active.created, active.started) = (now, now)
        var known = history
        known.learn([PastRun(active)])
        let moment = now.addingTimeInterval(minutes * 60)
        return JobEntry(job: Job(id: JobID("job")), history: known, at: moment).isLate(at: moment)
    }

    @Test("a run that is long every night is not late while it takes as long as usual")
    func usual() {
        #expect(!isLate(after: 39, history(nights: 5)))
        #expect(!isLate(after: 45, history(nights: 5)))
    }

    @Test("it is late when it takes far longer than on other nights")
    func longer() { #expect(isLate(after: 60, history(nights: 5))) }

    @Test("a long run at another time of day is late")
    func otherTime() { #expect(isLate(after: 20, history(nights: 5, at: 12))) }

    @Test("two long runs are no habit")
    func twoNights() { #expect(isLate(after: 20, history(nights: 3))) }
}
