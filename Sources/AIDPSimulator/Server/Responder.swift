import Foundation
import HTTPTypes
import HummingbirdCore
import NIOCore

/// Answers one HTTP request after another: it verifies and routes the request, gets the reply, and applies the faults.
struct Responder: Sendable {
    private let settings: SimulatorSettings
    private let service: Service
    private let verifier: SignatureVerifier
    private let identity: IdentityService?
    private let now: @Sendable () -> Date

    /// A hanging request ends after this time even if neither side closes the connection.
    private static let longestHang: Duration = .seconds(600)

    /// Thrown to make the server close a connection in the middle of a response.
    private struct ConnectionDropped: Error {}

    init(_ settings: SimulatorSettings, now: @escaping @Sendable () -> Date) {
        self.settings = settings
        self.now = now
        let verifier = SignatureVerifier(keys: settings.keys, issuer: settings.tokenIssuer)
        self.verifier = verifier
        identity = settings.tokenIssuer.map {
            IdentityService(
                issuer: $0, instance: settings.instance, verifier: verifier,
                tokenLifetime: settings.tokenLifetime / .seconds(1))
        }
        service = Service(
            world: World(
                seed: settings.seed, jobCount: settings.jobCount, speed: settings.speed, hostile: settings.hostile),
            version: settings.apiVersion, instanceID: settings.instanceID, workspaceKey: settings.workspaceKey,
            workspaceName: settings.workspaceName, maximumJobKeys: settings.maximumJobKeys,
            tokens: PageTokens(seed: settings.seed))
    }

    func respond(
        to incoming: Request, through writer: consuming ResponseWriter, admit: (Operation?) async -> FaultDraw
    ) async throws {
        if let refusal = refusal(of: incoming.head.authority) {
            return try await send(Answer(refusal), to: incoming, at: Milliseconds(clamping: now()), through: writer)
        }
        var request = incoming
        let target = request.head.path ?? ""
        let destination = Destination(method: request.head.method.rawValue, path: target.prefix { $0 != "?" })
        let draw = await admit(destination.operation)
        let body = try? await request.collectBody(upTo: 1 << 20)
        if draw.delay > .zero { try await Task.sleep(for: draw.delay) }
        if draw.decisive == .hang { try await hang(request) }

        let moment = Milliseconds(clamping: now()) + draw.skew
        var answer: Answer
        if let faulty = Answer(draw.decisive) {
            answer = faulty
        } else {
            do throws(Refusal) {
                guard let body else { throw .bodyTooLarge }
                let signed = SignedRequest(
                    method: request.head.method.rawValue, target: target, headers: Self.headers(of: request.head),
                    body: Array(buffer: body))
                answer = try self.answer(to: signed, for: destination, at: moment)
                answer.corrupt(draw.decisive)
            } catch {
                answer = Answer(error)
            }
        }
        try await send(answer, to: request, at: moment, dropping: draw.decisive == .drop, through: writer)
    }

    private func send(
        _ answer: Answer, to request: Request, at moment: Milliseconds, dropping: Bool = false,
        through writer: consuming ResponseWriter
    ) async throws {
        var random = SystemRandomNumberGenerator()
        let clientID = HTTPField.Name("opc-request-id").flatMap { request.head.headerFields[$0] }
        let head = answer.head(date: HTTPDate.text(moment), requestID: RequestID.answer(to: clientID, using: &random))
        try await writer.write(response: head, body: Self.body(answer.body, dropping: dropping))
    }

    /// Refuses requests to names other than this machine's own: a page in a browser can send requests here under its own
    /// name if that resolves to 127.0.0.1 (DNS rebinding). The port may differ, because a proxy may forward to this one.
    private func refusal(of host: String?) -> Refusal? {
        guard let host, !host.isEmpty else { return .invalidParameter("The Host header is missing.") }
        let port = host.lastIndex(of: ":").flatMap { host[$0...].dropFirst().allSatisfy(\.isNumber) ? $0 : nil }
        let name = host.hasSuffix("]") ? host[...] : host[..<(port ?? host.endIndex)]
        let names = ["127.0.0.1", "localhost", "[::1]"] + settings.hosts
        return names.contains { $0.lowercased() == name.lowercased() } ? nil : .misdirected
    }

    /// What a request is for: the API, or one of the services for signing in.
    private enum Destination {
        case api(Result<Route, Refusal>)
        case identity(Operation)

        init(method: String, path: Substring) {
            switch (method, path) {
            case (_, _) where path.hasPrefix("/opc/v2/"): self = .identity(.metadata)
            case ("POST", "/v1/x509"): self = .identity(.x509)
            case ("POST", "/v1/authentication/refresh"): self = .identity(.refresh)
            case ("POST", "/resourcePrincipalSessionTokens"): self = .identity(.workloadIdentity)
            default:
                do throws(Refusal) {
                    self = .api(.success(try Route(method: method, path: path)))
                } catch {
                    self = .api(.failure(error))
                }
            }
        }

        var operation: Operation? {
            switch self {
            case .api(let route): try? route.get().operation
            case .identity(let operation): operation
            }
        }
    }

    private func answer(
        to request: SignedRequest, for destination: Destination, at moment: Milliseconds
    ) throws(Refusal) -> Answer {
        switch destination {
        case .identity(.metadata):
            guard request.headers["authorization"] == ["Bearer Oracle"] else {
                throw .notAuthenticated("The metadata service wants the header Authorization: Bearer Oracle.")
            }
            guard let text = settings.instance?.metadata(at: request.target[...]) else { throw .notFound }
            return Answer(text: text)
        case .identity(let operation):
            guard let identity else { throw .notFound }
            switch operation {
            case .x509: return Answer(json: try identity.token(for: request, at: moment))
            case .workloadIdentity: return Answer(text: try identity.tokenOfPod(for: request, at: moment))
            default: return Answer(json: try identity.refreshed(request, at: moment))
            }
        case .api(let route):
            return Answer(try reply(to: request, route: route, at: moment))
        }
    }

    private func reply(
        to request: SignedRequest, route: Result<Route, Refusal>, at moment: Milliseconds
    ) throws(Refusal) -> Service.Reply {
        guard request.target.utf8.count <= settings.maximumTargetLength else {
            throw .targetTooLong(limit: settings.maximumTargetLength)
        }
        try verifier.verify(request, at: moment)
        let path = request.target.prefix { $0 != "?" }
        let content = Service.RequestContent(
            path: path, query: try Query(request.target.dropFirst(path.count + 1)), body: request.body,
            retryToken: request.headers["opc-retry-token"]?.first, ifMatch: request.headers["if-match"]?.first)
        return try service.reply(to: try route.get(), content, at: moment)
    }

    /// The header fields by lower-case name, including `host`, which HTTPTypes keeps separately as the authority.
    private static func headers(of head: HTTPRequest) -> [String: [String]] {
        var headers: [String: [String]] = [:]
        for field in head.headerFields { headers[field.name.canonicalName, default: []].append(field.value) }
        if let authority = head.authority { headers["host"] = [authority] }
        return headers
    }

    /// The whole body. For `drop`, the first half with the content length of the whole: the error thrown then makes the
    /// server close the connection while the client waits for the rest.
    private static func body(_ bytes: [UInt8], dropping: Bool) -> ResponseBody {
        guard dropping else { return ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)) }
        return ResponseBody(contentLength: bytes.count) { writer in
            try await writer.write(ByteBuffer(bytes: bytes.prefix(bytes.count / 2)))
            throw ConnectionDropped()
        }
    }

    /// Sends no answer until the client disconnects, the server stops, or ten minutes have passed; then closes the connection.
    private func hang(_ request: Request) async throws -> Never {
        try await request.body.consumeWithCancellationOnInboundClose { _ in
            try await Task.sleep(for: Self.longestHang)
        }
        throw ConnectionDropped()
    }
}
