import Crypto
import Foundation
import HTTP

/// The parts of a request that the signature covers.
public struct SignableRequest: Sendable {
    /// The HTTP method, upper case.
    public var method: String
    /// The exact path and query that will be sent, percent-encoded once.
    public var target: String
    /// The `host` header: the name, with the port if it is not the scheme's default.
    public var host: String
    /// The time of the attempt. The service rejects a time that differs from its clock by more than five minutes.
    public var date: Date
    /// The body of a POST, PUT or PATCH, and its media type.
    public var body: Body?

    public struct Body: Sendable {
        public var contentType: String
        public var bytes: [UInt8]

        public init(contentType: String, bytes: [UInt8]) {
            self.contentType = contentType
            self.bytes = bytes
        }
    }

    public init(method: String, target: String, host: String, date: Date, body: Body? = nil) {
        self.method = method
        self.target = target
        self.host = host
        self.date = date
        self.body = body
    }
}

/// Signs requests with a private key. The key id tells the service which public key to use.
///
/// The scheme is version 1 of Oracle's "Request Signatures", which follows draft-cavage-http-signatures-08.
struct RequestSigner: Sendable {
    /// `tenancy/user/fingerprint` for an API key, `ST$<token>` for a token. Secret if it contains a token.
    let keyID: String
    private let key: SigningKey

    /// The methods whose signature covers the body, even an empty one.
    private static let methodsWithBody: Set<String> = ["POST", "PUT", "PATCH"]

    init(keyID: String, key: SigningKey) {
        self.keyID = keyID
        self.key = key
    }

    private var isSession: Bool { keyID.hasPrefix("ST$") }

    /// The headers to add to the request: `date`, `host`, `authorization`, and for a request with a body
    /// `content-length`, `content-type` and `x-content-sha256`.
    ///
    /// Send them unchanged: the signature covers their bytes.
    func headers(signing request: SignableRequest) throws(CredentialsError) -> [(name: String, value: String)] {
        try headers(covering: Self.coveredHeaders(of: request, date: HTTPDate.string(from: request.date)))
    }

    /// The same headers except `host`, which a signature with an instance's certificate does not cover.
    func headersWithoutHost(
        signing request: SignableRequest
    ) throws(CredentialsError) -> [(name: String, value: String)] {
        let covered = Self.coveredHeaders(of: request, date: HTTPDate.string(from: request.date))
        return try headers(covering: covered.filter { $0.name != "host" })
    }

    private func headers(
        covering covered: [(name: String, value: String)]
    ) throws(CredentialsError) -> [(name: String, value: String)] {
        let authorization = try authorization(covering: covered)
        return covered.filter { $0.name != "(request-target)" } + [("authorization", authorization)]
    }

    /// The headers that are signed, in their order, including the pseudo-header `(request-target)`.
    static func coveredHeaders(of request: SignableRequest, date: String) -> [(name: String, value: String)] {
        var covered = [
            (name: "date", value: date),
            (name: "(request-target)", value: "\(request.method.lowercased()) \(request.target)"),
            (name: "host", value: request.host),
        ]
        if methodsWithBody.contains(request.method.uppercased()) {
            let body = request.body ?? .init(contentType: "application/json", bytes: [])
            let digest = SHA256.hash(data: body.bytes)
            covered.append(("content-length", String(body.bytes.count)))
            covered.append(("content-type", body.contentType))
            covered.append(("x-content-sha256", Data(digest).base64EncodedString()))
        }
        return covered
    }

    /// The bytes to sign: lines of `name: value`, without a newline after the last.
    static func signingString(of covered: [(name: String, value: String)]) -> String {
        covered.map { "\($0.name): \($0.value)" }.joined(separator: "\n")
    }

    /// The value of the `authorization` header.
    func authorization(covering covered: [(name: String, value: String)]) throws(CredentialsError) -> String {
        let signature = try key.signature(of: Array(Self.signingString(of: covered).utf8))
        let names = covered.map(\.name).joined(separator: " ")
        return "Signature version=\"1\",headers=\"\(names)\",keyId=\"\(keyID)\","
            + "algorithm=\"rsa-sha256\",signature=\"\(signature)\""
    }
}

extension RequestSigner: Equatable {
    /// Whether both have the same key id and the same key. The key matters as well: the token and the key of a session
    /// are written to their files one after the other.
    static func == (one: RequestSigner, other: RequestSigner) -> Bool {
        one.keyID == other.keyID && one.key.fingerprint == other.key.fingerprint
    }
}

extension RequestSigner: SecretHolder {
    var description: String {
        isSession ? "RequestSigner(ST$…)" : "RequestSigner(\(keyID))"
    }
}
