import Dashboard
import Foundation
import OCIAuth
import Polling
import Screen
import Terminal

/// The running dashboard: events from the terminal, the poller and the clock go into the state; frames and effects come
/// out of it.
@MainActor
final class LiveDashboard {
    private let screen: TerminalScreen
    private let poller: Poller
    /// The current interval, which limits the time of the poller's calls.
    private let interval: CurrentInterval
    private let session: (@Sendable () async -> SessionStanding)?
    private let environment: [String: String]
    /// `nil` when nothing is kept.
    let history: HistoryFeed?
    private var recorder: HistoryRecorder?
    private var recording: Task<Void, any Error>?
    private var state: DashboardState
    private var paintIsDue = false
    private var ending: CheckedContinuation<Ending, Never>?

    /// Why it ended.
    enum Ending: Equatable {
        case quit
        case terminalGone
        case signal(Int32)
    }

    /// - Parameter session: the state of the session token; `nil` without one.
    init(
        screen: TerminalScreen, poller: Poller, state: DashboardState, interval: CurrentInterval,
        environment: [String: String], history: HistoryFeed? = nil,
        session: (@Sendable () async -> SessionStanding)? = nil
    ) {
        self.screen = screen
        self.poller = poller
        self.interval = interval
        self.session = session
        self.environment = environment
        self.history = history
        self.state = state
    }

    /// Shows a warning in the footer, until a key is pressed or ten seconds have passed.
    func warn(_ text: String) { _ = state.update(.warning(text), at: Date()) }

    /// Runs until the operator quits, a signal ends the process, or the terminal is gone.
    func run() async -> Ending {
        recorder = history?.recorder { [weak self] in await self?.show($0) }
        let isRecalled = await recall(within: Self.waitForHistory)
        paint()
        recording = Task { [recorder] in await recorder?.run() }
        let work = [
            Task { await poller.run() },
            Task { for await event in poller.events { take(event) } },
            Task { await learnPast(isRecalled: isRecalled) },
            Task { for await event in screen.events { handle(event) } },
            Task { await tick() },
            Task { await watchSession() },
        ]
        let ending = await withCheckedContinuation { self.ending = $0 }
        for task in work { task.cancel() }
        recorder?.finish()
        return ending
    }

    /// Waits until the last cycle is in the history, but not for ever: another program may hold a lock.
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
        case .key(let key): handle(.key(key), paintWithin: .zero)
        case .resized(let size): handle(.resized(size), paintWithin: .zero)
        case .resumed: handle(.resized(screen.size), paintWithin: .zero)
        case .hangUp: end(.terminalGone)
        case .interrupt(let signal): end(.signal(signal))
        }
    }

    func handle(_ event: DashboardEvent, paintWithin delay: Duration) {
        for effect in state.update(event, at: Date()) { carryOut(effect) }
        schedulePaint(within: delay)
    }

    private func carryOut(_ effect: Effect) {
        switch effect {
        case .quit: end(.quit)
        case .suspend: screen.suspend()
        case .redraw: screen.redraw()
        case .poll(let command):
            if case .setInterval(let chosen) = command { interval.duration = chosen.duration }
            poller.send(command)
        case .copy(let text, let what): copy(text, what)
        case .save(let text, let path): save(text, path: path)
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
            handle(event, paintWithin: .zero)
        }
    }

    /// Writes a new file that only its owner can read; never overwrites an existing one.
    private func save(_ text: String, path: String) {
        let expanded = Environment(environment).expandingTilde(path)
        do {
            try NewFile.write(Data(text.utf8), path: expanded)
            handle(.saved(path: expanded), paintWithin: .zero)
        } catch {
            handle(.saveFailed(path: expanded, reason: error.reason), paintWithin: .zero)
        }
    }

    /// Answers arrive in bursts, so one frame shows all that arrive within the delay.
    private func schedulePaint(within delay: Duration) {
        guard !paintIsDue else { return }
        paintIsDue = true
        Task {
            if delay > .zero { try? await Task.sleep(for: delay) }
            if paintIsDue { paint() }
        }
    }

    private func paint() {
        paintIsDue = false
        screen.paint(state.frame())
    }

    private func take(_ event: PollEvent) {
        recorder?.note(event)
        handle(.poll(event), paintWithin: .milliseconds(50))
    }

    /// Sends a tick at every whole second, because times on the screen are in seconds.
    private func tick() async {
        while !Task.isCancelled {
            let toNextSecond = 1 - Date().timeIntervalSince1970.truncatingRemainder(dividingBy: 1)
            try? await Task.sleep(for: .seconds(toNextSecond), tolerance: .milliseconds(50))
            handle(.tick, paintWithin: .zero)
        }
    }

    /// Checks every few seconds: the token's file may have been replaced.
    private func watchSession() async {
        guard let session else { return }
        while !Task.isCancelled {
            let standing = await session()
            handle(
                .session(ends: standing.ends, notRefreshed: standing.notRefreshed), paintWithin: .milliseconds(50))
            try? await Task.sleep(for: .seconds(3), tolerance: .seconds(1))
        }
    }
}
