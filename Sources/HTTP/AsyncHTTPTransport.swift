import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOSSL

/// The real transport: async-http-client with three guards.
///
/// 1. Our own deadline over head and body, since the library's ends at the head.
/// 2. ``StatusGuard`` in every connection, before the library's state machine.
/// 3. Limits on what is inflated and on what is collected.
///
/// HTTP/1.1 only, so that the second guard always applies; no redirects, so that the signed header goes to the endpoint and
/// nowhere else, and through a proxy only inside TLS; TLS 1.2 or newer, with certificates fully verified.
package struct AsyncHTTPTransport: HTTPTransport {
    /// The clients whose connections are used again; the proxied one is nil where there is no proxy.
    private struct Pool {
        var direct: HTTPClient
        var proxied: HTTPClient?
    }

    private let settings: TransportSettings
    private let pool: Pool?
    private let now: @Sendable () -> Date

    /// - Parameters:
    ///   - keepsConnections: whether connections are used again; then whoever creates the transport shuts it down.
    ///   - now: the clock that the dates of certificates are compared with.
    package init(
        _ settings: TransportSettings, keepsConnections: Bool = true, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.settings = settings
        self.now = now
        var direct = settings
        direct.proxy = nil
        pool =
            keepsConnections
            ? Pool(direct: HTTPClient(direct), proxied: settings.proxy == nil ? nil : HTTPClient(settings)) : nil
    }

    package func send(_ request: HTTPRequest, timeout: Duration) async throws(TransportError) -> HTTPReply {
        let settings = settings.adapted(to: request)
        let work = Task { await exchange(request, settings) }
        // A timer of the event loop is gone when it is cancelled; that of a sleeping task would still wake the process.
        let timer = HTTPClient.defaultEventLoopGroup.any().scheduleTask(in: TimeAmount(timeout)) { work.cancel() }
        let result = await withTaskCancellationHandler {
            await work.value
        } onCancel: {
            work.cancel()
        }
        timer.cancel()
        // A cancelled exchange fails in one of several ways, all of which mean the same.
        if Task.isCancelled { throw .cancelled }
        if case .failure = result, work.isCancelled {
            throw TransportError(.timedOut, "no complete answer within \(timeout.spoken)")
        }
        return try result.get()
    }

    private func exchange(_ request: HTTPRequest, _ settings: TransportSettings) async -> Result<
        HTTPReply, TransportError
    > {
        if let pool, request.authorityFile == nil {
            return await exchange(
                request, settings, by: settings.proxy == nil ? pool.direct : pool.proxied ?? pool.direct)
        }
        let client = HTTPClient(settings)
        let result = await exchange(request, settings, by: client)
        // It fails only when it was shut down before.
        try? await client.shutdown()
        return result
    }

    private func exchange(
        _ request: HTTPRequest, _ settings: TransportSettings, by client: HTTPClient
    ) async -> Result<HTTPReply, TransportError> {
        var message = HTTPClientRequest(url: request.address.origin + request.target)
        message.method = .init(rawValue: request.method)
        if let body = request.body { message.body = .bytes(ByteBuffer(bytes: body)) }
        message.headers = HTTPHeaders(request.headers.map { ($0.name, $0.value) })
        do {
            // The deadline is the one of `send`; this one only has to be later.
            let response = try await client.execute(message, deadline: .distantFuture)
            let body = try await response.body.collect(upTo: settings.maximumBodySize)
            return .success(
                HTTPReply(
                    status: Int(response.status.code),
                    headers: response.headers.map { (name: $0.name, value: $0.value) },
                    body: Array(buffer: body)))
        } catch {
            let failure = TransportError(
                error, maximumBodySize: settings.maximumBodySize, through: settings.proxy)
            // Inspects a certificate that was not accepted.
            let handshake = TLSHandshake(
                connection: HostConnection(
                    host: request.address.host, port: request.address.port, proxy: settings.proxy,
                    timeout: TimeAmount(settings.connectTimeout)),
                roots: settings.trustRoots)
            return .failure(await handshake.explaining(failure, at: now()))
        }
    }

    package func shutdown() async {
        // It fails only when it was shut down before.
        try? await pool?.direct.shutdown()
        try? await pool?.proxied?.shutdown()
    }
}

/// The threads that the connections of the process are served by.
package enum EventLoops {
    /// Starts one, whatever the number of cores: a client uses one, and each is a thread with its own memory. Call it before
    /// the first transport is made.
    package static func useOne() { NIOSingletons.groupLoopCountSuggestion = 1 }
}

extension HTTPClient {
    fileprivate convenience init(_ settings: TransportSettings) {
        var configuration = Configuration(
            tlsConfiguration: .client(trusting: settings.trustRoots),
            redirectConfiguration: .disallow,
            timeout: .init(connect: TimeAmount(settings.connectTimeout)),
            connectionPool: .init(idleTimeout: TimeAmount(settings.idleTimeout)),
            proxy: settings.proxy.map(Configuration.Proxy.init),
            decompression: .enabled(limit: .size(settings.maximumBodySize)))
        configuration.httpVersion = .http1Only
        // The operator learns of a refused connection now, not after the deadline.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.http1_1ConnectionDebugInitializer = StatusGuard.install
        // One event loop: the pool keeps connections per loop, and consecutive requests are to share one.
        self.init(eventLoopGroup: HTTPClient.defaultEventLoopGroup.any(), configuration: configuration)
    }
}

extension HTTPClient.Configuration.Proxy {
    fileprivate init(_ settings: ProxySettings) {
        self = .server(
            host: settings.host, port: settings.port,
            authorization: settings.credentials.map { .basic(username: $0.user, password: $0.password) })
    }
}

extension Duration {
    /// `10 s`, `250 ms`: for a sentence, the same in every locale.
    package var spoken: String {
        let milliseconds = Int(exactly: (self / .milliseconds(1)).rounded()) ?? 0
        return milliseconds.isMultiple(of: 1000) ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
    }
}
