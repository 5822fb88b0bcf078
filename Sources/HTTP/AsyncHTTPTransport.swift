import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOSSL

/// The production transport: async-http-client with three protections.
///
/// 1. A timeout for head and body, since the library's timeout ends with the head.
/// 2. ``StatusGuard`` in every connection, before the library's state machine.
/// 3. Limits on the size of the body, before and after decompression.
///
/// Only HTTP/1.1, so that the second protection always applies. No redirects, so that the signed header goes only to
/// the endpoint. Proxies only with TLS end to end. TLS 1.2 or newer, with full certificate verification.
package struct AsyncHTTPTransport: HTTPTransport {
    /// The clients, whose connections are reused. `proxied` is nil if there is no proxy.
    private struct Pool {
        var direct: HTTPClient
        var proxied: HTTPClient?
    }

    private let settings: TransportSettings
    private let pool: Pool?
    private let now: @Sendable () -> Date

    /// - Parameters:
    ///   - keepsConnections: whether connections are reused. If so, the caller must call ``shutdown()``.
    ///   - now: the clock for checking the dates of certificates.
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
        // A cancelled timer of the event loop is removed. The timer of a cancelled `Task.sleep` still wakes the process later.
        let timer = HTTPClient.defaultEventLoopGroup.any().scheduleTask(in: TimeAmount(timeout)) { work.cancel() }
        let result = await withTaskCancellationHandler {
            await work.value
        } onCancel: {
            work.cancel()
        }
        timer.cancel()
        // A cancelled request fails with different errors; all of them mean `cancelled`.
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
        // It fails only if it was shut down before.
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
            // `send` applies the timeout; this one must only end later.
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
            // Finds out why a certificate was not accepted.
            let handshake = TLSHandshake(
                connection: HostConnection(
                    host: request.address.host, port: request.address.port, proxy: settings.proxy,
                    timeout: TimeAmount(settings.connectTimeout)),
                roots: settings.trustRoots)
            return .failure(await handshake.explaining(failure, at: now()))
        }
    }

    package func shutdown() async {
        // It fails only if it was shut down before.
        try? await pool?.direct.shutdown()
        try? await pool?.proxied?.shutdown()
    }
}

/// The threads that serve the connections of the process.
package enum EventLoops {
    /// Starts one thread, whatever the number of cores: a client uses one, and each costs memory. Call this before you
    /// create the first transport.
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
        // A refused connection must be reported at once, not after the timeout.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.http1_1ConnectionDebugInitializer = StatusGuard.install
        // The pool keeps connections per event loop: with one loop, consecutive requests share a connection.
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
    /// `10 s` or `250 ms`: for a message, the same in every locale.
    package var spoken: String {
        let milliseconds = Int(exactly: (self / .milliseconds(1)).rounded()) ?? 0
        return milliseconds.isMultiple(of: 1000) ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
    }
}
