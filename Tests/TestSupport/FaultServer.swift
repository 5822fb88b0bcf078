import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A server on loopback that keeps the head of each request and answers as its script says, right or wrong.
package struct FaultServer: Sendable {
    /// One thing to do on a connection, in order, once a request's head is there. After the last the server waits.
    package enum Step: Sendable {
        case send([UInt8])
        /// One byte every ten milliseconds, until the connection is closed.
        case trickle
        case close

        package static func text(_ text: String) -> Step { .send(Array(text.utf8)) }

        /// A whole response with its length.
        package static func response(
            _ status: String, headers: String = "", body: [UInt8] = Array(#"{"items":[]}"#.utf8)
        )
            -> Step
        {
            .send(Array("HTTP/1.1 \(status)\r\ncontent-length: \(body.count)\r\n\(headers)\r\n".utf8) + body)
        }
    }

    package let port: Int
    private let log: RequestLog

    /// The heads of the requests so far, as they came.
    package var requests: [String] { log.heads }

    /// How many connections there were.
    package var connections: Int { log.connections }

    /// Runs a server while `body` runs. Every request gets the same script.
    ///
    /// - Parameter awaitingHead: play it only when a request's head is complete; otherwise at whatever comes first.
    package static func run(
        _ script: Step..., awaitingHead: Bool = true, tls: NIOSSLContext? = nil, host: String = "127.0.0.1",
        body: (FaultServer) async throws -> Void
    ) async throws {
        let log = RequestLog()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                log.connected()
                return channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    try channel.pipeline.syncOperations.addHandler(
                        ScriptPlayer(script: script, awaitsHead: awaitingHead, log: log))
                }
            }
            .bind(host: host, port: 0).get()
        let server = FaultServer(port: channel.localAddress?.port ?? 0, log: log)
        do {
            try await body(server)
        } catch {
            try await channel.close().get()
            throw error
        }
        try await channel.close().get()
    }
}

/// What was received, over all connections.
private final class RequestLog: Sendable {
    private let received = Mutex<(heads: [String], connections: Int)>(([], 0))

    var heads: [String] { received.withLock { $0.heads } }
    var connections: Int { received.withLock { $0.connections } }
    func append(_ head: String) { received.withLock { $0.heads.append(head) } }
    func connected() { received.withLock { $0.connections += 1 } }
}

/// Plays the script for every request of one connection.
private final class ScriptPlayer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let script: [FaultServer.Step]
    private let awaitsHead: Bool
    private let log: RequestLog
    private var head = ""

    init(script: [FaultServer.Step], awaitsHead: Bool, log: RequestLog) {
        self.script = script
        self.awaitsHead = awaitsHead
        self.log = log
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        head += String(buffer: unwrapInboundIn(data))
        guard !awaitsHead || head.utf8.suffix(4).elementsEqual("\r\n\r\n".utf8) else { return }
        log.append(head)
        head = ""
        for step in script {
            switch step {
            case .send(let bytes): context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
            case .trickle: trickle(context.channel)
            case .close: context.close(promise: nil)
            }
        }
    }

    private func trickle(_ channel: any Channel) {
        channel.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(10)) { task in
            guard channel.isActive else { return task.cancel() }
            channel.writeAndFlush(ByteBuffer(string: " "), promise: nil)
        }
    }
}
