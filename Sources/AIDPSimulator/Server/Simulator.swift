import Foundation
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix

/// The embedded service: AIDP's API over real HTTP on 127.0.0.1, with verified signatures, and jobs that run and fail.
///
///     var settings = SimulatorSettings()
///     settings.keys = [identity.key]
///     let simulator = Simulator(settings)
///     try await simulator.run { port in print("http://127.0.0.1:\(port)") }
public actor Simulator {
    private let settings: SimulatorSettings
    private let responder: Responder
    private var faults: [Fault]
    private var served: [Operation: Int] = [:]

    /// The number of requests received so far, including refused ones.
    public private(set) var requestsServed = 0

    /// - Parameter now: the service's clock. It determines the state of the world, and the dates of signatures are compared with it.
    public init(_ settings: SimulatorSettings, now: @escaping @Sendable () -> Date = { Date() }) {
        self.settings = settings
        faults = settings.faults
        responder = Responder(settings, now: now)
    }

    /// Replaces the active faults, from the next request on.
    public func inject(_ faults: [Fault]) { self.faults = faults }

    /// The number of requests received for an operation so far.
    public func requestsServed(for operation: Operation) -> Int { served[operation, default: 0] }

    /// Serves until the task is cancelled; open requests are then dropped.
    /// - Parameter onListening: called once with the port that was bound.
    /// - Throws: ``ListeningError`` when the port cannot be bound.
    public nonisolated func run(onListening: @escaping @Sendable (Int) async -> Void) async throws {
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
            throw ListeningError(reason: String(cString: strerror(error.errnoCode)))
        }
    }

    /// Counts a request and draws the faults that apply to it.
    private func admit(_ operation: Operation?) -> FaultDraw {
        requestsServed += 1
        if let operation { served[operation, default: 0] += 1 }
        var dice = Dice(seed: settings.seed, slot: requestsServed, decision: 50)
        return FaultDraw(faults, operation: operation, dice: &dice)
    }
}

/// The port cannot be listened on.
public struct ListeningError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The system's message.
    public let reason: String

    public var description: String { reason }
}
