import Crypto
import CryptoExtras
import Foundation

/// Issues session tokens as the identity service does, and verifies them. A token is a JWT, signed RS256 by the issuer.
/// Its `jwk` claim is the session's public key, which verifies a request with `keyId="ST$<token>"`.
package struct TokenIssuer: Sendable {
    private let key: _RSA.Signing.PrivateKey

    /// Creates an issuer with a new RSA key.
    package init() throws { self.init(key: try _RSA.Signing.PrivateKey(keySize: .bits2048)) }

    init(key: _RSA.Signing.PrivateKey) { self.key = key }

    /// The subject and the lifetime of a token.
    struct Grant: Sendable, Equatable {
        var subject: String
        var tenancy: String
        /// `user`, `instance` or `resource`.
        var kind = "user"
        var issuedAt: Date
        var expiresAt: Date
        /// When the session ends, even if its token is refreshed.
        var sessionEnds: Date?
    }

    /// A token for the owner of a session key.
    /// - Throws: `CryptoKitError` if the PEM is not an RSA public key.
    package func token(
        user: String, tenancy: String, publicKeyPEM: String, issuedAt: Date, expiresAt: Date, sessionEnds: Date? = nil
    ) throws -> String {
        let grant = Grant(
            subject: user, tenancy: tenancy, issuedAt: issuedAt, expiresAt: expiresAt, sessionEnds: sessionEnds)
        return try token(grant, for: _RSA.Signing.PublicKey(pemRepresentation: publicKeyPEM))
    }

    func token(_ grant: Grant, for sessionKey: _RSA.Signing.PublicKey) throws -> String {
        let numbers = try sessionKey.getKeyPrimitives()
        let jwk = JSONWebKey(
            kty: "RSA", n: Base64URL.text(numbers.modulus), e: Base64URL.text(numbers.publicExponent), alg: "RS256",
            use: "sig", kid: "session")
        let claims = Claims(
            sub: grant.subject, tenant: grant.tenancy, iss: "authService.simulator", exp: Self.seconds(grant.expiresAt),
            iat: Self.seconds(grant.issuedAt), sessionExp: grant.sessionEnds.map(Self.seconds), ptype: grant.kind,
            jwk: String(decoding: try JSONEncoder().encode(jwk), as: UTF8.self))
        let head = Base64URL.text(Data(#"{"kid":"simulator","alg":"RS256"}"#.utf8))
        let signed = head + "." + Base64URL.text(try JSONEncoder().encode(claims))
        let signature = try key.signature(for: SHA256.hash(data: Data(signed.utf8)), padding: .insecurePKCS1v1_5)
        return signed + "." + Base64URL.text(signature.rawRepresentation)
    }

    /// The contents of a token, if this issuer created it and it has not expired.
    func session(
        of token: Substring, at moment: Milliseconds
    ) throws(APIError) -> (grant: Grant, key: _RSA.Signing.PublicKey) {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let signature = Base64URL.data(parts[2]), let claimBytes = Base64URL.data(parts[1]),
            key.publicKey.isValidSignature(
                _RSA.Signing.RSASignature(rawRepresentation: signature),
                for: SHA256.hash(data: Data("\(parts[0]).\(parts[1])".utf8)), padding: .insecurePKCS1v1_5),
            let claims = try? JSONDecoder().decode(Claims.self, from: claimBytes),
            let jwk = try? JSONDecoder().decode(JSONWebKey.self, from: Data(claims.jwk.utf8)),
            let modulus = Base64URL.data(jwk.n[...]), let exponent = Base64URL.data(jwk.e[...]),
            let sessionKey = try? _RSA.Signing.PublicKey(n: modulus, e: exponent)
        else { throw .notAuthenticated("The security token is not one this service issued.") }
        guard claims.exp > moment / 1_000 else { throw .notAuthenticated("The security token has expired.") }
        func date(_ seconds: Int64) -> Date { Date(timeIntervalSince1970: Double(seconds)) }
        let grant = Grant(
            subject: claims.sub, tenancy: claims.tenant, kind: claims.ptype, issuedAt: date(claims.iat),
            expiresAt: date(claims.exp), sessionEnds: claims.sessionExp.map(date))
        return (grant, sessionKey)
    }

    private static func seconds(_ date: Date) -> Int64 { Int64(date.timeIntervalSince1970) }

    private struct Claims: Codable {
        let sub, tenant, iss: String
        let exp, iat: Int64
        let sessionExp: Int64?
        let ptype, jwk: String

        private enum CodingKeys: String, CodingKey {
            case sub, tenant, iss, exp, iat, ptype, jwk
            case sessionExp = "sess_exp"
        }
    }

    private struct JSONWebKey: Codable {
        let kty, n, e, alg, use, kid: String
    }
}

/// The URL-safe base64 alphabet without padding, as in JWTs.
enum Base64URL {
    static func text(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    static func data(_ text: Substring) -> Data? {
        let standard = text.replacing("-", with: "+").replacing("_", with: "/")
        return Data(base64Encoded: standard + String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4))
    }
}
