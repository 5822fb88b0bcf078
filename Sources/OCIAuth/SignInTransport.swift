import Foundation
import HTTP
import Logging
import NIOSSL

/// Sends requests to the services that signing in needs: the metadata service of an instance, the identity service of a
/// region, the endpoint of a cluster. Opens a connection for each request.
package struct SignInTransport: HTTPTransport {
    private let settings: TransportSettings
    private let userAgent: String
    private let logger: Logger
    private let dependencies: Dependencies

    /// - Parameters:
    ///   - settings: the trusted authorities and the proxy. The limits are set to 1 MiB for a body, since tokens and
    ///     certificates are small, and to 2.5 seconds for connecting.
    ///   - logger: receives one line per request, without headers and bodies, which contain keys and tokens.
    ///   - dependencies: the clocks and the random numbers.
    package init(
        _ settings: TransportSettings, userAgent: String,
        logger: Logger = .silent, dependencies: Dependencies = .live
    ) {
        self.settings = Self.limited(settings)
        self.userAgent = userAgent
        self.logger = logger
        self.dependencies = dependencies
    }

    static func limited(_ settings: TransportSettings) -> TransportSettings {
        var limited = settings
        limited.maximumBodySize = 1 << 20
        limited.connectTimeout = min(settings.connectTimeout, .milliseconds(2_500))
        return limited
    }

    package func send(_ request: HTTPRequest, timeout: Duration) async throws(TransportError) -> HTTPReply {
        if let file = request.authorityFile {
            do throws(Trouble) {
                try TrustRoots.check(file, from: "the cluster")
            } catch {
                throw TransportError(.tls, error.problem, advice: error.advice)
            }
        }
        let (start, requestID) = (dependencies.uptime(), dependencies.newRequestID)
        var request = request
        request.headers += [("user-agent", userAgent), ("accept", "*/*"), ("opc-request-id", requestID)]
        // It sends about one request per hour, so that keeping connections is useless.
        let transport = AsyncHTTPTransport(settings, keepsConnections: false, now: dependencies.now)
        let result: Result<HTTPReply, TransportError>
        do throws(TransportError) {
            result = .success(try await transport.send(request, timeout: timeout))
        } catch {
            result = .failure(error)
        }
        log(request, requestID, result, after: dependencies.uptime() - start)
        return try result.get()
    }

    /// Logs the outcome of a request. There is only one attempt: the caller retries.
    private func log(
        _ request: HTTPRequest, _ sentRequestID: String, _ result: Result<HTTPReply, TransportError>,
        after duration: Duration
    ) {
        let reply = try? result.get()
        let outcome =
            switch result {
            case .success(let reply): "\(reply.status)"
            case .failure(let error): error.message
            }
        let line = exchangeLine(
            request.method, request.loggedTarget, outcome: outcome, after: duration, attempt: 1)
        logger.log(
            level: reply?.status == 200 ? .info : .warning, "\(line)",
            metadata: [
                "opc-request-id": "\(reply?.requestID ?? "")", "opc-client-request-id": "\(sentRequestID)",
            ])
    }
}

extension TrustRoots {
    /// Checks a file of authorities early, before a request needs it.
    ///
    /// - Parameter place: the setting that names the file: `--ca-bundle`.
    /// - Throws: ``Trouble`` if the file cannot be read, is not a regular file, or contains no PEM certificate.
    package static func check(_ path: String, from place: String) throws(Trouble) {
        let problem: String
        do throws(FileFailure) {
            let bytes = try LocalFiles().read(path).bytes
            guard let certificates = try? NIOSSLCertificate.fromPEMBytes(bytes), !certificates.isEmpty else {
                throw .unreadable("it holds no certificate")
            }
            return
        } catch {
            problem = error.reason
        }
        throw Trouble(
            "The file of certificate authorities \(path.quoted), from \(place), cannot be used: \(problem).",
            advice: "Name a PEM file with at least one CERTIFICATE block.")
    }
}

extension Logger {
    /// A logger that drops every message.
    public static var silent: Logger { Logger(label: "silent") { _ in SwiftLogNoOpLogHandler() } }
}
