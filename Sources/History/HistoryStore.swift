import Foundation
import Runs

/// What one cycle of polling brought: written in one transaction.
package struct SeenCycle: Sendable {
    package var place: Place
    /// When it was seen.
    package var at: Date
    /// The whole list of jobs, if the cycle brought one.
    package var jobs: [Job]?
    /// The runs of its answers, whole.
    package var runs: [JobRun]

    package init(place: Place, at: Date, jobs: [Job]? = nil, runs: [JobRun] = []) {
        (self.place, self.at, self.jobs, self.runs) = (place, at, jobs, runs)
    }
}

/// What was seen of jobs and their runs, kept. Nothing above it knows how: SQLite behind it today, a server one day.
package protocol HistoryStore: Sendable {
    /// Writes what a cycle brought, in one transaction.
    func record(_ cycle: SeenCycle) async throws(HistoryError)

    /// The jobs of a place as they were last seen, each with up to so many of its newest runs: what a board shows at its
    /// start.
    func board(of place: Place, newestRuns: Int) async throws(HistoryError) -> [RememberedJob]

    /// Up to so many of the newest runs of each job of a place; `nil` for all jobs and all runs.
    func pastRuns(of place: Place, jobs: [String]?, mostRuns: Int?) async throws(HistoryError) -> [JobID: [PastRun]]

    /// The places known, each with its name.
    func places() async throws(HistoryError) -> [(place: Place, name: String)]
}

/// Why the history cannot be read or written, in a sentence, and what to do about it.
package struct HistoryError: Error, Hashable, Sendable {
    package var problem: String
    package var advice: String

    package init(_ problem: String, advice: String = "") {
        (self.problem, self.advice) = (problem, advice)
    }
}
