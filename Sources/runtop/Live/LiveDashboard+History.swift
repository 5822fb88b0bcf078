import Dashboard
import Foundation
import History
import Polling
import Runs

/// Connects the dashboard to the history.
extension LiveDashboard {
    /// How long the first frame waits for the history. Reading is faster unless the disk is slow.
    static let waitForHistory: Duration = .milliseconds(100)

    /// Shows the jobs of the history on the board.
    ///
    /// - Returns: whether they were read before the timeout.
    func recall(within limit: Duration) async -> Bool {
        guard let history else { return true }
        switch await value(of: history.remembered, within: limit) {
        case .success(let remembered)?: show(remembered)
        case .failure(let error)?:
            show(error as? HistoryError)
            isPastUnread = true
        case nil: return false
        }
        return true
    }

    /// Adds the longer past of the jobs to the board, some jobs at a time.
    func learnPast(isRecalled: Bool) async {
        guard let history else { return }
        do {
            let remembered = try await history.remembered.value
            if !isRecalled { show(remembered) }
            try await learn(remembered, of: history)
        } catch {
            isPastUnread = true
            if let error = error as? HistoryError, !isRecalled { show(error) }
        }
    }

    /// Reads what could not be read at the start, because the history can be used now.
    private func readPastAgain() async {
        guard let history, isPastUnread else { return }
        isPastUnread = false
        do {
            let remembered = try await history.readAgain()
            show(remembered)
            try await learn(remembered, of: history)
            await fillInPast()
        } catch {
            isPastUnread = true
        }
    }

    private func show(_ remembered: HistoryFeed.Remembered) {
        if let name = remembered.placeName { handle(.poll(.workspaceNamed(name)), paintWithin: 0.05) }
        handle(.recalled(remembered.jobs), paintWithin: 0.05)
    }

    private func learn(_ remembered: HistoryFeed.Remembered, of history: HistoryFeed) async throws {
        try await history.past(of: remembered.jobs.map(\.job)) { [weak self] past in
            await self?.handle(.learned(past), paintWithin: 0.25)
        }
    }

    /// Makes the poller request the periods that are missing in the history. Errors appear when it is written.
    func fillInPast() async {
        let gap = max(interval.duration * 3, .seconds(60))
        guard let windows = try? await history?.stretchesToFillIn(gap: gap, now: Date()), !windows.isEmpty else {
            return
        }
        poller.send(.fillIn(windows))
    }

    /// Passes the whole past of a job to its page.
    func recallPast(of job: JobID) {
        guard let history else { return }
        Task {
            do throws(HistoryError) {
                handle(.pastRecalled(try await history.wholePast(of: job), of: job), paintWithin: 0)
            } catch {
                handle(.warning("Only a part of the job's past is shown: \(error.problem)"), paintWithin: 0)
            }
        }
    }

    /// Shows why the history cannot be written, until it can. The message that a damaged file was set aside is shown
    /// once, because a new file is already in use.
    func show(_ error: HistoryError?) {
        if error == nil, isPastUnread { Task { await readPastAgain() } }
        guard let error, error.kind == .replaced else {
            let text = error.map { $0.advice.isEmpty ? $0.problem : "\($0.problem) \($0.advice)" }
            return handle(.history(problem: text), paintWithin: 0.05)
        }
        handle(.warning(error.problem), paintWithin: 0.05)
    }
}
