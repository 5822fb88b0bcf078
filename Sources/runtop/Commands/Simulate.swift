import AIDPSimulator
import ArgumentParser
@preconcurrency import Dispatch
import Foundation
import OCIAuth

/// `runtop simulate`: the embedded service alone, for other clients.
struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The embedded service alone: AIDP's API on 127.0.0.1, with signatures verified.",
        discussion: """
            Its key, profile and tokens stay in ~/.local/state/runtop/simulator, private to you, so that a dashboard that \
            is left open carries on after a restart.
            """)

    @Option(help: "The port on 127.0.0.1; 0 takes any free one.")
    var port: Int = 8089

    @Option(
        name: .customLong("host"),
        help:
            "A name to answer to besides 127.0.0.1, localhost and [::1], for a proxy in front of it; can be repeated."
    )
    var hosts: [String] = []

    @OptionGroup(title: "The embedded service") var service: ServiceOptions

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port is \(port), and may be 0 to 65535.") }
    }

    func run() async throws {
        try await reportingFailures {
            let interrupts = Interrupts()
            let folder = Environment(ProcessInfo.processInfo.environment).stateFolder + "/simulator"
            let embedded = try await EmbeddedService.start(service, port: port, hosts: hosts) {
                try DemoIdentity(
                    keptIn: URL(filePath: folder, directoryHint: .isDirectory), tokenLifetime: service.lifetimeOfTokens)
            }
            let guide = ClientGuide(
                port: embedded.port, identity: embedded.identity, settings: embedded.settings, program: Self.program)
            print("# AIDP on http://127.0.0.1:\(embedded.port), until ^C. In another shell:\n")
            print(guide.shell)
            print("\n# For the other ways to sign in:\n")
            print(guide.otherWays)
            print("\n# The same with Oracle's own Python client (pip install aidp-python-client):\n")
            print(guide.python.split(separator: "\n").map { "#   \($0)" }.joined(separator: "\n"))
            // A script may be reading the port from a pipe.
            fflush(nil)
            await interrupts.first()
            await embedded.stop()
        }
    }

    /// The command that started this program: its name, if `PATH` finds it, or an absolute path.
    private static var program: String {
        let name = CommandLine.arguments.first ?? "runtop"
        return name.contains("/") ? URL(filePath: name).standardizedFileURL.path : name
    }
}

/// Receives SIGINT, SIGTERM and SIGHUP, which then do not end the program.
struct Interrupts: Sendable {
    private let signals: AsyncStream<Int32>
    private let sources: [any DispatchSourceSignal]

    /// - Parameter received: called with each signal, on a thread of its own.
    init(_ received: @escaping @Sendable (Int32) -> Void = { _ in }) {
        let (signals, sink) = AsyncStream<Int32>.makeStream()
        self.signals = signals
        sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler {
                received(number)
                sink.yield(number)
            }
            source.activate()
            return source
        }
    }

    /// Waits for the first of these signals.
    func first() async {
        _ = await signals.first { _ in true }
        for source in sources { source.cancel() }
    }

    /// Lets the signals end the program again.
    func end() {
        for source in sources { source.cancel() }
        for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_DFL) }
    }
}
