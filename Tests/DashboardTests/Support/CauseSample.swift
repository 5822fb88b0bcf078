import Foundation
import Polling
import Runs
import Screen
import TestSupport

@testable import Dashboard

/// A board on which three jobs are broken by two causes, and two others were broken by a third, and are healed.
enum CauseSample {
    static let jobs = ["orders", "stock", "prices", "ledger", "audit"].map { Job(id: JobID($0), name: $0) }

    /// A run so many hours ago.
    static func run(_ job: String, hoursAgo: Int, cause: String? = nil) -> JobRun {
        var run = JobRun(id: RunID("\(job)-\(hoursAgo)", of: JobID(job)), status: cause == nil ? .success : .failed)
        run.created = Sample.now.addingTimeInterval(-3_600 * Double(hoursAgo) - 600)
        run.started = run.created
        run.ended = run.created?.addingTimeInterval(120)
        run.errorTrace = cause.map { "Traceback (most recent call last):\n  File \"a.py\", line 1, in <module>\n\($0)" }
        return run
    }

    static let runs: [JobRun] = [
        run("orders", hoursAgo: 1, cause: "java.io.IOException: No space left on device: /mnt/a/block-17"),
        run("orders", hoursAgo: 2),
        run("orders", hoursAgo: 3, cause: "java.io.IOException: No space left on device: /mnt/a/block-99"),
        run("stock", hoursAgo: 2, cause: "java.io.IOException: No space left on device: /mnt/b/block-3"),
        run("stock", hoursAgo: 4),
        run("prices", hoursAgo: 1, cause: "KeyError: 'price'"),
        run("prices", hoursAgo: 2),
        run("ledger", hoursAgo: 1),
        run("ledger", hoursAgo: 2, cause: "MemoryError: out of memory after 12 MB"),
        run("audit", hoursAgo: 1),
        run("audit", hoursAgo: 3, cause: "MemoryError: out of memory after 7 MB"),
    ]

    static func state(
        _ size: Size = Size(rows: 24, columns: 80), theme: Theme = Theme(.dark), glyphs: Glyphs = .utf8
    ) -> DashboardState {
        var state = Sample.state(size, theme: theme, glyphs: glyphs, board: false)
        state.feed(.jobsListed(jobs, at: Sample.now))
        state.feed(.runs(runs, of: jobs.map(\.id), at: Sample.now))
        return state
    }
}
