import Crypto
import Foundation
import HTTP

/// What the signature of one attempt covers.
public struct SignableRequest: Sendable {
    /// The HTTP method, upper case.
    public var method: String
    /// The exact path and query that will be sent, percent-encoded once.
    public var target: String
    /// The `host` header: the name, with the port where it is not the scheme's own.
    public var host: String
    /// The moment of the attempt; the service refuses one more than five minutes from its own clock.
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

/// Signs requests with a key, under the name by which the service knows that key.
///
/// The scheme is the one Oracle calls "Request Signatures", version 1, after draft-cavage-http-signatures-08.
struct RequestSigner: Sendable {
    /// `tenancy/user/fingerprint` for an API key, `ST$<token>` for a token. With a token in it, a secret.
    let keyID: String
    private let key: SigningKey

    /// The methods whose body the signature covers, even when there is none.
    private static let methodsWithBody: Set<String> = ["POST", "PUT", "PATCH"]

    init(keyID: String, key: SigningKey) {
        self.keyID = keyID
        self.key = key
    }

    /// Whether the requests are signed with a session token.
    private var isSession: Bool { keyID.hasPrefix("ST$") }

    /// The headers to add to the request: `date`, `host`, `authorization`, and for a body
    /// `content-length`, `content-type` and `x-content-sha256`.
    ///
    /// They must be sent exactly as they are: the signature covers their bytes.
    func headers(signing request: SignableRequest) throws(CredentialsError) -> [(name: String, value: String)] {
        try headers(covering: Self.coveredHeaders(of: request, date: HTTPDate.string(from: request.date)))
    }

    /// The same without the `host` header, which the signature of an instance's certificate does not cover.
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

    /// What is signed, in the order it is signed: the headers, and the pseudo-header `(request-target)`.
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

    /// The bytes under the signature: `name: value` lines, with no newline after the last.
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
    /// Whether both make the same signatures: the key matters as well as its name, for a session's token and key are
    /// written to their files one after the other.
    static func == (one: RequestSigner, other: RequestSigner) -> Bool {
        one.keyID == other.keyID && one.key.fingerprint == other.key.fingerprint
    }
}

extension RequestSigner: SecretHolder {
    var description: String {
        isSession ? "RequestSigner(ST$…)" : "RequestSigner(\(keyID))"
    }
}
