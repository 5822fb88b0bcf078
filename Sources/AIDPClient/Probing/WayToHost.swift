import Foundation
import NIOCore
import NIOExtras
import NIOHTTP1
import NIOPosix

/// The way to a host: straight, or through a proxy that is asked for it by CONNECT.
struct WayToHost: Sendable {
    var host: String
    var port: Int
    /// The proxy to go through; nil to go straight.
    var proxy: ProxySettings?
    /// How long opening it may take: the connection, and then the proxy's answer.
    var timeout: TimeAmount
    var group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton

    /// A connection that leads to the host; whoever asked for it closes it.
    func open() async throws -> any Channel {
        let tunnel = group.any().makePromise(of: Void.self)
        let bootstrap = ClientBootstrap(group: tunnel.futureResult.eventLoop).connectTimeout(timeout)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try ask(for: tunnel, on: channel) }
            }
        let channel: any Channel
        do {
            channel = try await bootstrap.connect(host: proxy?.host ?? host, port: proxy?.port ?? port).get()
        } catch {
            tunnel.fail(error)
            throw error
        }
        do {
            try await tunnel.futureResult.get()
            if proxy != nil {
                for name in Self.names { try await channel.pipeline.removeHandler(name: name) }
            }
            return channel
        } catch {
            try? await channel.close()
            throw error
        }
    }

    private static let names = ["encoder", "decoder"]

    private func ask(for tunnel: EventLoopPromise<Void>, on channel: any Channel) throws {
        guard let proxy else { return tunnel.succeed() }
        let authority = "\(host.contains(":") ? "[\(host)]" : host)"
        var headers = HTTPHeaders([("host", "\(authority):\(port)")])
        if let authorization = proxy.authorization { headers.add(name: "proxy-authorization", value: authorization) }
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(HTTPRequestEncoder(), name: Self.names[0])
        try pipeline.addHandler(
            ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes)), name: Self.names[1])
        try pipeline.addHandler(
            NIOHTTP1ProxyConnectHandler(
                targetHost: authority, targetPort: port, headers: headers, deadline: .now() + timeout, promise: tunnel))
    }
}
