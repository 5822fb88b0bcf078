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
        let channel = try await ClientBootstrap(group: group).connectTimeout(timeout)
            .connect(host: proxy?.host ?? host, port: proxy?.port ?? port).get()
        guard let proxy else { return channel }
        do {
            try await ask(proxy, on: channel)
            return channel
        } catch {
            try? await channel.close()
            throw error
        }
    }

    /// Has the proxy make the connection one that leads to the host. Only now: of a name's addresses several may be
    /// tried, and of those that fail nothing is to be heard.
    private func ask(_ proxy: ProxySettings, on channel: any Channel) async throws {
        let tunnel = channel.eventLoop.makePromise(of: Void.self)
        let authority = host.contains(":") ? "[\(host)]" : host
        var headers = HTTPHeaders([("host", "\(authority):\(port)")])
        if let authorization = proxy.authorization { headers.add(name: "proxy-authorization", value: authorization) }
        channel.eventLoop.submit { [headers] in
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(HTTPRequestEncoder(), name: Self.codecs[0])
            try pipeline.addHandler(
                ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes)), name: Self.codecs[1])
            try pipeline.addHandler(
                NIOHTTP1ProxyConnectHandler(
                    targetHost: authority, targetPort: port, headers: headers, deadline: .now() + timeout,
                    promise: tunnel))
        }.whenFailure { tunnel.fail($0) }
        try await tunnel.futureResult.get()
        for name in Self.codecs { try await channel.pipeline.removeHandler(name: name) }
    }

    private static let codecs = ["encoder", "decoder"]
}
