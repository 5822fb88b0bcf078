import Foundation
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

/// The embedded service: AIDP's API over real HTTP on 127.0.0.1. It verifies signatures; its jobs run and fail.
///
///     var settings = SimulatorSettings()
///     settings.keys = [identity.key]
///     let simulator = Simulator(settings)
///     try await simulator.run { port in print("http://127.0.0.1:\(port)") }
package actor Simulator {
    private let settings: SimulatorSettings
    private let responder: Responder
    private var faults: [Fault]
    private var counts: [ServedOperation: Int] = [:]

    /// The number of requests received so far, including rejected ones.
    package private(set) var requestsServed = 0

    /// - Parameter now: the service's clock, which determines the state of the world and checks the dates of signatures.
    package init(_ settings: SimulatorSettings, now: @escaping @Sendable () -> Date = { Date() }) {
        self.settings = settings
        faults = settings.faults
        responder = Responder(settings, now: now)
    }

    /// Replaces the active faults for all later requests.
    package func inject(_ faults: [Fault]) { self.faults = faults }

    /// The number of requests received for an operation so far.
    package func requestsServed(for operation: ServedOperation) -> Int { counts[operation, default: 0] }

    /// Serves until the task is cancelled. Running requests are then dropped.
    /// - Parameter onListening: called once with the port that the server listens on.
    /// - Throws: ``SimulatorError`` with the system's message if the port cannot be bound.
    package nonisolated func run(onListening: @escaping @Sendable (Int) async -> Void) async throws {
        let responder = self.responder
        let connections = ClosingHTTP1Channel { request, writer, _ in
            try await responder.respond(to: request, through: writer) { await self.admit($0) }
        }
        let service = connections.server(
            configuration: .init(address: .hostname("127.0.0.1", port: settings.port)),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? 0) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "simulator") { _ in SwiftLogNoOpLogHandler() })
        do {
            try await service.run()
        } catch let error as IOError {
            throw SimulatorError(description: String(cString: strerror(error.errnoCode)))
        }
    }

    /// Counts a request and draws the faults that apply to it.
    private func admit(_ operation: ServedOperation?) -> FaultDraw {
        requestsServed += 1
        if let operation { counts[operation, default: 0] += 1 }
        var dice = Dice(seed: settings.seed, slot: requestsServed, decision: 50)
        return FaultDraw(faults, operation: operation, dice: &dice)
    }
}

/// The settings of a simulator. The defaults are those of the demo.
package struct SimulatorSettings: Sendable {
    /// The port on 127.0.0.1; 0 for any free port.
    package var port = 0
    /// The host names that are accepted besides 127.0.0.1, localhost and [::1], such as the name of a proxy.
    package var hosts: [String] = []
    /// Two worlds with the same seed are the same.
    package var seed: UInt64 = 2026
    /// The speed of the jobs relative to their schedules. At 20, an hourly job runs every three minutes, and a refresh
    /// every 15 s finds about nine changes among forty jobs.
    package var speed = 20.0
    /// The number of jobs, 0 to 65,536. Beyond forty, the families repeat for regions and tenants and run less often.
    package var jobCount = 40
    /// The faults that are active from the start.
    package var faults: [Fault] = []
    /// The first component of every path.
    package var apiVersion = "20260430"
    /// The AI Data Platform instance that exists; all others are 404.
    package var instanceID = "ocid1.aidataplatform.oc1.iad.aaaaaaaademo"
    /// The workspace that exists; all others are 404.
    package var workspaceKey = "6f9d7c1e-2b40-4a53-9c1d-demo00000001"
    package var workspaceName = "retail-production"
    /// The API keys whose signatures are accepted.
    package var keys: [RegisteredKey] = []
    /// The issuer whose session tokens are accepted; `nil` for none.
    package var tokenIssuer: TokenIssuer?
    /// The instance whose metadata is served and whose certificate is exchanged for tokens; `nil` for none.
    package var instance: ComputeInstance?
    /// The lifetime of an issued token.
    package var tokenLifetime: Duration = .seconds(3_600)
    /// The maximum number of `jobKey` values in one request; `nil` for no limit except the length of the target, since
    /// the reference page states none.
    package var maximumJobKeys: Int?
    /// The maximum length of a request target in bytes. A longer one gets 414, as from gateways.
    package var maximumTargetLength = 16_384
    /// Texts that replace names, messages and traces, for tests with hostile input; empty for normal texts.
    package var hostile: [String] = []
    /// The minimum size of the outputs of tasks in bytes. With 0 they have a usual size, and long ones are truncated.
    package var outputSize = 0

    package init() {}
}

/// Why the simulator cannot start, such as a port in use, a file that cannot be written, or an invalid fault.
package struct SimulatorError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong and, if the simulator knows it, what to do.
    package let description: String
}

/// HTTP/1.1 that closes its connections even if no handler serves them.
///
/// A connection that is accepted while the server stops reaches no handler. NIO then crashes the process when it
/// releases the `NIOAsyncChannel` ("Deinited NIOAsyncWriter without calling finish()").
struct ClosingHTTP1Channel: ServerChildChannel {
    /// One connection. The handler that uses its stream closes it; otherwise `deinit` does.
    final class Connection: ServerChildChannelValue {
        typealias Stream = HTTP1Channel.Value

        let channel: any Channel
        private let stream: Mutex<Stream?>

        init(_ stream: Stream) {
            channel = stream.channel
            self.stream = Mutex(stream)
        }

        deinit {
            guard let unserved = takeStream() else { return }
            Task { try? await unserved.executeThenClose { _, _ in } }
        }

        func takeStream() -> Stream? { stream.withLock { $0.take() } }
    }

    private let http: HTTP1Channel

    init(responder: @escaping HTTPChannelHandler.Responder) { http = HTTP1Channel(responder: responder) }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Connection> {
        http.setup(channel: channel, logger: logger).map(Connection.init)
    }

    func handle(value: Connection, logger: Logger) async {
        if let stream = value.takeStream() { await http.handle(value: stream, logger: logger) }
    }
}
