import AsyncHTTPClient
import Foundation
import HTTP
import Logging
import NIOCore
import OCIAuth

/// Reaches the metadata and the identity service, with the same guards as the service's own transport.
public struct IdentityHTTPTransport: IdentityTransport {
    /// Tokens and certificates are small.
    private static let largestBody = 1 << 20

    private let settings: ClientSettings
    private let logger: Logger
    private let dependencies: Dependencies

    /// - Parameters:
    ///   - settings: the trusted authorities, the proxy and the user agent.
    ///   - logger: gets a line for every exchange, never headers or bodies, which are keys and tokens.
    ///   - dependencies: the time and random numbers.
    public init(settings: ClientSettings, logger: Logger = .silent, dependencies: Dependencies = .live) {
        self.logger = logger
        self.dependencies = dependencies
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
        do throws(Trouble) {
            base = try BaseURL(origin, allowsLinkLocal: true)
        } catch {
            throw IdentityTransportError(error.problem)
        }
        let settings = try settings(for: request)
        // One request an hour: there is no use in keeping connections.
        let transport = AsyncHTTPTransport(base: base, settings: settings, now: dependencies.now)
        let (start, requestID) = (dependencies.uptime(), dependencies.newRequestID)
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
        log("\(request.method) \(target)", requestID, result, after: dependencies.uptime() - start)
        return try result.get()
    }

    /// Logs the outcome of an exchange. There is one attempt only: the caller retries.
    private func log(
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

    /// The settings of one request. Authorities of its own are trusted alone, and it goes through no proxy: it is for a host
    /// nearby, such as an OKE cluster's endpoint, and carries a token that anyone could use.
    func settings(for request: IdentityRequest) throws(IdentityTransportError) -> ClientSettings {
        guard let file = request.certificateFile else { return settings }
        do throws(Trouble) {
            try TrustRoots.check(file, from: "the cluster")
        } catch {
            throw IdentityTransportError(error.problem)
        }
        var settings = settings
        settings.trustRoots = TrustRoots(file: file, includesSystem: false)
        settings.proxy = nil
        return settings
    }

    /// Splits a URL where its path begins.
    private static func parts(of url: String) -> (origin: String, target: String) {
        guard let separator = url.firstRange(of: "://"),
            let slash = url[separator.upperBound...].firstIndex(of: "/")
        else { return (url, "/") }
        return (String(url[..<slash]), String(url[slash...]))
    }
}
