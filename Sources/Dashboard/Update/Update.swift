import Foundation
import Polling
import Runs
import Screen

/// Something that happened: all that gets into the dashboard is one of these.
package enum DashboardEvent: Sendable {
    case key(Key)
    case resized(Size)
    /// Time has passed: the moment of ``DashboardState/nextTick(after:)``.
    case tick
    case poll(PollEvent)
    /// When the session token ends, `nil` without one; and why it was not refreshed, where that failed.
    case session(ends: Date?, notRefreshed: String? = nil)
    /// The jobs as the history has them.
    case recalled([RememberedJob])
    /// Older runs of jobs, from the history.
    case learned([JobID: [PastRun]])
    /// Why the history is not written; `nil` when it is again.
    case history(problem: String?)
    /// Something about the set-up that the operator should know.
    case warning(String)
    /// The clipboard got a text, and what it was.
    case copied(SafeText, by: CopyRoute)
    /// The text is longer than a terminal takes.
    case copyFailed
    /// All the runs that the history has of a job, in answer to ``Effect/recallPast(of:)``.
    case pastRecalled([PastRun], of: JobID)
    /// Go on with the search of a long text: sent for as long as ``DashboardState/isSearching``.
    case searchOn
    /// A long text was read, in answer to ``Effect/readText(_:)``.
    case textRead(ReadText)
    case saved(path: String)
    case saveFailed(path: String, reason: String)
    case action(ActionEvent)
    case ownCommand(OwnCommandEvent)
}

/// How a text got to the clipboard.
package enum CopyRoute: Equatable, Sendable {
    /// tmux took it into its paste buffer.
    case tmux
    /// It was sent to the terminal, which does not report whether it took it.
    case terminal
}

/// Something to do outside the dashboard: all that it asks for is one of these.
package enum Effect: Equatable, Sendable {
    case quit
    case suspend
    /// Draw every cell again: something else wrote on the terminal.
    case redraw
    case poll(PollCommand)
    /// Read all the runs that the history has of a job; a dashboard without a history does nothing.
    case recallPast(of: JobID)
    /// Read a long text, where no key waits for it.
    case readText(UnreadText)
    /// Put a text on the clipboard; `what` names it to the operator.
    case copy(String, what: SafeText)
    /// Write a text as it is shown to a new file; never over one that is there.
    case save(LongText, path: String)
    /// Write a text as the service sent it to a new file; never over one that is there.
    case saveRaw(String, path: String)
    /// Show a text in a program of the operator's, which gets the terminal meanwhile; `name` is that of its file.
    case handOver(LongText, to: ExternalProgram, name: String)
    /// Something that an action needs; whatever changes a run passes the gate.
    case action(ActionEffect)
    /// Something about a command of the operator's; one that changes something passes the gate.
    case ownCommand(OwnCommandEffect)
}

extension DashboardState {
    /// Applies an event; gives the effects to carry out.
    package mutating func update(_ event: DashboardEvent, at now: Date) -> [Effect] {
        let effects = apply(event, at: now)
        return effects + askForReading()
    }

    private mutating func apply(_ event: DashboardEvent, at now: Date) -> [Effect] {
        self.now = now
        // A key acts on what is on the screen.
        var fresh: Notice?
        if case .key = event {
            let before = notice
            arrange(holdsNews: true)
            if notice != before { fresh = notice }
        }
        // What arranging has to say is said though a key takes the message before it away.
        defer { if notice == nil, overlay == nil { notice = fresh } }
        isArranged = false
        switch event {
        case .key(let key): return press(key)
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

    /// Warns of something that happened once and must not be overlooked: it stays until a key is pressed.
    private mutating func warnUntilSeen(_ text: SafeText) {
        notice = Notice(text: text, isWarning: true, secondsLeft: nil)
    }

    mutating func notify(_ text: SafeText) { notice = Notice(text: text) }

    mutating func warn(_ text: SafeText) { notice = Notice(text: text, isWarning: true, secondsLeft: 10) }

    private mutating func tick() {
        // Lateness, and an order by duration, change with time alone.
        if now >= arrangementHolds { boardHasChanged = true }
        guard let notice, let left = notice.secondsLeft else { return }
        if left > 1 { self.notice?.secondsLeft = left - 1 } else { self.notice = nil }
    }

    private mutating func press(_ key: Key) -> [Effect] {
        notice = nil
        if let overlay { return edit(overlay, with: key) }
        if let effects = pressOnCommand(key) { return effects }
        if let command = ownCommands(in: context).first(where: { $0.key == key }) { return run(command) }
        guard let intent = keymap.intent(for: key, in: context) else { return [] }
        return perform(intent)
    }

    /// Does what a key stands for on the screen that is shown.
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

    /// Does what is the same on every screen; `nil` for an intent that depends on the screen.
    private mutating func performAnywhere(_ intent: Intent) -> [Effect]? {
        switch intent {
        case .quit:
            guard inner.popLast() != nil else { return quit() }
        case .back where shownPager?.marking != nil:
            return nil
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
        // An age is shown after several intervals.
        boardHasChanged = true
        notify("Polling every \(interval.description).")
        return [.poll(.setInterval(interval))]
    }
}
