import AIDPSimulator
import ArgumentParser
import Dashboard
import Foundation
import OCIAuth
import Polling
import Screen
import Terminal

/// `runtop demo`: the dashboard with the embedded service. It needs no configuration.
struct Demo: DashboardCommand {
    static let configuration = CommandConfiguration(
        abstract: "The dashboard on an embedded service: forty jobs that run and fail, without a tenancy.",
        discussion: "Actions are allowed, since nobody's runs are changed: R repairs the selected job's failed run.")

    @OptionGroup(title: "The embedded service") var service: ServiceOptions
    @OptionGroup(title: "The dashboard") var display: DisplayOptions
    @OptionGroup(title: "The history") var history: HistoryOptions
    @Flag(help: "Allow no actions.")
    var readOnly = false
    @Flag(name: .customLong("allow-actions"), help: "Allow actions (the default here).")
    var allowActions = false
    @OptionGroup(title: "Logs") var log: LogOptions

    /// The variable with the folder of the demo's key. The parent creates and removes it, even if the child crashes.
    private static let folderVariable = "RUNTOP_DEMO_FOLDER"

    func run() async throws {
        try await reportingFailures {
            let environment = ProcessInfo.processInfo.environment
            let settings = try SettingsFile.load(named: display.settings, environment: environment)
            let folder = environment[Self.folderVariable, default: ""]
            let embedded = try await EmbeddedService.start(service) {
                try DemoIdentity(in: URL(filePath: folder), tokenLifetime: service.lifetimeOfTokens)
            }
            let interval = display.interval ?? settings.interval ?? PollingInterval(.seconds(5))
            // Each demo has a new world, so its history is kept in the temporary folder, and removed with it.
            var kept = settings.history
            kept.path = folder + "/history.db"
            let session = DashboardSession(
                connection: try await embedded.connection(
                    logs: log.open(settings, environment: environment), withSession: service.tokenLifetime != nil),
                polling: PollingSettings(
                    scope: .workspace(nameContains: nil), interval: interval, recordCount: 10, limit: 25),
                theme: display.theme ?? settings.theme, keymap: settings.keymap, ownCommands: settings.ownCommands,
                allowsActions: !readOnly, isProtected: settings.isProtected,
                history: history.store(kept, environment: environment))
            try await session.run(environment: environment)
            await embedded.stop()
        }
    }

    func runSupervised(environment: [String: String]) throws -> Int32 {
        // An invalid settings file is reported before the folder is created.
        _ = try SettingsFile.load(named: display.settings, environment: environment)
        let folder = FileManager.default.temporaryDirectory.appending(path: "runtop-\(UUID().uuidString)")
        // Only its owner has access.
        guard mkdir(folder.path, 0o700) == 0 else {
            throw CommandFailure(
                .ioError,
                "The demo's folder \(folder.path) cannot be made: \(String(cString: strerror(errno))).",
                advice: "Set TMPDIR to a directory you may write to.")
        }
        defer { try? FileManager.default.removeItem(at: folder) }
        return try Supervisor.run(
            arguments: CommandLine.arguments,
            environment: environment.merging([Self.folderVariable: folder.path]) { _, ours in ours },
            stateFolder: Environment(environment).stateFolder)
    }
}
