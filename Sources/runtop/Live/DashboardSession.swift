import AIDP
import ArgumentParser
import Dashboard
import Foundation
import Polling
import Screen
import Terminal

/// One session at the dashboard: opens the terminal, connects its parts, and closes them again.
struct DashboardSession: Sendable {
    let connection: Connection
    let polling: PollingSettings
    /// `nil` for the theme that suits the terminal.
    let theme: Theme.Name?
    let keymap: Keymap
    /// The warnings that the dashboard shows at its start.
    var warnings: [String] = []

    /// - Throws: ``Refusal`` when there is no terminal, or none that a dashboard can be drawn on.
    @MainActor static func requireTerminal(_ environment: [String: String]) throws {
        do throws(TerminalError) {
            try TerminalScreen.check(environment: environment)
        } catch {
            throw Refusal(.unavailable, "\(error)")
        }
    }

    @MainActor
    func run(environment: [String: String]) async throws {
        let screen = try open(environment)
        let interval = CurrentInterval(polling.interval.duration)
        let client = connection.client(within: interval)
        let poller = Poller(
            service: client, place: connection.place, settings: polling, clock: ContinuousClock(), now: { Date() },
            random: { Double.random(in: $0) }, workspaceName: connection.workspaceName(client))
        let name = theme ?? (screen.capabilities.colorCount == 0 ? .mono : .dark)
        let state = DashboardState(
            place: PlaceLabel(region: connection.region, workspace: connection.workspace, profile: connection.profile),
            interval: polling.interval,
            appearance: Appearance(theme: Theme(name), glyphs: screen.capabilities.isUTF8 ? .utf8 : .ascii),
            keymap: keymap, clock: .local, size: screen.size, now: Date())
        let live = LiveDashboard(
            screen: screen, poller: poller, state: state, interval: interval, environment: environment,
            session: connection.session)
        for warning in warnings { live.warn(warning) }
        let ending = await live.run()
        screen.close()
        connection.logs.finish()
        switch ending {
        case .quit: break
        // The terminal is gone, or the process must end: running work is cancelled.
        case .terminalGone: Foundation.exit(128 + SIGHUP)
        case .signal(let signal): Foundation.exit(128 + signal)
        }
        await client.shutdown()
    }

    @MainActor
    private func open(_ environment: [String: String]) throws -> TerminalScreen {
        do throws(TerminalError) {
            return try TerminalScreen.open(environment: environment)
        } catch {
            throw Refusal(.unavailable, "\(error)")
        }
    }
}
