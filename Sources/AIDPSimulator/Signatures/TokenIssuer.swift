import Crypto
import CryptoExtras
import Foundation

/// Issues session tokens as the identity service does, and recognises its own: a JWT, signed RS256 by the issuer's key,
/// that carries the session's public key in its `jwk` claim. A request made with `keyId="ST$<token>"` is then verified
/// against that key.
public struct TokenIssuer: Sendable {
    private let key: _RSA.Signing.PrivateKey

    /// An issuer with a fresh RSA key of its own.
    public init() throws { key = try _RSA.Signing.PrivateKey(keySize: .bits2048) }

    /// A token for the holder of a session key.
    /// - Throws: `CryptoKitError` when the PEM is not an RSA public key.
    public func token(
        user: String, tenancy: String, publicKeyPEM: String, issuedAt: Date, expiresAt: Date
    ) throws -> String {
        let numbers = try _RSA.Signing.PublicKey(pemRepresentation: publicKeyPEM).getKeyPrimitives()
        let jwk = JSONWebKey(
            kty: "RSA", n: Base64URL.text(numbers.modulus), e: Base64URL.text(numbers.publicExponent), alg: "RS256",
            use: "sig", kid: "session")
        let claims = Claims(
            sub: user, tenant: tenancy, iss: "authService.simulator", exp: Int64(expiresAt.timeIntervalSince1970),
            iat: Int64(issuedAt.timeIntervalSince1970), ptype: "user",
            jwk: String(decoding: try JSONEncoder().encode(jwk), as: UTF8.self))
        let head = Base64URL.text(Data(#"{"kid":"simulator","alg":"RS256"}"#.utf8))
        let signed = head + "." + Base64URL.text(try JSONEncoder().encode(claims))
        let signature = try key.signature(for: SHA256.hash(data: Data(signed.utf8)), padding: .insecurePKCS1v1_5)
        return signed + "." + Base64URL.text(signature.rawRepresentation)
    }

    /// The session key a token carries, if this issuer made the token and it has not expired.
    func sessionKey(of token: Substring, at moment: Milliseconds) throws(Refusal) -> _RSA.Signing.PublicKey {
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
        return sessionKey
    }

    private struct Claims: Codable {
        let sub, tenant, iss: String
        let exp, iat: Int64
        let ptype, jwk: String
    }

    private struct JSONWebKey: Codable {
        let kty, n, e, alg, use, kid: String
    }
}

/// Base64 in the alphabet of URLs, without padding, as JWTs have it.
enum Base64URL {
    static func text(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    static func data(_ text: Substring) -> Data? {
        let standard = text.replacing("-", with: "+").replacing("_", with: "/")
        return Data(base64Encoded: standard + String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4))
    }
}
