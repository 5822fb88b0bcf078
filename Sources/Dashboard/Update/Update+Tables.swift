import Runs
import Screen

/// The keys on the table of jobs and on the table of runs.
extension DashboardState {
    mutating func performOnJobs(_ intent: Intent) -> [Effect] {
        if let cursor = jobs.cursor.moved(intent, rows: jobs.rows, height: jobsTableHeight) {
            jobs.cursor = cursor
            jobs.isSettled = intent != .top
            return []
        }
        needsSorting = true
        switch intent {
        case .filter:
            overlay = .filter(LineEditor(jobs.filter.text, history: typed.filters), before: jobs.filter.text)
        case .back:
            guard !clearMarks(), !returnToCauses() else { break }
            if jobs.filter.isEmpty { actions.hideOpenOutcomes() }
            jobs.filter = JobFilter()
            jobs.isSettled = false
        case .causes:
            openCauses()
        case .focus:
            jobs.filter.focus = jobs.filter.focus.next
        case .focusAll: jobs.filter.focus = .all
        case .focusBroken: jobs.filter.focus = .broken
        case .focusLate: jobs.filter.focus = .late
        case .focusActive: jobs.filter.focus = .active
        case .sort:
            overlay = .sortMenu(picked: JobSortKey.allCases.firstIndex(of: jobs.order.key) ?? 0)
        case .reverse:
            jobs.order.isReversed.toggle()
        case .open, .jobPage, .openTrace, .copy:
            guard let entry = selectedJob else {
                notify(
                    board.isEmpty
                        ? "There is no job in the list."
                        : jobs.rows.isEmpty ? noMatchMessage : "The service no longer lists this job.")
                return []
            }
            if intent == .openTrace { return openTrace(of: entry) }
            if intent == .copy { return copy(entry.id.key, called: "the job key") }
            return intent == .open ? openRuns(of: entry) : openJob(entry)
        default:
            break
        }
        return []
    }

    /// Why no job is visible although there are some.
    var noMatchMessage: SafeText {
        let isOnlyFocus = jobs.filter.focus != .all && JobFilter(text: jobs.filter.text).isEmpty
        return isOnlyFocus
            ? "No job is \(jobs.filter.focus.rawValue). Esc shows all of them."
            : "No job matches. Esc shows all of them."
    }

    mutating func performOnRuns(_ intent: Intent) -> [Effect] {
        guard let view = shownRuns else { return [] }
        if let cursor = view.cursor.moved(intent, rows: view.rows, height: runsTableHeight) {
            shownRuns?.cursor = cursor
            return []
        }
        needsSorting = true
        switch intent {
        case .open, .copy:
            let key = view.cursor.selected(of: view.rows)
            guard let selected = board[view.job]?.runs.first(where: { $0.id == key }) else {
                notify("There is no run in the list.")
                return []
            }
            return intent == .open ? open(selected) : copy(selected.id.key, called: "the run key")
        case .openTrace:
            return board[view.job].map { openTrace(of: $0) } ?? []
        case .jobPage:
            // The runs may have been opened from the page.
            if inner.dropLast().last?.job?.page.job == view.job {
                inner.removeLast()
                return []
            }
            return board[view.job].map { openJob($0) } ?? []
        case .sort:
            overlay = .sortMenu(picked: RunSortKey.allCases.firstIndex(of: view.order.key) ?? 0)
        case .reverse:
            shownRuns?.order.isReversed.toggle()
        case .nextView:
            return openNextJob(after: view.job) { $0.openRuns(of: $1) }
        default:
            break
        }
        return []
    }

    /// The selected job; `nil` if the table is empty.
    var selectedJob: JobEntry? { jobs.cursor.selected(of: jobs.rows).flatMap { board[$0] } }

    /// Copies a key of a table as the screen shows it, so that a paste types no control characters into a shell.
    func copy(_ key: String, called what: SafeText) -> [Effect] {
        [.copy(SafeText(key).plainText, what: what)]
    }

    /// Opens the job below `job` in the table, on the same kind of screen. If the table no longer shows `job`, opens the job
    /// that is now at its place.
    mutating func openNextJob(
        after job: JobID, _ open: (inout DashboardState, JobEntry) -> [Effect]
    ) -> [Effect] {
        let next = jobs.rows.firstIndex(of: job).map { $0 + 1 } ?? jobs.cursor.index
        guard jobs.rows.indices.contains(next), let entry = board[jobs.rows[next]] else {
            notify("This is the last job of the table.")
            return []
        }
        jobs.cursor.select(next, of: jobs.rows)
        // The screens opened from it show the previous job.
        inner.removeAll()
        return open(&self, entry)
    }

    /// Opens a job's runs, and selects the run that shows the job's health: the newest failure of a broken job, otherwise
    /// the run in its row.
    mutating func openRuns(of entry: JobEntry) -> [Effect] {
        // Keep the job selected when the user returns.
        jobs.isSettled = true
        let isBroken = entry.health(at: now) == .broken
        let selection = isBroken ? entry.latestFailure : entry.leadingRun(at: now)
        inner.append(.runs(RunsView(of: entry, cursor: TableCursor(selection: selection?.id), clock: clock)))
        needsSorting = true
        return layout.jobPage == nil ? [] : [.recallPast(of: entry.id)]
    }

    /// Opens the newest failure of a job at its root cause.
    mutating func openTrace(of entry: JobEntry) -> [Effect] {
        guard let failure = entry.latestFailure else {
            notify("No failed run of \(entry.name) is known.")
            return []
        }
        jobs.isSettled = true
        return open(failure, atRootCause: true)
    }
}

extension TableCursor {
    /// The cursor after a movement; `nil` for other intents.
    func moved(_ intent: Intent, rows: [ID], height: Int) -> TableCursor? {
        var cursor = self
        switch intent {
        case .up: cursor.move(by: -1, of: rows)
        case .down: cursor.move(by: 1, of: rows)
        case .pageUp: cursor.move(by: -max(height, 1), of: rows)
        case .pageDown: cursor.move(by: max(height, 1), of: rows)
        case .halfPageUp: cursor.move(by: -max(height / 2, 1), of: rows)
        case .halfPageDown: cursor.move(by: max(height / 2, 1), of: rows)
        case .top: cursor.select(0, of: rows)
        case .bottom: cursor.select(rows.count - 1, of: rows)
        default: return nil
        }
        return cursor
    }
}

extension JobFilter.Focus {
    /// The next focus of the key `f`.
    var next: JobFilter.Focus {
        let all = Self.allCases
        guard let index = all.firstIndex(of: self) else { return .all }
        return all[(index + 1) % all.count]
    }
}
