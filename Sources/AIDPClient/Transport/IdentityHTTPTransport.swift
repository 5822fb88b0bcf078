import AsyncHTTPClient
import Foundation
import NIOCore
import OCIAuth

/// Reaches the metadata and the identity service, with the same guards as the service's own transport.
public struct IdentityHTTPTransport: IdentityTransport {
    /// Tokens and certificates are small.
    private static let largestBody = 1 << 20

    private let settings: ClientSettings

    /// - Parameter settings: the trusted authorities, the proxy and the user agent.
    public init(settings: ClientSettings) {
        var limited = settings
        limited.maximumBodySize = Self.largestBody
        limited.connectTimeout = min(settings.connectTimeout, .milliseconds(2_500))
        self.settings = limited
    }

    public func send(
        _ request: IdentityRequest, timeout: Duration
    ) async throws(IdentityTransportError) -> IdentityReply {
        let (origin, target) = Self.parts(of: request.url)
        let base: BaseURL
        do throws(EndpointError) {
            base = try BaseURL(origin, allowsLinkLocal: true)
        } catch {
            throw IdentityTransportError(error.problem)
        }
        // Once in an hour: a pool of connections would only be kept for nothing.
        let transport = AsyncHTTPTransport(base: base, settings: settings)
        let result: Result<IdentityReply, IdentityTransportError>
        do throws(TransportError) {
            let headers = request.headers + [("user-agent", settings.userAgent), ("accept", "*/*")]
            let reply = try await transport.send(
                HTTPRequest(method: request.method, target: target, headers: headers, body: request.body),
                timeout: timeout)
            result = .success(IdentityReply(status: reply.status, headers: reply.headers, body: reply.body))
        } catch {
            result = .failure(IdentityTransportError(error.message, isTimeout: error.kind == .timedOut))
        }
        await transport.shutdown()
        return try result.get()
    }

    /// Splits a URL where its path begins.
    private static func parts(of url: String) -> (origin: String, target: String) {
        guard let separator = url.firstRange(of: "://"),
            let slash = url[separator.upperBound...].firstIndex(of: "/")
        else { return (url, "/") }
        return (String(url[..<slash]), String(url[slash...]))
    }
}
