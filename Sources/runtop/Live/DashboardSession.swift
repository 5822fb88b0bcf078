import AIDP
import Actions
import Dashboard
import Foundation
import Glibc
import History
import Polling
import Screen
import Synchronization
import Terminal

/// One session of the dashboard: opens the terminal, connects the parts, and closes them at the end.
struct DashboardSession: Sendable {
    let connection: Connection
    let polling: PollingSettings
    /// `nil` to choose the theme for the terminal.
    let theme: Theme.Name?
    let keymap: Keymap
    var ownCommands: [OwnCommand] = []
    /// The warnings that the dashboard shows when it starts.
    var warnings: [String] = []
    var allowsActions = false
    /// Whether the user must type the name of the place before an action.
    var isProtected = false
    /// Stores what the poller reports; `nil` for no history.
    var history: SQLiteHistory?

    @MainActor
    func run(environment: [String: String]) async throws {
        // Starts reading before the terminal is open.
        let feed = history.map { HistoryFeed(store: $0, place: connection.place, scope: polling.scope) }
        let screen = try TerminalScreen.open(environment: environment)
        let interval = CurrentInterval(polling.interval.duration)
        let client = connection.client(within: interval)
        let poller = Poller(
            service: client, place: connection.place, settings: polling, clock: ContinuousClock(), now: { Date() },
            random: { Double.random(in: $0) }, workspaceName: connection.workspaceName(client),
            inspector: RunInspector(service: client, place: connection.place))
        let name = theme ?? (screen.capabilities.colorCount == 0 ? .mono : .dark)
        let state = DashboardState(
            place: PlaceLabel(
                region: connection.region, workspace: connection.workspace.text, profile: connection.profile),
            interval: polling.interval,
            appearance: Appearance(theme: Theme(name), glyphs: screen.capabilities.isUTF8 ? .utf8 : .ascii),
            keymap: keymap, ownCommands: ownCommands, clock: .local,
            calls: connection.calls(recordCount: polling.recordCount),
            actions: ActionsState(isAllowed: allowsActions, isProtected: isProtected), size: screen.size, now: Date())
        let gate = ActionGate(
            allowsActions: allowsActions, place: connection.place, placeName: connection.workspace.text,
            isProtected: isProtected)
        let acting = connection.client(budget: .seconds(30))
        let live = LiveDashboard(
            screen: screen, poller: poller, state: state, interval: interval, environment: environment,
            history: feed,
            actions: ActionFeed(gate: gate, client: acting, credentials: connection.credentials, history: history),
            session: connection.session)
        for warning in warnings { live.warn(warning) }
        let ending = await live.run()
        screen.close()
        await live.finishHistory()
        connection.logs.finish()
        switch ending {
        case .quit: break
        // The terminal is gone, or the process must end: running work is cancelled.
        case .terminalGone: Foundation.exit(128 + SIGHUP)
        case .signal(let signal): Foundation.exit(128 + signal)
        }
        await client.shutdown()
        await acting.shutdown()
    }
}

/// The refresh interval, which the user can change while the dashboard runs.
final class CurrentInterval: Sendable {
    private let state: Mutex<Duration>

    init(_ duration: Duration) { state = Mutex(duration) }

    var duration: Duration {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}

extension WallClock {
    /// The clock in the user's time zone, from `TZ` and the system's tables.
    ///
    /// `TimeZone.current` would always be GMT in a statically linked program.
    static let local = WallClock { moment in
        // The caller limits times that `time_t` cannot represent.
        var time = time_t(exactly: moment.timeIntervalSince1970.rounded(.down)) ?? 0
        var civil = tm()
        guard localtime_r(&time, &civil) != nil else { return 0 }
        return civil.tm_gmtoff
    }
}
