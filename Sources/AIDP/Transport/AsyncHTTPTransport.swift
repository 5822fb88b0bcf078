import AsyncHTTPClient
import Foundation
import HTTP
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
struct AsyncHTTPTransport: HTTPTransport {
    private let client: HTTPClient
    private let origin: String
    private let maximumBodySize: Int
    private let proxy: ProxySettings?
    /// Inspects a certificate that was not accepted.
    private let handshake: TLSHandshake
    private let now: @Sendable () -> Date

    init(base: BaseURL, settings: ClientSettings, now: @escaping @Sendable () -> Date = { Date() }) {
        origin = base.origin
        maximumBodySize = settings.maximumBodySize
        proxy = settings.proxy.flatMap { $0.isUsed(for: base) ? $0 : nil }
        handshake = TLSHandshake(
            connection: HostConnection(
                host: base.host, port: base.port, proxy: proxy, timeout: TimeAmount(settings.connectTimeout)),
            roots: settings.trustRoots)
        self.now = now
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: .client(trusting: settings.trustRoots),
            redirectConfiguration: .disallow,
            timeout: .init(connect: TimeAmount(settings.connectTimeout)),
            connectionPool: .init(idleTimeout: TimeAmount(settings.idleTimeout)),
            proxy: proxy.map(HTTPClient.Configuration.Proxy.init),
            decompression: .enabled(limit: .size(settings.maximumBodySize)))
        configuration.httpVersion = .http1Only
        // The operator learns of a refused connection now, not after the deadline.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.http1_1ConnectionDebugInitializer = StatusGuard.install
        // One event loop: the pool keeps connections per loop, and consecutive requests are to share one.
        client = HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup.any(), configuration: configuration)
    }

    func send(_ request: HTTPRequest, timeout: Duration) async throws(TransportError) -> HTTPReply {
        var message = HTTPClientRequest(url: origin + request.target)
        message.method = .init(rawValue: request.method)
        if let body = request.body { message.body = .bytes(ByteBuffer(bytes: body)) }
        message.headers = HTTPHeaders(request.headers.map { ($0.name, $0.value) })
        let late = TransportError(.timedOut, "no complete answer within \(timeout.spoken)")
        let result = await withTaskGroup(of: Result<HTTPReply, TransportError>.self) { [message] group in
            group.addTask { await exchange(message) }
            group.addTask {
                do {
                    try await Task.sleep(for: timeout)
                    return .failure(late)
                } catch {
                    return .failure(.cancelled)
                }
            }
            let first = await group.next()
            group.cancelAll()
            return first ?? .failure(.cancelled)
        }
        // A cancelled exchange fails in one of several ways, all of which mean the same.
        if Task.isCancelled { throw .cancelled }
        return try result.get()
    }

    private func exchange(_ message: HTTPClientRequest) async -> Result<HTTPReply, TransportError> {
        do {
            // The deadline is the one above; this one only has to be later.
            let response = try await client.execute(message, deadline: .distantFuture)
            let body = try await response.body.collect(upTo: maximumBodySize)
            return .success(
                HTTPReply(
                    status: Int(response.status.code),
                    headers: response.headers.map { (name: $0.name, value: $0.value) },
                    body: Array(buffer: body)))
        } catch {
            let failure = TransportError(error, maximumBodySize: maximumBodySize, through: proxy)
            return .failure(await handshake.explaining(failure, at: now()))
        }
    }

    func shutdown() async {
        // It fails only when it was shut down before.
        try? await client.shutdown()
    }
}

extension HTTPClient.Configuration.Proxy {
    fileprivate init(_ settings: ProxySettings) {
        self = .server(
            host: settings.host, port: settings.port,
            authorization: settings.credentials.map { .basic(username: $0.user, password: $0.password) })
    }
}

extension TransportError {
    static let cancelled = TransportError(.cancelled, "the request was cancelled")
}

extension Duration {
    /// `10 s`, `250 ms`: for a sentence, the same in every locale.
    var spoken: String {
        let milliseconds = Int(exactly: (self / .milliseconds(1)).rounded()) ?? 0
        return milliseconds.isMultiple(of: 1000) ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
    }
}
