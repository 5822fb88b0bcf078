import Crypto
import CryptoExtras
import Foundation

/// The parts of a request that a signature can cover.
struct SignedRequest: Sendable {
    /// As sent: `GET`.
    let method: String
    /// The exact path and query bytes sent.
    let target: String
    /// The values of each header, by lower-case name.
    let headers: [String: [String]]
    let body: [UInt8]
}

/// Verifies the signature of a request by OCI's rules. It shares no code with the client, so that both cannot have the
/// same error.
struct SignatureVerifier: Sendable {
    /// A request whose date differs by more than this is refused.
    static let allowedSkew: Milliseconds = 300_000

    private let keys: [String: _RSA.Signing.PublicKey]
    private let issuer: TokenIssuer?

    init(keys: [RegisteredKey], issuer: TokenIssuer?) {
        self.keys = Dictionary(keys.map { ($0.keyID, $0.publicKey) }) { first, _ in first }
        self.issuer = issuer
    }

    /// - Throws: a 401 that says what is wrong with the signature.
    func verify(_ request: SignedRequest, at moment: Milliseconds) throws(Refusal) {
        let authorization = try authorization(of: request)
        try checkForm(of: request, authorization, covering: Self.requiredHeaders(of: request.method), at: moment)
        try check(authorization, of: request, by: publicKey(authorization.keyID, at: moment))
    }

    /// Verifies a signature with the given key; the signature must cover these headers.
    func verify(
        _ request: SignedRequest, covering required: [String], by key: _RSA.Signing.PublicKey, at moment: Milliseconds
    ) throws(Refusal) {
        let authorization = try authorization(of: request)
        try checkForm(of: request, authorization, covering: required, at: moment)
        try check(authorization, of: request, by: key)
    }

    /// The key id in the `Authorization` header.
    func keyID(of request: SignedRequest) throws(Refusal) -> String { try authorization(of: request).keyID }

    private func authorization(of request: SignedRequest) throws(Refusal) -> AuthorizationHeader {
        guard let text = request.headers["authorization"]?.first else {
            throw .notAuthenticated("The required information to complete authentication was not provided.")
        }
        return try AuthorizationHeader(text)
    }

    private func checkForm(
        of request: SignedRequest, _ authorization: AuthorizationHeader, covering required: [String],
        at moment: Milliseconds
    ) throws(Refusal) {
        let signed = authorization.headers
        let missing = required.filter { !signed.contains($0) && !($0 == "date" && signed.contains("x-date")) }
        guard missing.isEmpty else {
            throw .notAuthenticated("The signature must cover \(missing.joined(separator: ", ")) as well.")
        }
        try checkDate(request, signed: signed, at: moment)
        try checkBody(request)
    }

    private func check(
        _ authorization: AuthorizationHeader, of request: SignedRequest, by key: _RSA.Signing.PublicKey
    ) throws(Refusal) {
        let signed = try signingString(request, authorization.headers)
        guard
            key.isValidSignature(
                _RSA.Signing.RSASignature(rawRepresentation: authorization.signature),
                for: SHA256.hash(data: Data(signed.utf8)), padding: .insecurePKCS1v1_5)
        else { throw .notAuthenticated("Failed to verify the HTTP(S) Signature") }
    }

    /// The headers that a signature must cover, which depend on the method.
    private static func requiredHeaders(of method: String) -> [String] {
        let all = ["date", "(request-target)", "host"]
        return hasBody(method) ? all + ["content-length", "content-type", "x-content-sha256"] : all
    }

    private static func hasBody(_ method: String) -> Bool { ["POST", "PUT", "PATCH"].contains(method) }

    private func checkDate(_ request: SignedRequest, signed: [String], at moment: Milliseconds) throws(Refusal) {
        let name = signed.contains("x-date") ? "x-date" : "date"
        guard let text = request.headers[name]?.first, let sent = HTTPDate.moment(text) else {
            throw .notAuthenticated("The \(name) header is missing or not an RFC 1123 date.")
        }
        guard abs(sent - moment) <= Self.allowedSkew else {
            throw .notAuthenticated(
                "Date '\(text)' is not within allowed clock skew. Current '\(HTTPDate.text(moment))', valid datetime range: "
                    + "['\(HTTPDate.text(moment - Self.allowedSkew))', '\(HTTPDate.text(moment + Self.allowedSkew))']")
        }
    }

    private func checkBody(_ request: SignedRequest) throws(Refusal) {
        guard Self.hasBody(request.method) else { return }
        let digest = Data(SHA256.hash(data: request.body)).base64EncodedString()
        guard request.headers["x-content-sha256"] == [digest] else {
            throw .notAuthenticated("The x-content-sha256 header does not match the body.")
        }
    }

    private func publicKey(_ keyID: String, at moment: Milliseconds) throws(Refusal) -> _RSA.Signing.PublicKey {
        let mark = "ST$"
        if keyID.hasPrefix(mark) {
            guard let issuer else { throw .notAuthenticated("The security token is not one this service issued.") }
            return try issuer.sessionKey(of: keyID.dropFirst(mark.count), at: moment)
        }
        guard let key = keys[keyID] else {
            throw .notAuthenticated(
                "The required information to complete authentication was not provided or was incorrect.")
        }
        return key
    }

    /// The text that the client must have signed, in the order of its list of headers.
    private func signingString(_ request: SignedRequest, _ names: [String]) throws(Refusal) -> String {
        var lines: [String] = []
        for name in names {
            if name == "(request-target)" {
                lines.append("(request-target): \(request.method.lowercased()) \(request.target)")
            } else if let values = request.headers[name] {
                lines.append("\(name): \(values.joined(separator: ", "))")
            } else {
                throw .notAuthenticated("The signature covers \(name), which the request does not have.")
            }
        }
        return lines.joined(separator: "\n")
    }
}
