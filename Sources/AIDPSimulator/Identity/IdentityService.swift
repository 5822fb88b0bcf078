import Crypto
import CryptoExtras
import Foundation
import X509

/// The parts of OCI's identity service that issue tokens: `POST /v1/x509` for the certificate of an instance, and
/// `POST /v1/authentication/refresh` to refresh a session token.
struct IdentityService: Sendable {
    let issuer: TokenIssuer
    /// The instance whose authority is trusted; `nil` refuses every certificate.
    let instance: ComputeInstance?
    let verifier: SignatureVerifier
    /// How long a token lasts.
    let tokenLifetime: TimeInterval

    /// The headers that a signature by a certificate must cover: all except the host.
    private static let requiredHeaders = [
        "date", "(request-target)", "content-length", "content-type", "x-content-sha256",
    ]

    /// A token for an instance, bound to the public key it sent.
    func token(for request: SignedRequest, at moment: Milliseconds) throws(Refusal) -> [UInt8] {
        struct X509Request: Decodable {
            let certificate, publicKey: String
            let intermediateCertificates: [String]
        }
        guard let details = try? JSONDecoder().decode(X509Request.self, from: Data(request.body)) else {
            throw .invalidParameter("The body must have certificate, publicKey and intermediateCertificates.")
        }
        guard let instance, let der = Data(base64Encoded: details.certificate),
            let certificate = try? Certificate(derEncoded: Array(der)), instance.hasIssued(certificate, at: moment),
            let leaf = _RSA.Signing.PublicKey(certificate.publicKey), let tenancy = Self.tenancy(of: certificate)
        else { throw .notAuthenticated("The certificate is not of an instance this service knows.") }
        let keyID = try verifier.keyID(of: request)
        let fingerprint = Insecure.SHA1.hash(data: der).map { UInt64($0).hex(2).uppercased() }.joined(separator: ":")
        guard keyID == "\(tenancy)/fed-x509/\(fingerprint)" else {
            throw .notAuthenticated("The keyId does not name the certificate.")
        }
        try verifier.verify(request, covering: Self.requiredHeaders, by: leaf, at: moment)
        guard let keyDER = Data(base64Encoded: details.publicKey),
            let sessionKey = try? _RSA.Signing.PublicKey(derRepresentation: keyDER)
        else { throw .invalidParameter("publicKey must be an RSA public key of 2048 bits or more.") }
        return try reply(
            TokenIssuer.Grant(
                subject: instance.id, tenancy: tenancy, kind: "instance", issuedAt: date(moment),
                expiresAt: date(moment) + tokenLifetime),
            for: sessionKey)
    }

    /// A token for a pod in exchange for its service account's token, encoded as an OKE cluster does: base64 of JSON.
    func tokenOfPod(for request: SignedRequest, at moment: Milliseconds) throws(Refusal) -> String {
        struct PodRequest: Decodable { let podKey: String }
        let bearer = "Bearer "
        guard let authorization = request.headers["authorization"]?.first, authorization.hasPrefix(bearer) else {
            throw .notAuthenticated("The service account's token is missing.")
        }
        let account = try issuer.session(of: authorization.dropFirst(bearer.count), at: moment).grant
        guard account.kind == "serviceaccount" else {
            throw .notAuthenticated("The token is not a service account's.")
        }
        guard let details = try? JSONDecoder().decode(PodRequest.self, from: Data(request.body)),
            let der = Data(base64Encoded: details.podKey),
            let key = try? _RSA.Signing.PublicKey(derRepresentation: der)
        else { throw .invalidParameter("podKey must be an RSA public key of 2048 bits or more.") }
        let token = try issued(
            TokenIssuer.Grant(
                subject: account.subject, tenancy: account.tenancy, kind: "resource", issuedAt: date(moment),
                expiresAt: date(moment) + tokenLifetime),
            for: key)
        var writer = JSONWriter()
        writer.object { $0.field("token", "ST$" + token) }
        return Data(writer.bytes).base64EncodedString()
    }

    /// Replaces a token that is still valid with a newer one for the same session key.
    func refreshed(_ request: SignedRequest, at moment: Milliseconds) throws(Refusal) -> [UInt8] {
        struct RefreshRequest: Decodable { let currentToken: String }
        guard let details = try? JSONDecoder().decode(RefreshRequest.self, from: Data(request.body)) else {
            throw .invalidParameter("The body must have currentToken.")
        }
        try verifier.verify(request, at: moment)
        guard try verifier.keyID(of: request) == "ST$" + details.currentToken else {
            throw .notAuthenticated("The request is not signed by the session it refreshes.")
        }
        var (grant, key) = try issuer.session(of: details.currentToken[...], at: moment)
        let ends = grant.sessionEnds ?? .distantFuture
        guard ends > date(moment) else {
            throw .notAuthenticated("The session has reached its maximum lifetime. Authenticate again.")
        }
        (grant.issuedAt, grant.expiresAt) = (date(moment), min(date(moment) + tokenLifetime, ends))
        return try reply(grant, for: key)
    }

    private func issued(_ grant: TokenIssuer.Grant, for key: _RSA.Signing.PublicKey) throws(Refusal) -> String {
        guard let token = try? issuer.token(grant, for: key) else {
            throw .invalidParameter("The public key cannot be put into a token.")
        }
        return token
    }

    private func reply(_ grant: TokenIssuer.Grant, for key: _RSA.Signing.PublicKey) throws(Refusal) -> [UInt8] {
        let token = try issued(grant, for: key)
        var writer = JSONWriter()
        writer.object { $0.field("token", token) }
        return writer.bytes
    }

    private func date(_ moment: Milliseconds) -> Date { Date(timeIntervalSince1970: Double(moment) / 1_000) }

    private static func tenancy(of certificate: Certificate) -> String? {
        let mark = "opc-tenant:"
        let units = certificate.subject.flatMap { $0 }.map { String(describing: $0.value) }
        return units.first { $0.hasPrefix(mark) }.map { String($0.dropFirst(mark.count)) }
    }
}
