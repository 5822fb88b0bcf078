import Dashboard
import Foundation
import OCIAuth
import Polling
import Runs
import Screen
import Terminal

/// The running dashboard. Events from the terminal, the poller and the clock change the state; frames and effects are
/// the output.
@MainActor
final class LiveDashboard {
    let screen: TerminalScreen
    let poller: Poller
    /// The current interval, which limits the time of the poller's calls.
    let interval: CurrentInterval
    private let session: (@Sendable () async -> SessionStanding)?
    let environment: [String: String]
    /// `nil` if there is no history.
    let history: HistoryFeed?
    /// The gate and the sender of actions.
    var actions: ActionFeed?
    private let ownCommands: OwnCommandRunner
    private var recorder: HistoryRecorder?
    private var recording: Task<Void, any Error>?
    private var state: DashboardState
    /// Paints frames and sends ticks. A timer of the main thread wakes no other thread.
    private var timer: Timer?
    /// When the next frame is due; `nil` if nothing has changed.
    private var paintDue: Date?
    /// When a frame with new data of the poller and the history is due; `nil` if there is no new data.
    private var boardPaintDue: Date?
    /// How long the last such frame took, in seconds.
    private var boardPaintCost: TimeInterval = 0
    /// Whether reading the history has failed so far.
    var isPastUnread = false
    /// The text that a program of the operator's shows now.
    var handed: HandedText?
    private var ending: CheckedContinuation<Ending, Never>?

    enum Ending: Equatable {
        case quit
        case terminalGone
        case signal(Int32)
    }

    /// - Parameter session: the state of the session token; `nil` without one.
    init(
        screen: TerminalScreen, poller: Poller, state: DashboardState, interval: CurrentInterval,
        environment: [String: String], history: HistoryFeed? = nil, actions: ActionFeed? = nil,
        session: (@Sendable () async -> SessionStanding)? = nil
    ) {
        self.screen = screen
        self.poller = poller
        self.interval = interval
        self.session = session
        self.environment = environment
        self.history = history
        self.actions = actions
        ownCommands = OwnCommandRunner(environment: environment)
        self.state = state
    }

    /// Shows a warning in the footer until the next key.
    func warn(_ text: String) { _ = state.update(.warning(text), at: Date()) }

    /// Runs until the user quits, a signal ends the process, or the terminal is gone.
    func run() async -> Ending {
        startTimer()
        recorder = history?.recorder { [weak self] in await self?.show($0) }
        let isRecalled = await recall(within: Self.waitForHistory)
        paint()
        recording = Task { [recorder] in await recorder?.run() }
        let work = [
            Task { await poller.run() },
            Task { for await event in poller.events { await take(event) } },
            Task { await learnPast(isRecalled: isRecalled) },
            Task { await fillInPast() },
            Task { for await event in screen.events { handle(event) } },
            Task { await watchSession() },
            Task { await releaseStart() },
        ]
        let ending = await withCheckedContinuation { self.ending = $0 }
        for task in work { task.cancel() }
        timer?.invalidate()
        recorder?.finish()
        await ownCommands.stopAll()
        handed?.remove()
        return ending
    }

    /// Waits until the last cycle is in the history, with a timeout: another program may hold a lock.
    func finishHistory() async {
        guard let recording else { return }
        _ = await value(of: recording, within: .seconds(2))
    }

    private func end(_ reason: Ending) {
        ending?.resume(returning: reason)
        ending = nil
    }

    private func handle(_ event: TerminalEvent) {
        switch event {
        case .key(let key, let moment): handle(.key(key, readAt: moment), paintWithin: 0)
        case .resized(let size): handle(.resized(size), paintWithin: 0)
        case .resumed: handle(.resized(screen.size), paintWithin: 0)
        case .hangUp: end(.terminalGone)
        case .interrupt(let signal): end(.signal(signal))
        }
    }

    func handle(_ event: DashboardEvent, paintWithin delay: TimeInterval) {
        let now = Date()
        for effect in state.update(event, at: now) { carryOut(effect) }
        guard delay > 0 else { return schedulePaint(at: now) }
        // With thousands of jobs such a frame is slow, and keys wait for it: it may take at most a tenth of the time.
        let due = now.addingTimeInterval(max(delay, boardPaintCost * 9))
        boardPaintDue = min(boardPaintDue ?? due, due)
        schedulePaint(at: due)
    }

    private func carryOut(_ effect: Effect) {
        switch effect {
        case .quit: end(.quit)
        case .suspend: screen.suspend()
        case .redraw: screen.redraw()
        case .poll(let command):
            if case .setInterval(let chosen) = command { interval.duration = chosen.duration }
            poller.send(command)
        case .recallPast(let job): recallPast(of: job)
        case .readText(let unread):
            Task { handle(.textRead(await Task.detached { unread.read() }.value), paintWithin: 0) }
        case .copy(let text, let what): copy(text, what)
        case .save(let text, let path): save(path: path) { text.plainText }
        case .saveRaw(let text, let path): save(path: path) { text }
        case .handOver(let text, let program, let name): handOver(text, to: program, name: name)
        case .action(let effect): carryOut(effect)
        case .ownCommand(let effect): carryOut(effect)
        }
    }

    /// Runs one of the user's commands. ``OwnCommandRunner`` asks the gate.
    private func carryOut(_ effect: OwnCommandEffect) {
        switch effect {
        case .stop(let number, let byForce): ownCommands.stop(number, byForce: byForce)
        case .run(let call, let confirmed):
            Task {
                await ownCommands.run(
                    call, confirmed: confirmed, gate: actions?.gate,
                    onTerminal: { path, arguments, environment in
                        let end = await screen.handOver(to: path, arguments: arguments, environment: environment)
                        switch end {
                        case .exited(let status): return .exited(status)
                        case .signalled(let signal): return .signalled(OwnCommandRunner.signalName(signal))
                        case .notStarted(let reason): return .notStarted(reason: reason)
                        }
                    },
                    report: { handle(.ownCommand($0), paintWithin: 0.05) })
            }
        }
    }

    private func copy(_ text: String, _ what: SafeText) {
        Task {
            let event: DashboardEvent =
                switch await screen.copy(text) {
                case .tmux: .copied(what, by: .tmux)
                case .terminal: .copied(what, by: .terminal)
                case .tooLong: .copyFailed
                }
            handle(event, paintWithin: 0)
        }
    }

    /// Writes a new file that only its owner can read. Never overwrites a file. Creates a long text asynchronously.
    private func save(path: String, _ text: @escaping @Sendable () -> String) {
        let expanded = Environment(environment).expandingTilde(path)
        Task {
            let event: DashboardEvent = await Task.detached {
                do throws(NewFile.Failure) {
                    try NewFile.write(Data(text().utf8), path: expanded)
                    return .saved(path: expanded)
                } catch {
                    return .saveFailed(path: expanded, reason: error.reason)
                }
            }.value
            handle(event, paintWithin: 0)
        }
    }

    /// Answers arrive in bursts: one frame shows all that arrive before it is due.
    private func schedulePaint(at moment: Date) {
        if let paintDue, paintDue <= moment { return }
        paintDue = moment
        timer?.fireDate = moment
    }

    private func paint() {
        let begun = Date()
        let keepsOrder = boardPaintDue.map { $0 > begun } ?? false
        let paintsBoard = boardPaintDue != nil && !keepsOrder
        if paintsBoard { boardPaintDue = nil }
        screen.paint(state.frame(keepsOrder: keepsOrder))
        let ended = Date()
        state.painted(at: ended)
        if paintsBoard { boardPaintCost = max(ended.timeIntervalSince(begun), 0) }
        paintDue = boardPaintDue
        timer?.fireDate = state.isSearching ? ended : boardPaintDue ?? state.nextTick(after: ended)
    }

    private func take(_ event: PollEvent) async {
        recorder?.note(event)
        if case .workspaceNamed(let name) = event { placeIsNamed(name) }
        guard case .runsFound(let runs, _, _) = event else { return handle(.poll(event), paintWithin: 0.05) }
        // Off the main actor, because keys wait for it. Later events wait, so that no run is replaced by an older state of it.
        let past = await Task.detached { PastRun.byJob(runs) }.value
        handle(.learned(past), paintWithin: 0.05)
    }

    private func startTimer() {
        // After every frame it is set to the next due time; the interval itself hardly ever passes.
        let timer = Timer(timeInterval: 86_400, repeats: true) { [weak self] _ in
            MainActor.assumeIsolated { self?.timerFired() }
        }
        self.timer = timer
        RunLoop.main.add(timer, forMode: .default)
    }

    /// A frame is due, or the screen changes because time has passed.
    private func timerFired() {
        let event: DashboardEvent = state.isSearching ? .searchOn : .tick
        if paintDue == nil || state.isSearching { for effect in state.update(event, at: Date()) { carryOut(effect) } }
        paint()
    }

    /// After the first refresh, releases the program's pages that only the start needed.
    private func releaseStart() async {
        try? await Task.sleep(for: .seconds(20))
        guard !Task.isCancelled else { return }
        await Task.detached { ProgramPages.release() }.value
    }

    /// Reads the token's file, which may have been replaced: every few seconds if its expiry is shown or near,
    /// otherwise twice a minute.
    private func watchSession() async {
        guard let session else { return }
        while !Task.isCancelled {
            let standing = await session()
            handle(.session(ends: standing.ends, notRefreshed: standing.notRefreshed), paintWithin: 0.05)
            let isFar = standing.ends.map { $0.timeIntervalSinceNow > 900 } ?? false
            try? await Task.sleep(for: isFar ? .seconds(30) : .seconds(3), tolerance: .seconds(1))
        }
    }
}
