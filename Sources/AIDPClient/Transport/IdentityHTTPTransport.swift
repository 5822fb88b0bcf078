import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import OCIAuth

/// Reaches the metadata and the identity service, with the same guards as the service's own transport.
public struct IdentityHTTPTransport: IdentityTransport {
    /// Tokens and certificates are small.
    private static let largestBody = 1 << 20

    private let settings: ClientSettings
    private let logger: Logger
    private let surroundings: Surroundings

    /// - Parameters:
    ///   - settings: the trusted authorities, the proxy and the user agent.
    ///   - logger: told of every exchange: never of its headers or bodies, which are keys and tokens.
    ///   - surroundings: the time and chance.
    public init(settings: ClientSettings, logger: Logger = .silent, surroundings: Surroundings = .live) {
        self.logger = logger
        self.surroundings = surroundings
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
        var settings = settings
        if let file = request.certificateFile { settings.certificateFile = file }
        // Once in an hour: a pool of connections would only be kept for nothing.
        let transport = AsyncHTTPTransport(base: base, settings: settings, now: surroundings.now)
        let (start, requestID) = (surroundings.uptime(), surroundings.newRequestID)
        let result: Result<IdentityReply, IdentityTransportError>
        do throws(TransportError) {
            let headers =
                request.headers + [
                    ("user-agent", settings.userAgent), ("accept", "*/*"), ("opc-request-id", requestID),
                ]
            let reply = try await transport.send(
                HTTPRequest(method: request.method, target: target, headers: headers, body: request.body),
                timeout: timeout)
            result = .success(IdentityReply(status: reply.status, headers: reply.headers, body: reply.body))
        } catch {
            result = .failure(IdentityTransportError(error.message, isTimeout: error.kind == .timedOut))
        }
        await transport.shutdown()
        tell("\(request.method) \(target)", requestID, result, after: surroundings.uptime() - start)
        return try result.get()
    }

    /// Tells the log what became of an exchange. There is one attempt only: whoever needs the token asks again.
    private func tell(
        _ what: String, _ sentRequestID: String, _ result: Result<IdentityReply, IdentityTransportError>,
        after duration: Duration
    ) {
        let reply = try? result.get()
        let outcome =
            switch result {
            case .success(let reply): "\(reply.status)"
            case .failure(let error): error.message
            }
        logger.log(
            level: reply?.status == 200 ? .info : .warning,
            "\(what) \(outcome) in \(Int(duration / .milliseconds(1))) ms, attempt 1",
            metadata: [
                "opc-request-id": "\(reply?.requestID ?? "")", "opc-client-request-id": "\(sentRequestID)",
            ])
    }

    /// Splits a URL where its path begins.
    private static func parts(of url: String) -> (origin: String, target: String) {
        guard let separator = url.firstRange(of: "://"),
            let slash = url[separator.upperBound...].firstIndex(of: "/")
        else { return (url, "/") }
        return (String(url[..<slash]), String(url[slash...]))
    }
}
