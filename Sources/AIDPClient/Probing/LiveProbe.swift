import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import X509

/// The real network, by NIO; no step takes longer than its time-out.
public struct LiveProbe: EndpointProbing {
    private let timeout: TimeAmount
    private let group: any EventLoopGroup

    /// - Parameter timeout: for one step, in seconds.
    public init(timeout: Double, group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton) {
        self.timeout = .milliseconds(Int64(timeout * 1_000))
        self.group = group
    }

    public func addresses(of host: String, port: Int) async throws(ProbeFailure) -> [String] {
        do {
            // The resolver blocks, and cannot be given up: it has a thread of its own and time-outs of its own.
            let address = try await NIOThreadPool.singleton.runIfActive {
                try SocketAddress.makeAddressResolvingHost(host, port: port)
            }
            return [address.ipAddress ?? host]
        } catch {
            throw ProbeFailure("the name \(host) was not found")
        }
    }

    public func connect(to host: String, port: Int) async throws(ProbeFailure) -> Int {
        let clock = ContinuousClock()
        let start = clock.now
        do {
            let channel = try await ClientBootstrap(group: group).connectTimeout(timeout)
                .connect(host: host, port: port).get()
            try? await channel.close()
            return Int((clock.now - start) / .milliseconds(1))
        } catch {
            throw ProbeFailure(Self.reason(error))
        }
    }

    public func handshake(with host: String, port: Int, trusting file: String?) async throws(ProbeFailure) -> TLSFacts {
        do {
            var configuration = TLSConfiguration.makeClientConfiguration()
            if let file { configuration.additionalTrustRoots = [.file(file)] }
            let context = try NIOSSLContext(configuration: configuration)
            // A literal address has no server name to send; its certificate is checked against the address.
            let name = (try? SocketAddress(ipAddress: host, port: port)) == nil ? host : nil
            let (done, wait) = (group.next().makePromise(of: TLSFacts.self), timeout)
            let bootstrap = ClientBootstrap(group: done.futureResult.eventLoop).connectTimeout(timeout)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandlers(
                            NIOSSLClientHandler(context: context, serverHostname: name), Handshake(done))
                    }
                }
            let channel: any Channel
            do {
                channel = try await bootstrap.connect(host: host, port: port).get()
            } catch {
                done.fail(error)
                throw error
            }
            let late = channel.eventLoop.scheduleTask(in: wait) { done.fail(ChannelError.connectTimeout(wait)) }
            defer { late.cancel() }
            let facts = try await done.futureResult.get()
            try? await channel.close()
            return facts
        } catch {
            throw ProbeFailure(Self.reason(error))
        }
    }

    private static func reason(_ error: any Error) -> String {
        if let failure = error as? ProbeFailure { return failure.message }
        return TransportError(error, maximumBodySize: 0).message
    }
}

/// Waits for the end of a TLS handshake and reads what it showed.
private final class Handshake: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let done: EventLoopPromise<TLSFacts>

    init(_ done: EventLoopPromise<TLSFacts>) { self.done = done }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case TLSUserEvent.handshakeCompleted? = event as? TLSUserEvent else {
            return context.fireUserInboundEventTriggered(event)
        }
        do {
            let handler = try context.pipeline.syncOperations.handler(type: NIOSSLClientHandler.self)
            guard let peer = handler.peerCertificate else { throw ProbeFailure("the server showed no certificate") }
            let certificate = try Certificate(derEncoded: peer.toDERBytes())
            let version = try context.channel.pipeline.syncOperations.nioSSL_tlsVersion()
            done.succeed(
                TLSFacts(
                    version: version.map { "\($0)" } ?? "TLS", issuer: certificate.issuer.description,
                    notValidAfter: certificate.notValidAfter))
        } catch {
            done.fail(error)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        done.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        done.fail(ProbeFailure("the connection was closed in the handshake"))
    }
}
