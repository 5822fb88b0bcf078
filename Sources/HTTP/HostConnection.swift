import Foundation
import NIOCore
import NIOExtras
import NIOHTTP1
import NIOPosix

/// How to connect to a host: directly, or through a proxy with CONNECT.
struct HostConnection: Sendable {
    var host: String
    var port: Int
    /// The proxy; nil for a direct connection.
    var proxy: ProxySettings?
    /// The timeout of the connection, and then of the proxy's answer.
    var timeout: TimeAmount
    var group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton

    /// Opens a connection to the host. The caller closes it.
    func open() async throws -> any Channel {
        let channel = try await ClientBootstrap(group: group).connectTimeout(timeout)
            .connect(host: proxy?.host ?? host, port: proxy?.port ?? port).get()
        guard let proxy else { return channel }
        do {
            try await openTunnel(through: proxy, on: channel)
            return channel
        } catch {
            try? await channel.close()
            throw error
        }
    }

    /// Sends CONNECT to the proxy and waits for its answer.
    ///
    /// The handlers are added after the connection is made: the proxy's name may have several addresses, and the
    /// handlers of a failed attempt would report its error as the proxy's.
    private func openTunnel(through proxy: ProxySettings, on channel: any Channel) async throws {
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
