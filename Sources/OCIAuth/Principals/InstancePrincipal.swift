import CryptoExtras
import Foundation

/// An instance principal: the machine signs in with the certificate that its metadata service gives it. The identity service
/// issues a token for the certificate, bound to a session key made here.
struct InstancePrincipal: Sendable {
    let metadata: InstanceMetadata
    let service: IdentityService

    /// Signs in with the certificate, and gets a token for a fresh session key.
    func session() async throws(CredentialsError) -> Session {
        let identity = try await metadata.identity()
        guard let sessionKey = try? _RSA.Signing.PrivateKey(keySize: .bits2048) else {
            throw CredentialsError("No session key could be made.", advice: "Try again.", kind: .key)
        }
        let body = Body(
            certificate: identity.certificate.base64,
            publicKey: LeafCertificate.base64(ofPEM: sessionKey.publicKey.pemRepresentation),
            intermediateCertificates: identity.intermediates)
        guard let bytes = try? JSONEncoder().encode(body) else {
            throw CredentialsError("The request for a token could not be made.", advice: "Try again.")
        }
        let certificate = identity.certificate
        let leaf = RequestSigner(
            keyID: "\(certificate.tenancy)/fed-x509/\(certificate.fingerprint)", key: identity.key)
        let token = try SessionToken(
            await service.token(from: "/v1/x509", sending: Array(bytes), signedBy: leaf, coversHost: false),
            source: .identityService(service.baseURL))
        return Session(token: token, signer: RequestSigner(keyID: "ST$\(token.text)", key: SigningKey(sessionKey)))
    }

    private struct Body: Encodable {
        let certificate: String
        let publicKey: String
        let intermediateCertificates: [String]
    }
}
