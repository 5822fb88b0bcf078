import Foundation
import HTTP
import OCIAuth
import Synchronization
import TestSupport

@testable import AIDP

/// Answers from a script and records the requests. After its end it repeats the last answer.
final class ScriptedTransport: HTTPTransport {
    typealias Line = Result<HTTPReply, TransportError>

    private let script: [Line]
    private let seen = Mutex<[(request: HTTPRequest, timeout: Duration)]>([])
    private let onSend: @Sendable () -> Void

    init(_ script: [Line], onSend: @escaping @Sendable () -> Void = {}) {
        self.script = script
        self.onSend = onSend
    }

    var requests: [HTTPRequest] { seen.withLock { $0.map(\.request) } }
    var timeouts: [Duration] { seen.withLock { $0.map(\.timeout) } }

    func send(_ request: HTTPRequest, timeout: Duration) async throws(TransportError) -> HTTPReply {
        let index = seen.withLock {
            $0.append((request, timeout))
            return $0.count - 1
        }
        onSend()
        return try script[min(index, script.count - 1)].get()
    }
}

extension ScriptedTransport.Line {
    static func reply(_ status: Int, _ body: String = #"{"items":[]}"#, _ headers: [String: String] = [:]) -> Self {
        .success(HTTPReply(status: status, headers: headers.map { ($0.key, $0.value) }, body: Array(body.utf8)))
    }

    static func error(_ status: Int, _ code: String, _ message: String, _ headers: [String: String] = [:]) -> Self {
        reply(status, #"{"code":"\#(code)","message":"\#(message)"}"#, headers)
    }

    static func fails(_ kind: TransportError.Kind, _ message: String = "it broke") -> Self {
        .failure(TransportError(kind, message))
    }
}

/// Signs without a key: it writes the date into the header, so that attempts at two times have two signatures.
struct StandInAuthenticator: Authenticator {
    var afterRejection = CredentialsAfterRejection.unchanged
    var renewal: String?
    /// Why it cannot sign; `nil` if it can.
    var failure: CredentialsError?

    func sign(_ request: SignableRequest) async throws(CredentialsError) -> SignedHeaders {
        if let failure { throw failure }
        return SignedHeaders(
            [
                ("host", request.host), ("date", "\(request.date.timeIntervalSince1970)"),
                ("authorization", "Signature \(request.date.timeIntervalSince1970) \(request.target)"),
            ], renewal: renewal)
    }

    func credentials(afterRejectionOf signed: SignedHeaders) async -> CredentialsAfterRejection { afterRejection }
    func expiration() async -> Date? { nil }
}

extension Authenticator where Self == StandInAuthenticator {
    static func standIn(
        afterRejection: CredentialsAfterRejection = .unchanged, renewal: String? = nil, failure: CredentialsError? = nil
    ) -> StandInAuthenticator {
        StandInAuthenticator(afterRejection: afterRejection, renewal: renewal, failure: failure)
    }
}

extension Endpoint {
    static func test(port: Int = 8080) throws -> Endpoint {
        try Endpoint(baseURL: "http://127.0.0.1:\(port)", instanceID: "ocid1.aidp", workspaceKey: "ws")
    }
}

/// A client with a scripted transport, and what the test checks afterwards.
struct Scene {
    let client: AIDPClient
    let transport: ScriptedTransport
    let time: TestTime

    init(
        _ script: ScriptedTransport.Line..., settings: ClientSettings = ClientSettings(), time: TestTime = TestTime(),
        authenticator: any Authenticator = .standIn(), eachTakes: Duration = .zero
    ) throws {
        transport = ScriptedTransport(script) { time.pass(eachTakes) }
        self.time = time
        client = AIDPClient(
            endpoint: try .test(), authenticator: authenticator, settings: settings, transport: transport,
            dependencies: time.dependencies)
    }

    /// Requests the runs of one job, and returns the error; `nil` if it succeeds.
    func failure() async -> ServiceError? {
        do throws(ServiceError) {
            _ = try await client.recentJobRuns(RecentJobRunsRequest(jobKeys: ["a"]))
            return nil
        } catch {
            return error
        }
    }
}
