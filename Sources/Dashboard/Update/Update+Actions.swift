import Polling
import Runs
import Screen

extension Intent {
    /// Whether the key is for an action, which may not be allowed.
    var changesRuns: Bool { [.repair, .trigger, .cancel].contains(self) }
}

/// Effects for actions.
package enum ActionEffect: Hashable, Sendable {
    /// Carry out the actions that the gate permits.
    case act([ActionRequest])
    /// Request the parameters of a job, and of one of its runs.
    case askParameters(of: ActionTarget)
    /// Send an event when no key has followed the yes of this prompt for a moment.
    case waitForQuiet(Int)
    case readJournal
}

/// The results of ``ActionEffect``.
package enum ActionEvent: Sendable {
    /// The newest record of an action, and why the journal cannot be written; `nil` if it can.
    case record(ActionRecord, journalProblem: String? = nil)
    case notPermitted(String)
    /// The job's own parameters, and those of the requested run.
    case parameters(own: [RunParameter], ofRun: [RunParameter]?, of: ActionTarget)
    case parametersUnknown(String, of: ActionTarget)
    case quiet(Int)
    case journal([ActionRecord], note: String?)
}

extension DashboardState {
    mutating func apply(_ event: ActionEvent) -> [Effect] {
        switch event {
        case .record(let record, let problem): return note(record, journalProblem: problem)
        case .notPermitted(let reason):
            actions.refuse()
            warn(SafeText(reason))
        case .parameters(let own, let ofRun, let target):
            changeForm(of: target) { $0.fill(own: own, shown: ofRun ?? own) }
        case .parametersUnknown(let reason, let target):
            changeForm(of: target) {
                $0.fill(own: [], shown: [])
                $0.problem = SafeText(reason)
            }
        case .quiet(let number): return sendWhenQuiet(number)
        case .journal(let records, let note): shownJournal?.fill(records, note: note)
        }
        return []
    }

    /// Shows the outcome of an action in its row, a message and the journal, and refreshes at once.
    private mutating func note(_ record: ActionRecord, journalProblem: String?) -> [Effect] {
        actions.note(record)
        shownJournal?.note(record)
        let what: SafeText = SafeText("\(record.action.name) of \(record.action.target.jobName): ")
        let answer = SafeText(record.answer)
        switch record.outcome {
        case .sent: notify(what + "sent.")
        case .confirmed: notify(what + answer)
        case .refused, .failed: warn(what + SafeText(record.outcome.words) + ". " + answer)
        case .unconfirmed: warn(what + SafeText(record.outcome.words) + ". " + answer)
        }
        if let journalProblem { warn(SafeText(journalProblem)) }
        return record.ended == nil ? [] : [.poll(.refreshNow)] + askForTasksAgain()
    }

    private mutating func changeForm(of target: ActionTarget, _ change: (inout ParameterForm) -> Void) {
        guard case .parameters(var form) = overlay, form.target == target else { return }
        change(&form)
        overlay = .parameters(form)
    }

    /// Performs the intent of an action key; `nil` for other intents.
    mutating func performAction(_ intent: Intent) -> [Effect]? {
        switch intent {
        case .repair:
            if inner.last?.tasks != nil || inner.last?.output != nil { return askForRepairOfTasks() }
            return ask(for: .repair(RunRepair()))
        case .trigger: return ask(for: .trigger([]), editsParameters: true)
        case .cancel: return ask(for: .cancel)
        case .mark: toggleMark()
        case .journal: return openJournal()
        default: return nil
        }
        return []
    }

    private mutating func openJournal() -> [Effect] {
        if shownJournal == nil { inner.append(.journal(JournalView())) }
        return [.action(.readJournal)]
    }

    /// Ends the session; the first time, warns if an action is in progress, because its outcome would stay unknown.
    mutating func quit() -> [Effect] {
        guard actions.isUnderWay, !actions.hasWarnedOfQuitting else { return [.quit] }
        actions.hasWarnedOfQuitting = true
        warn("An action is under way; its outcome would stay unknown. Quit again to end all the same.")
        return []
    }

    /// Asks whether to act on the selected or marked rows.
    ///
    /// - Parameters:
    ///   - editsParameters: whether the parameters of a single job are shown in a form first.
    ///   - note: what the question says besides.
    mutating func ask(
        for verb: RunAction.Verb, editsParameters: Bool = false, note: SafeText? = nil
    ) -> [Effect] {
        guard actionsAreAllowed() else { return [] }
        let subjects = subjects()
        guard !subjects.found.isEmpty else {
            warn(subjects.hidden > 0 ? "The marked rows are not in the table now." : "There is nothing to act on here.")
            return []
        }
        var (targets, reasons): ([ActionTarget], [SafeText]) = ([], [])
        for subject in subjects.found {
            switch subject.target(for: verb) {
            case .success(let target): targets.append(target)
            case .failure(let reason): reasons.append(reason.text)
            }
        }
        guard !targets.isEmpty else {
            let more: SafeText = reasons.count > 2 ? " \(reasons.count - 2) more." : ""
            warn(reasons.prefix(2).joined(separator: " ") + more)
            return []
        }
        jobs.isSettled = true
        if editsParameters, targets.count == 1 {
            overlay = .parameters(ParameterForm(targets[0]))
            return [.action(.askParameters(of: targets[0]))]
        }
        var leftOut: [SafeText] = [note].compactMap(\.self)
        if let first = reasons.first { leftOut.append("\(reasons.count) left out: " + first) }
        if subjects.hidden > 0 {
            leftOut.append(
                subjects.hidden == 1
                    ? "1 marked row skipped: the filter hides it."
                    : "\(subjects.hidden) marked rows skipped: the filter hides them.")
        }
        openPrompt(
            targets.map { RunAction(verb, of: $0) }, leftOut: leftOut.isEmpty ? nil : leftOut.joined(separator: " "))
        return []
    }

    /// Whether actions are allowed; says so where they are not.
    private mutating func actionsAreAllowed() -> Bool {
        if actions.isAllowed { return true }
        warn("Read-only: to allow actions, set “actions: true” or start with --allow-actions.")
        return false
    }

    /// Asks whether to repair the marked tasks of the run; without marks, the selected or shown one, if it failed.
    private mutating func askForRepairOfTasks() -> [Effect] {
        guard actionsAreAllowed(), let tasks = runBeneath?.tasks.tasks else { return [] }
        var keys: [String] = []
        if let view = shownTasks, !view.marked.isEmpty {
            for row in view.rows {
                guard let key = row.taskKey, view.marked.contains(key), !keys.contains(key) else { continue }
                keys.append(key)
            }
        } else {
            switch repairableTask() {
            case .success(let key): keys = [key]
            case .failure(let reason):
                warn(reason.text)
                return []
            }
        }
        // What only waited for a task that failed runs again after that.
        let failed = tasks.filter { $0.status.isFailure && $0.status != .upstreamFailed }
        let others = Set(failed.compactMap(\.taskKey)).subtracting(keys).count
        let note: SafeText? =
            switch others {
            case 0: nil
            case 1: "1 other failed task is left out: “:repair” is for all of the run."
            default: "\(others) other failed tasks are left out: “:repair” is for all of the run."
            }
        return ask(for: .repair(RunRepair(.resume, tasks: keys)), note: note)
    }

    /// The key of the selected or shown task, if that failed; else why it cannot be repaired alone.
    private func repairableTask() -> Result<String, ActionSubject.NoTarget> {
        func none(_ text: SafeText) -> Result<String, ActionSubject.NoTarget> { .failure(.init(text: text)) }
        let hint: SafeText = "Mark tasks with space, or type “:repair” for all that failed."
        guard let task = selectedTask else { return none("No task that has run is selected. " + hint) }
        let name = TaskTree.name(of: task)
        if task.status == .upstreamFailed {
            return none(name + " did not run, for a task before it failed: repair that, or type “:repair”.")
        }
        guard task.status.isFailure else { return none(name + " is \(task.status.word). " + hint) }
        guard let key = task.taskKey, !key.isEmpty else {
            return none("The service sent no key of \(name): type “:repair” for all that failed.")
        }
        return .success(key)
    }

    mutating func openPrompt(_ actions: [RunAction], leftOut: SafeText? = nil) {
        self.actions.prompts += 1
        overlay = .action(
            ActionPrompt(
                number: self.actions.prompts, actions: actions, leftOut: leftOut,
                asksName: self.actions.isProtected))
    }
}

/// A selected or marked job or run.
private enum ActionSubject {
    case job(JobEntry)
    case run(JobRun, jobName: String)

    struct NoTarget: Error { let text: SafeText }

    /// The target of a verb: for a job, its newest failed run, its newest active run, or the job itself.
    func target(for verb: RunAction.Verb) -> Result<ActionTarget, NoTarget> {
        switch (self, verb) {
        case (.job(let entry), .trigger):
            return .success(ActionTarget(job: entry.id, jobName: entry.name))
        case (.run(let run, let name), .trigger):
            return .success(ActionTarget(job: run.job, jobName: name, parametersOf: run.id))
        case (.job(let entry), .repair(let repair)):
            guard let run = entry.latestConclusive, run.status.isFailure || repair.mode == .rerun else {
                return none("\(entry.name) has no failed run that is its newest result.")
            }
            return .success(ActionTarget(run, jobName: entry.name))
        case (.run(let run, let name), .repair(let repair)):
            guard !run.status.isActive else { return none("\(name): the run is \(run.status.word).") }
            guard run.status.meaning != .succeeded || repair.mode == .rerun || !repair.tasks.isEmpty else {
                return none("\(name): the run succeeded; “:repair rerun” runs it again.")
            }
            return .success(ActionTarget(run, jobName: name))
        case (.job(let entry), .cancel):
            guard let run = entry.runs.first(where: { $0.status.isActive && $0.status != .canceling }) else {
                return none("No run of \(entry.name) is active.")
            }
            return .success(ActionTarget(run, jobName: entry.name))
        case (.run(let run, let name), .cancel):
            guard run.status.isActive, run.status != .canceling else {
                return none("\(name): the run is \(run.status.word).")
            }
            return .success(ActionTarget(run, jobName: name))
        }
    }

    private func none(_ text: SafeText) -> Result<ActionTarget, NoTarget> { .failure(NoTarget(text: text)) }
}

extension DashboardState {
    /// The marked rows of the table, or otherwise the selected row; and the number of marks on rows that are filtered out.
    private func subjects() -> (found: [ActionSubject], hidden: Int) {
        switch inner.last {
        case nil:
            let marked = jobs.rows.filter(actions.marked.contains)
            let ids = actions.marked.isEmpty ? [selectedJob?.id].compactMap(\.self) : marked
            return (ids.compactMap { board[$0] }.map(ActionSubject.job), actions.marked.count - marked.count)
        case .runs(let view):
            guard let entry = board[view.job] else { return ([], 0) }
            let selected = view.marked.isEmpty ? view.cursor.selected(of: view.rows).map { [$0] } ?? [] : []
            let runs = view.rows.filter { view.marked.contains($0) || selected.contains($0) }.compactMap { id in
                entry.runs.first { $0.id == id }
            }
            return (runs.map { .run($0, jobName: entry.name) }, 0)
        case .job(let view): return ((board[view.page.job].map { [.job($0)] } ?? []), 0)
        case .run(let view):
            let name = board[view.run.job]?.name ?? view.run.jobName ?? view.run.job.key
            return ([.run(view.run, jobName: name)], 0)
        case .tasks, .output:
            guard let run = runBeneath?.run else { return ([], 0) }
            return ([.run(run, jobName: board[run.job]?.name ?? run.jobName ?? run.job.key)], 0)
        case .help, .journal, .command, .causes: return ([], 0)
        }
    }

    /// Marks or unmarks the selected row, and selects the next one.
    private mutating func toggleMark() {
        if var view = shownRuns {
            guard let run = view.cursor.selected(of: view.rows) else { return }
            if view.marked.remove(run) == nil { view.marked.insert(run) }
            view.cursor.move(by: 1, of: view.rows)
            shownRuns = view
        } else if var view = shownTasks {
            let ids = view.rows.map(\.id)
            guard let id = view.cursor.selected(of: ids), let row = view.rows.first(where: { $0.id == id }) else {
                return
            }
            guard let key = row.taskKey else { return notify("Only tasks can be marked here.") }
            if view.marked.remove(key) == nil { view.marked.insert(key) }
            view.cursor.move(by: 1, of: ids)
            shownTasks = view
        } else if inner.isEmpty, let job = jobs.cursor.selected(of: jobs.rows) {
            if actions.marked.remove(job) == nil { actions.marked.insert(job) }
            jobs.cursor.move(by: 1, of: jobs.rows)
            jobs.isSettled = true
        }
    }

    /// The number of marked rows in the visible table.
    var markedCount: Int {
        switch inner.last {
        case nil: actions.marked.count
        case .runs(let view): view.marked.count
        case .tasks(let view): view.marked.count
        case .job, .run, .output, .help, .journal, .command, .causes: 0
        }
    }

    /// Removes all marks of the table.
    ///
    /// - Returns: whether there were any.
    mutating func clearMarks() -> Bool {
        guard markedCount > 0 else { return false }
        if inner.isEmpty { actions.marked = [] }
        shownRuns?.marked = []
        shownTasks?.marked = []
        return true
    }

    /// Removes the marks of rows that are gone, with a message, so that no action runs on something else.
    mutating func dropStaleMarks() {
        let gone = actions.marked.filter { board[$0] == nil }
        var dropped = gone.count
        actions.marked.subtract(gone)
        if let view = shownRuns, !view.marked.isEmpty {
            let kept = view.marked.intersection(view.rows)
            dropped += view.marked.count - kept.count
            shownRuns?.marked = kept
        }
        warnOfDroppedMarks(dropped)
    }

    mutating func warnOfDroppedMarks(_ dropped: Int) {
        guard dropped > 0 else { return }
        warn(dropped == 1 ? "1 mark dropped: its row is gone." : "\(dropped) marks dropped: their rows are gone.")
    }
}
