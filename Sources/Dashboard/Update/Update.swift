import Foundation
import Polling
import Runs
import Screen

/// An event: the only input of the dashboard.
package enum DashboardEvent: Sendable {
    /// A key, and when it was read where that is not the moment of the event.
    case key(Key, readAt: Date? = nil)
    case resized(Size)
    /// The time of ``DashboardState/nextTick(after:)`` has come.
    case tick
    case poll(PollEvent)
    /// When the session token expires (`nil` without one), and why its refresh failed, if it did.
    case session(ends: Date?, notRefreshed: String? = nil)
    /// The jobs from the history.
    case recalled([RememberedJob])
    /// Older runs of jobs, from the history.
    case learned([JobID: [PastRun]])
    /// Why the history cannot be written; `nil` if it can again.
    case history(problem: String?)
    /// A problem of the set-up, for the operator.
    case warning(String)
    /// A text was copied; the value is its name.
    case copied(SafeText, by: CopyRoute)
    /// The text is longer than terminals accept.
    case copyFailed
    /// All runs of a job in the history, in response to ``Effect/recallPast(of:)``.
    case pastRecalled([PastRun], of: JobID)
    /// Continues the search in a long text: sent while ``DashboardState/isSearching``.
    case searchOn
    /// A long text was read, in answer to ``Effect/readText(_:)``.
    case textRead(ReadText)
    case saved(path: String)
    case saveFailed(path: String, reason: String)
    case action(ActionEvent)
    case ownCommand(OwnCommandEvent)
}

/// The route by which a text was copied.
package enum CopyRoute: Equatable, Sendable {
    /// tmux accepted it in its paste buffer.
    case tmux
    /// It was sent to the terminal, which does not report whether it accepted it.
    case terminal
}

/// An effect: the only output of the dashboard.
package enum Effect: Equatable, Sendable {
    case quit
    case suspend
    /// Draws every cell again, because something else wrote on the terminal.
    case redraw
    case poll(PollCommand)
    /// Reads all runs of a job from the history; ignored without a history.
    case recallPast(of: JobID)
    /// Read a long text, where no key waits for it.
    case readText(UnreadText)
    /// Put a text on the clipboard; `what` names it to the operator.
    case copy(String, what: SafeText)
    /// Saves a text as shown to a new file; never replaces a file.
    case save(LongText, path: String)
    /// Saves an original text to a new file; never replaces a file.
    case saveRaw(String, path: String)
    /// Shows a text in an external program, which gets the terminal; `name` is the name of the file.
    case handOver(LongText, to: ExternalProgram, name: String)
    /// An effect for actions; every change passes the gate.
    case action(ActionEffect)
    /// An effect for the user's own commands; a command that changes something passes the gate.
    case ownCommand(OwnCommandEffect)
}

extension DashboardState {
    /// Applies an event; returns the effects to carry out.
    package mutating func update(_ event: DashboardEvent, at now: Date) -> [Effect] {
        let effects = apply(event, at: now)
        return effects + askForReading()
    }

    private mutating func apply(_ event: DashboardEvent, at now: Date) -> [Effect] {
        self.now = now
        // A key acts on the rows that are visible.
        var fresh: Notice?
        if case .key = event {
            let before = notice
            arrange(keepsOrder: true)
            if notice != before { fresh = notice }
        }
        // A message of `arrange()` is shown even if the key removes the previous message.
        defer { if notice == nil, overlay == nil { notice = fresh } }
        isArranged = false
        switch event {
        case .key(let key, let moment):
            keyRead = moment ?? now
            return press(key)
        case .resized(let size): self.size = size
        case .tick: tick()
        case .poll(let event):
            if case .inspected(let inspection, let result, let moment) = event {
                return take(result, of: inspection, at: moment)
            }
            apply(event)
            return askForTasks(after: event)
        case .session(let ends, let reason): (sessionEnds, sessionProblem) = (ends, reason)
        case .recalled(let jobs): recall(jobs)
        case .learned(let past):
            board.learn(past: past)
            boardHasChanged = true
        case .history(let problem): historyProblem = problem
        case .warning(let text): warnUntilSeen("\(text)")
        case .searchOn: searchOn()
        case .textRead(let text): take(text)
        case .pastRecalled(let runs, let job): recallPast(runs, of: job)
        case .copied(let what, by: .tmux): notify("Copied \(what).")
        case .copied(let what, by: .terminal): notify("Copied \(what), if this terminal allows it (OSC 52).")
        case .copyFailed: warn("Too long for the clipboard; save it to a file instead.")
        case .saved(let path): notify("Saved to \(path).")
        case .saveFailed(let path, let reason): warn("Not saved: \(reason) (\(path))")
        case .action(let event): return apply(event)
        case .ownCommand(let event): apply(event)
        }
        return []
    }

    /// Shows a warning about a single event; it stays until a key is pressed, so that nobody misses it.
    private mutating func warnUntilSeen(_ text: SafeText) {
        notice = Notice(text: text, isWarning: true, secondsLeft: nil)
    }

    mutating func notify(_ text: SafeText) { notice = Notice(text: text) }

    mutating func warn(_ text: SafeText) { notice = Notice(text: text, isWarning: true, secondsLeft: 10) }

    private mutating func tick() {
        // Lateness, and an order by duration, change without new data.
        if now >= arrangementHolds { boardHasChanged = true }
        guard let notice, let left = notice.secondsLeft else { return }
        if left > 1 { self.notice?.secondsLeft = left - 1 } else { self.notice = nil }
    }

    private mutating func press(_ key: Key) -> [Effect] {
        if let last = dropped {
            dropped = keyRead.timeIntervalSince(last) < ActionPrompt.burst ? keyRead : nil
            guard dropped == nil else { return [] }
        }
        notice = nil
        if let overlay { return edit(overlay, with: key) }
        if let effects = pressOnCommand(key) { return effects }
        if let command = ownCommands(in: context).first(where: { $0.key == key }) { return run(command) }
        guard let intent = keymap.intent(for: key, in: context) else { return [] }
        return perform(intent)
    }

    /// Performs an intent on the visible screen.
    mutating func perform(_ intent: Intent) -> [Effect] {
        if let effects = performAnywhere(intent) ?? performAction(intent) { return effects }
        let intent = intent == .scrollPage ? .pageDown : intent
        switch context {
        case .jobs: return performOnJobs(intent)
        case .runs: return performOnRuns(intent)
        case .job: return performOnJob(intent)
        case .run: return performOnRun(intent)
        case .tasks: return performOnTasks(intent)
        case .output: return performOnOutput(intent)
        case .help: return performOnHelp(intent)
        case .causes: return performOnCauses(intent)
        case .command: return performOnCommand(intent)
        case .journal:
            guard let text = shownJournal?.layout(in: layout.text.size) else { return [] }
            shownJournal?.pager.move(intent, in: text)
            return []
        }
    }

    /// Performs the intents that are the same on all screens; `nil` for other intents.
    private mutating func performAnywhere(_ intent: Intent) -> [Effect]? {
        switch intent {
        case .quit:
            guard inner.popLast() != nil else { return quit() }
        case .back where shownPager?.marking != nil:
            return nil
        case .back where shownPager?.search != nil:
            shownPager?.search = nil
        case .back where !inner.isEmpty:
            if !clearMarks() { inner.removeLast() }
        case .help where context != .help:
            inner.append(.help(HelpView(context: context)))
        case .palette:
            overlay = .command(LineEditor(history: typed.commands))
        case .redraw:
            return [.redraw]
        case .suspend:
            return [.suspend]
        case .pause:
            return [.poll(poller.togglePause())]
        case .refresh:
            return [.poll(.refreshNow)] + askForTasksAgain()
        case .copyMenu:
            openCopyMenu()
        case .faster, .slower:
            return setInterval(poller.interval.stepped(intent == .faster ? .down : .up))
        default:
            return nil
        }
        needsSorting = true
        return []
    }

    mutating func setInterval(_ interval: PollingInterval) -> [Effect] {
        poller.interval = interval
        // Whether ages are shown depends on the interval.
        boardHasChanged = true
        notify("Polling every \(interval.description).")
        return [.poll(.setInterval(interval))]
    }
}
