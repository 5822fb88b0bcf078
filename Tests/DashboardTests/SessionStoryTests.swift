import Foundation
import Polling
import Runs
import Screen
import Testing

@testable import Dashboard

/// A session token that ends while the board is open, and comes back: no restart, no lost row.
@Suite("A session that expires")
struct SessionStoryTests {
    /// When the session ends: nine minutes from the sample's moment.
    private static let end = Sample.now.addingTimeInterval(540)
    private static let renewed = end.addingTimeInterval(3_600)

    private static let ended = RequestFailure(
        summary:
            "recentJobRuns: The session ended on Fri, 01 May 2026 12:43:56 GMT: the token in ~/.oci/sessions/OPS/token.",
        short: "The session ended on Fri, 01 May 2026 12:43:56 GMT: the token in ~/.oci/sessions/OPS/token.",
        advice: "Run `oci session authenticate --profile-name OPS`; before a session ends, "
            + "`oci session refresh --profile OPS` renews it.")

    private enum Chapter: String, CaseIterable { case soon, ended, back }

    /// The board as it stands at the end of a chapter, and all rows it has.
    private func board(after chapter: Chapter, _ size: Size) -> DashboardState {
        var state = Sample.state(size)
        func tell(_ event: DashboardEvent, at moment: Date) { _ = state.update(event, at: moment) }
        tell(.session(ends: Self.end), at: Sample.now)
        guard chapter != .soon else { return state }
        let moment = Self.end.addingTimeInterval(6)
        tell(.session(ends: Self.end), at: moment)
        tell(.poll(.runsFailed(Self.ended, of: Sample.jobs.map(\.id), at: moment)), at: moment)
        tell(.poll(.cycleEnded(CycleReport())), at: moment)
        tell(.poll(.phase(.backingOff(next: moment.addingTimeInterval(15), reason: .credentials))), at: moment)
        tell(.tick, at: moment)
        guard chapter != .ended else { return state }
        let later = moment.addingTimeInterval(15)
        tell(.session(ends: Self.renewed), at: later)
        for job in Sample.jobs {
            tell(.poll(.runs(Sample.runs(of: job), of: [job.id], at: later)), at: later)
        }
        tell(.poll(.cycleEnded(CycleReport())), at: later)
        tell(.poll(.phase(.waiting(next: later.addingTimeInterval(15)))), at: later)
        tell(.tick, at: later)
        return state
    }

    @Test(
        "is shown from ten minutes before, keeps all rows, and recovers by itself",
        arguments: [
            Size(rows: 24, columns: 80), Size(rows: 5, columns: 20), Size(rows: 24, columns: 132),
        ])
    func story(_ size: Size) {
        for chapter in Chapter.allCases {
            var state = board(after: chapter, size)
            Golden.check(state.drawn(), "dark/session-\(chapter.rawValue)-\(size.columns)x\(size.rows)")
            state.resize(rows: 40, columns: 132)
            #expect(Set(state.jobsOnScreen) == Set(Sample.jobs.map(\.id.key)), "no row is lost")
            let withoutRuns = state.tableRows.filter { $0.contains("no data") }
            #expect(withoutRuns.compactMap(Sample.jobKey(in:)) == ["job-none"], "and none loses its runs")
            #expect(state.screenText().contains(" ✗ recentJobRuns: The session ended on") == (chapter == .ended))
        }
    }

    @Test("a failed refresh is shown while it lasts")
    func notRefreshed() {
        var state = Sample.state(Size(rows: 24, columns: 80))
        let reason = "The identity service https://auth.us-ashburn-1.oraclecloud.com refused with 500."
        _ = state.update(.session(ends: Self.end, notRefreshed: reason), at: Sample.now)
        let rows = state.rows()
        #expect(rows[2].hasPrefix(" ✗ The session could not be refreshed: The identity service"), "\(rows[2])")
        #expect(rows[3].hasSuffix("refused with 500."), "\(rows[3])")
        _ = state.update(.session(ends: Self.renewed), at: Sample.now)
        #expect(!state.rows()[2].contains("refreshed"))
    }

    @Test(
        "is not shown with more than ten minutes left, or without a session", arguments: [601.0, nil])
    func quiet(seconds: Double?) {
        var state = Sample.state(Size(rows: 24, columns: 80))
        let without = state.frame()
        _ = state.update(.session(ends: seconds.map { Sample.now.addingTimeInterval($0) }), at: Sample.now)
        #expect(state.frame() == without)
    }
}
