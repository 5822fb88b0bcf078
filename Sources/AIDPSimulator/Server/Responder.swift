import Foundation
import HTTPTypes
import HummingbirdCore
import JSON
import NIOCore

/// Creates the response to one HTTP request:
///
///     request ─► Destination ─┬─► sign-in: ComputeInstance, TokenService ─────────┬─► ServedResponse
///                             └─► API: SignatureVerifier ─► Query ─►              │
///                                      SimulatedService ─► World ─► JSONWriter ────┘
///
/// The faults of a request are drawn when its destination is known. They delay the response, replace it or corrupt it.
struct Responder: Sendable {
    private let settings: SimulatorSettings
    private let service: SimulatedService
    private let verifier: SignatureVerifier
    private let tokens: TokenService?
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
        tokens = settings.tokenIssuer.map {
            TokenService(
                issuer: $0, instance: settings.instance, verifier: verifier,
                tokenLifetime: settings.tokenLifetime / .seconds(1))
        }
        service = SimulatedService(settings)
    }

    func respond(
        to incoming: Request, through writer: consuming ResponseWriter, admit: (ServedOperation?) async -> FaultDraw
    ) async throws {
        if let error = refusedHost(incoming.head.authority) {
            return try await send(ServedResponse(error), to: incoming, at: .init(clamping: now()), through: writer)
        }
        var request = incoming
        let target = request.head.path ?? ""
        let destination = Destination(method: request.head.method.rawValue, path: target.prefix { $0 != "?" })
        let draw = await admit(destination.operation)
        let body = try? await request.collectBody(upTo: 1 << 20)
        if draw.delay > .zero { try await Task.sleep(for: draw.delay) }
        if draw.decisive == .hang { try await hang(request) }

        let moment = Milliseconds(clamping: now()) + draw.skew
        var response: ServedResponse
        if let faulty = ServedResponse(draw.decisive) {
            response = faulty
        } else {
            do throws(APIError) {
                guard let body else { throw .bodyTooLarge }
                let signed = SignedRequest(
                    method: request.head.method.rawValue, target: target, headers: Self.headers(of: request.head),
                    body: Array(buffer: body))
                response = try self.response(to: signed, for: destination, at: moment)
                response.corrupt(draw.decisive)
            } catch {
                response = ServedResponse(error)
            }
        }
        try await send(response, to: request, at: moment, dropping: draw.decisive == .drop, through: writer)
    }

    private func send(
        _ response: ServedResponse, to request: Request, at moment: Milliseconds, dropping: Bool = false,
        through writer: consuming ResponseWriter
    ) async throws {
        var random = SystemRandomNumberGenerator()
        let clientID = HTTPField.Name("opc-request-id").flatMap { request.head.headerFields[$0] }
        let head = response.head(date: HTTPDate.text(moment), requestID: RequestID.answer(to: clientID, using: &random))
        try await writer.write(response: head, body: Self.body(response.body, dropping: dropping))
    }

    /// Rejects other host names than the local machine's: a web page can send requests here under its own name if that
    /// resolves to 127.0.0.1 (DNS rebinding). Any port is accepted, because a proxy may forward to this one.
    private func refusedHost(_ host: String?) -> APIError? {
        guard let host, !host.isEmpty else { return .invalidParameter("The Host header is missing.") }
        let port = host.lastIndex(of: ":").flatMap { host[$0...].dropFirst().allSatisfy(\.isNumber) ? $0 : nil }
        let name = host.hasSuffix("]") ? host[...] : host[..<(port ?? host.endIndex)]
        let names = ["127.0.0.1", "localhost", "[::1]"] + settings.hosts
        return names.contains { $0.lowercased() == name.lowercased() } ? nil : .misdirected
    }

    private func response(
        to request: SignedRequest, for destination: Destination, at moment: Milliseconds
    ) throws(APIError) -> ServedResponse {
        switch destination {
        case .metadata:
            guard request.headers["authorization"] == ["Bearer Oracle"] else {
                throw .notAuthenticated("The metadata service wants the header Authorization: Bearer Oracle.")
            }
            guard let text = settings.instance?.metadata(at: request.target[...]) else { throw .notFound }
            return ServedResponse(text: text)
        case .instanceToken:
            return ServedResponse(json: try tokenService().token(for: request, at: moment))
        case .podToken:
            return ServedResponse(text: try tokenService().tokenOfPod(for: request, at: moment))
        case .refreshedToken:
            return ServedResponse(json: try tokenService().refreshed(request, at: moment))
        case .api(let route):
            return ServedResponse(try reply(to: request, route: route, at: moment))
        }
    }

    private func tokenService() throws(APIError) -> TokenService {
        guard let tokens else { throw .notFound }
        return tokens
    }

    private func reply(
        to request: SignedRequest, route: Result<Route, APIError>, at moment: Milliseconds
    ) throws(APIError) -> SimulatedService.Reply {
        guard request.target.utf8.count <= settings.maximumTargetLength else {
            throw .targetTooLong(limit: settings.maximumTargetLength)
        }
        try verifier.verify(request, at: moment)
        let path = request.target.prefix { $0 != "?" }
        let content = SimulatedService.RequestContent(
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

    /// The whole body. For `drop`, the first half with the content length of the whole: the error that is thrown then
    /// makes the server close the connection while the client waits for the rest.
    private static func body(_ bytes: [UInt8], dropping: Bool) -> ResponseBody {
        guard dropping else { return ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)) }
        return ResponseBody(contentLength: bytes.count) { writer in
            try await writer.write(ByteBuffer(bytes: bytes.prefix(bytes.count / 2)))
            throw ConnectionDropped()
        }
    }

    /// Sends no response until the client disconnects, the server stops, or ten minutes have passed; then closes the connection.
    private func hang(_ request: Request) async throws -> Never {
        try await request.body.consumeWithCancellationOnInboundClose { _ in
            try await Task.sleep(for: Self.longestHang)
        }
        throw ConnectionDropped()
    }
}
