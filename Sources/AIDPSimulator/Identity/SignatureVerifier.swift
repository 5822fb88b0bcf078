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

/// Verifies the signature of a request by OCI's rules. It shares no code with the client, so that an error in one is
/// found by the other.
struct SignatureVerifier: Sendable {
    /// The maximum difference between a request's date and the clock.
    static let allowedSkew: Milliseconds = 300_000

    private let keys: [String: _RSA.Signing.PublicKey]
    private let issuer: TokenIssuer?

    init(keys: [RegisteredKey], issuer: TokenIssuer?) {
        self.keys = Dictionary(keys.map { ($0.keyID, $0.publicKey) }) { first, _ in first }
        self.issuer = issuer
    }

    /// - Throws: a 401 that says what is wrong with the signature.
    func verify(_ request: SignedRequest, at moment: Milliseconds) throws(APIError) {
        let authorization = try authorization(of: request)
        try checkForm(of: request, authorization, covering: Self.requiredHeaders(of: request.method), at: moment)
        try check(authorization, of: request, by: publicKey(authorization.keyID, at: moment))
    }

    /// Verifies a signature with the given key. The signature must cover these headers.
    func verify(
        _ request: SignedRequest, covering required: [String], by key: _RSA.Signing.PublicKey, at moment: Milliseconds
    ) throws(APIError) {
        let authorization = try authorization(of: request)
        try checkForm(of: request, authorization, covering: required, at: moment)
        try check(authorization, of: request, by: key)
    }

    /// The key id in the `Authorization` header.
    func keyID(of request: SignedRequest) throws(APIError) -> String { try authorization(of: request).keyID }

    private func authorization(of request: SignedRequest) throws(APIError) -> AuthorizationHeader {
        guard let text = request.headers["authorization"]?.first else {
            throw .notAuthenticated("The required information to complete authentication was not provided.")
        }
        return try AuthorizationHeader(text)
    }

    private func checkForm(
        of request: SignedRequest, _ authorization: AuthorizationHeader, covering required: [String],
        at moment: Milliseconds
    ) throws(APIError) {
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
    ) throws(APIError) {
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

    private func checkDate(_ request: SignedRequest, signed: [String], at moment: Milliseconds) throws(APIError) {
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

    private func checkBody(_ request: SignedRequest) throws(APIError) {
        guard Self.hasBody(request.method) else { return }
        let digest = Data(SHA256.hash(data: request.body)).base64EncodedString()
        guard request.headers["x-content-sha256"] == [digest] else {
            throw .notAuthenticated("The x-content-sha256 header does not match the body.")
        }
    }

    private func publicKey(_ keyID: String, at moment: Milliseconds) throws(APIError) -> _RSA.Signing.PublicKey {
        let mark = "ST$"
        if keyID.hasPrefix(mark) {
            guard let issuer else { throw .notAuthenticated("The security token is not one this service issued.") }
            return try issuer.session(of: keyID.dropFirst(mark.count), at: moment).key
        }
        guard let key = keys[keyID] else {
            throw .notAuthenticated(
                "The required information to complete authentication was not provided or was incorrect.")
        }
        return key
    }

    /// The text that the client must have signed, in the order of its list of headers.
    private func signingString(_ request: SignedRequest, _ names: [String]) throws(APIError) -> String {
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

/// The parsed `Authorization` header of a signed request.
struct AuthorizationHeader: Sendable, Equatable {
    let keyID: String
    /// The names of the signed headers, lower case, in the order of the signature.
    let headers: [String]
    let signature: Data

    /// Parses `Signature version="1",headers="…",keyId="…",algorithm="rsa-sha256",signature="…"`, in any order.
    init(_ text: String) throws(APIError) {
        let scheme = "Signature "
        guard text.prefix(scheme.count).lowercased() == scheme.lowercased() else {
            throw .notAuthenticated("The Authorization header must use the scheme Signature.")
        }
        let parts = try Self.parts(of: text.dropFirst(scheme.count))
        guard parts["version"] == "1" else { throw .notAuthenticated("The signature's version must be \"1\".") }
        guard parts["algorithm"] == "rsa-sha256" else {
            throw .notAuthenticated("The signature's algorithm must be rsa-sha256.")
        }
        guard let keyID = parts["keyid"], !keyID.isEmpty else { throw .notAuthenticated("The keyId is missing.") }
        guard let headers = parts["headers"], !headers.isEmpty else {
            throw .notAuthenticated("The list of signed headers is missing.")
        }
        guard let signature = parts["signature"].flatMap({ Data(base64Encoded: $0) }), !signature.isEmpty else {
            throw .notAuthenticated("The signature is missing or not base64.")
        }
        self.keyID = keyID
        self.headers = headers.split(separator: " ").map { $0.lowercased() }
        self.signature = signature
    }

    /// Pairs of `name="value"`, separated by commas. Names are in lower case, without duplicates.
    private static func parts(of text: Substring) throws(APIError) -> [String: String] {
        let malformed = APIError.notAuthenticated("The Authorization header is malformed.")
        var parts: [String: String] = [:]
        var rest = text
        while true {
            rest = rest.drop { $0 == " " || $0 == "," }
            if rest.isEmpty { return parts }
            guard let equals = rest.firstIndex(of: "=") else { throw malformed }
            let name = rest[..<equals].lowercased()
            rest = rest[rest.index(after: equals)...]
            guard rest.first == "\"" else { throw malformed }
            rest = rest.dropFirst()
            guard let close = rest.firstIndex(of: "\""), parts.updateValue(String(rest[..<close]), forKey: name) == nil
            else { throw malformed }
            rest = rest[rest.index(after: close)...]
        }
    }
}

/// The public key of an API key, as a user registers it with OCI.
package struct RegisteredKey: Sendable {
    package let tenancy: String
    package let user: String
    /// Sixteen colon-separated hexadecimal pairs: the MD5 of the public key's DER.
    package let fingerprint: String
    let publicKey: _RSA.Signing.PublicKey

    /// `tenancy/user/fingerprint`, which must equal a request's `keyId`.
    package var keyID: String { "\(tenancy)/\(user)/\(fingerprint)" }

    /// - Throws: `CryptoKitError` if the PEM is not an RSA public key of 2048 bits or more.
    package init(tenancy: String, user: String, publicKeyPEM: String) throws {
        self.init(tenancy: tenancy, user: user, publicKey: try _RSA.Signing.PublicKey(pemRepresentation: publicKeyPEM))
    }

    init(tenancy: String, user: String, publicKey: _RSA.Signing.PublicKey) {
        self.tenancy = tenancy
        self.user = user
        self.publicKey = publicKey
        fingerprint = Self.fingerprint(of: publicKey)
    }

    /// The fingerprint of a key: `20:3b:97:13:55:1c:5b:0d:d3:37:d8:50:4e:c5:3a:34`.
    static func fingerprint(of key: _RSA.Signing.PublicKey) -> String {
        Insecure.MD5.hash(data: key.derRepresentation).map { UInt64($0).hex(2) }.joined(separator: ":")
    }
}
