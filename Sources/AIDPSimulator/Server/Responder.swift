import Foundation
import HTTPTypes
import HummingbirdCore
import NIOCore

/// Answers one HTTP request after another: verify, route, ask the service, and send as much as the faults allow.
struct Responder: Sendable {
    private let settings: SimulatorSettings
    private let service: Service
    private let verifier: SignatureVerifier
    private let now: @Sendable () -> Date

    /// A hang ends at last even if neither side gives up.
    private static let longestHang: Duration = .seconds(600)

    /// Thrown to make the server close a connection in the middle of a response.
    private struct ConnectionDropped: Error {}

    init(_ settings: SimulatorSettings, now: @escaping @Sendable () -> Date) {
        self.settings = settings
        self.now = now
        verifier = SignatureVerifier(keys: settings.keys, issuer: settings.tokenIssuer)
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
        var request = incoming
        let target = request.head.path ?? ""
        let path = target.prefix { $0 != "?" }
        let route = Route(path: path)
        let draw = await admit(route?.operation)
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
                answer = Answer(
                    try reply(to: request.head, target: target, route: route, body: Array(buffer: body), at: moment))
                answer.spoil(draw.decisive)
            } catch {
                answer = Answer(error)
            }
        }
        var random = SystemRandomNumberGenerator()
        let clientID = HTTPField.Name("opc-request-id").flatMap { request.head.headerFields[$0] }
        let head = answer.head(date: HTTPDate.text(moment), requestID: RequestID.answer(to: clientID, using: &random))
        try await writer.write(response: head, body: Self.body(answer.body, dropping: draw.decisive == .drop))
    }

    private func reply(
        to head: HTTPRequest, target: String, route: Route?, body: [UInt8], at moment: Milliseconds
    ) throws(Refusal) -> Service.Reply {
        guard target.utf8.count <= settings.maximumTargetLength else {
            throw .targetTooLong(limit: settings.maximumTargetLength)
        }
        let signed = SignedRequest(
            method: head.method.rawValue, target: target, headers: Self.headers(of: head), body: body)
        try verifier.verify(signed, at: moment)
        guard let route else { throw .notFound }
        guard head.method == .get else { throw .methodNotAllowed }
        let path = target.prefix { $0 != "?" }
        return try service.reply(to: route, path: path, query: Query(target.dropFirst(path.count + 1)), at: moment)
    }

    /// The header fields by lower-case name, `host` among them again: HTTP types keep it apart as the authority.
    private static func headers(of head: HTTPRequest) -> [String: [String]] {
        var headers: [String: [String]] = [:]
        for field in head.headerFields { headers[field.name.canonicalName, default: []].append(field.value) }
        if let authority = head.authority { headers["host"] = [authority] }
        return headers
    }

    /// The whole body, or for `drop` its first half under the length of the whole: the error then thrown makes the server
    /// close the connection, and the client is left waiting for the rest.
    private static func body(_ bytes: [UInt8], dropping: Bool) -> ResponseBody {
        guard dropping else { return ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)) }
        return ResponseBody(contentLength: bytes.count) { writer in
            try await writer.write(ByteBuffer(bytes: bytes.prefix(bytes.count / 2)))
            throw ConnectionDropped()
        }
    }

    /// Answers nothing until the client leaves, the server stops, or ten minutes have passed; then closes the connection.
    private func hang(_ request: Request) async throws -> Never {
        try await request.body.consumeWithCancellationOnInboundClose { _ in
            try await Task.sleep(for: Self.longestHang)
        }
        throw ConnectionDropped()
    }
}
