import Crypto
import CryptoExtras
import Foundation
import JSON
import SwiftASN1
import X509

/// The services that issue tokens: `POST /v1/x509` of the identity service for the certificate of an instance, its
/// `POST /v1/authentication/refresh` for a session, and `POST /resourcePrincipalSessionTokens` of an OKE cluster for a pod.
struct TokenService: Sendable {
    let issuer: TokenIssuer
    /// The instance whose certificate authority is trusted; if `nil`, every certificate is rejected.
    let instance: ComputeInstance?
    let verifier: SignatureVerifier
    /// The lifetime of a token in seconds.
    let tokenLifetime: TimeInterval

    /// The headers that a signature with a certificate must cover: all except the host.
    private static let requiredHeaders = [
        "date", "(request-target)", "content-length", "content-type", "x-content-sha256",
    ]

    /// A token for an instance, bound to the public key in the request.
    func token(for request: SignedRequest, at moment: Milliseconds) throws(APIError) -> [UInt8] {
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
                subject: instance.id, tenancy: tenancy, kind: "instance", issuedAt: moment.date,
                expiresAt: moment.date + tokenLifetime),
            for: sessionKey)
    }

    /// A token for a pod in exchange for its service account's token, encoded as an OKE cluster does: base64 of JSON.
    func tokenOfPod(for request: SignedRequest, at moment: Milliseconds) throws(APIError) -> String {
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
                subject: account.subject, tenancy: account.tenancy, kind: "resource", issuedAt: moment.date,
                expiresAt: moment.date + tokenLifetime),
            for: key)
        var writer = JSONWriter()
        writer.object { $0.field("token", "ST$" + token) }
        return Data(writer.bytes).base64EncodedString()
    }

    /// Replaces a token that is still valid with a newer one for the same session key.
    func refreshed(_ request: SignedRequest, at moment: Milliseconds) throws(APIError) -> [UInt8] {
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
        guard ends > moment.date else {
            throw .notAuthenticated("The session has reached its maximum lifetime. Authenticate again.")
        }
        (grant.issuedAt, grant.expiresAt) = (moment.date, min(moment.date + tokenLifetime, ends))
        return try reply(grant, for: key)
    }

    private func issued(_ grant: TokenIssuer.Grant, for key: _RSA.Signing.PublicKey) throws(APIError) -> String {
        guard let token = try? issuer.token(grant, for: key) else {
            throw .invalidParameter("The public key cannot be put into a token.")
        }
        return token
    }

    private func reply(_ grant: TokenIssuer.Grant, for key: _RSA.Signing.PublicKey) throws(APIError) -> [UInt8] {
        let token = try issued(grant, for: key)
        var writer = JSONWriter()
        writer.object { $0.field("token", token) }
        return writer.bytes
    }

    private static func tenancy(of certificate: Certificate) -> String? {
        let mark = "opc-tenant:"
        let units = certificate.subject.flatMap { $0 }.map { String(describing: $0.value) }
        return units.first { $0.hasPrefix(mark) }.map { String($0.dropFirst(mark.count)) }
    }
}

/// A compute instance for the demo: its region, its certificate and key, and the intermediate certificate that signed
/// them. The metadata service returns these.
package struct ComputeInstance: Sendable {
    package let tenancy: String
    /// The instance's own OCID.
    package let id: String
    /// The name of its region, or the region's short code, as the metadata service of old instances returns it.
    package let region: String
    let certificatePEM: String
    let keyPEM: String
    let intermediatePEM: String
    private let authority: Certificate.PublicKey

    /// Creates an instance with new keys.
    /// - Parameter issued: the start of its certificate's validity, which lasts for ten years.
    /// - Throws: an error of the cryptographic library; none is expected.
    package init(tenancy: String, region: String, issued: Date) throws {
        let id = "ocid1.instance.oc1.iad.aaaaaaaademo"
        (self.tenancy, self.region, self.id) = (tenancy, region, id)
        let (authorityKey, key) = (P256.Signing.PrivateKey(), try _RSA.Signing.PrivateKey(keySize: .bits2048))
        let name = try DistinguishedName { CommonName("PKISVC Identity Intermediate simulator") }
        let life = issued.addingTimeInterval(-3_600)...issued.addingTimeInterval(10 * 365 * 86_400)
        func certificate(
            of key: Certificate.PublicKey, subject: DistinguishedName, isAuthority: Bool
        ) throws -> Certificate {
            try Certificate(
                version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key,
                notValidBefore: life.lowerBound, notValidAfter: life.upperBound, issuer: name, subject: subject,
                signatureAlgorithm: .ecdsaWithSHA256,
                extensions: try Certificate.Extensions {
                    Critical(
                        isAuthority
                            ? BasicConstraints.isCertificateAuthority(maxPathLength: 0)
                            : BasicConstraints.notCertificateAuthority)
                },
                issuerPrivateKey: .init(authorityKey))
        }
        let authority = Certificate.PublicKey(authorityKey.publicKey)
        self.authority = authority
        let subject = try DistinguishedName {
            OrganizationalUnitName("opc-certtype:instance")
            OrganizationalUnitName("opc-instance:\(id)")
            OrganizationalUnitName("opc-tenant:\(tenancy)")
            CommonName(id)
        }
        certificatePEM = try certificate(of: .init(key.publicKey), subject: subject, isAuthority: false)
            .serializeAsPEM().pemString
        intermediatePEM = try certificate(of: authority, subject: name, isAuthority: true).serializeAsPEM().pemString
        keyPEM = key.pemRepresentation
    }

    /// The text at a path of the metadata service; `nil` if the path does not exist.
    func metadata(at path: Substring) -> String? {
        switch path {
        case "/opc/v2/instance/id": id
        case "/opc/v2/instance/region": region
        case "/opc/v2/identity/cert.pem": certificatePEM + "\n"
        case "/opc/v2/identity/key.pem": keyPEM + "\n"
        case "/opc/v2/identity/intermediate.pem": intermediatePEM + "\n"
        default: nil
        }
    }

    /// Whether this instance's authority signed a certificate, and the certificate is valid at this time.
    func hasIssued(_ certificate: Certificate, at moment: Milliseconds) -> Bool {
        let now = moment.date
        return authority.isValidSignature(certificate.signature, for: certificate)
            && (certificate.notValidBefore...certificate.notValidAfter).contains(now)
    }
}
