import Crypto
import CryptoExtras
import Foundation
import HTTP
import SwiftASN1
import X509

/// An instance principal: the machine signs in with the certificate from its metadata service. The identity service
/// issues a token for the certificate; the token is bound to a session key that is created here.
struct InstancePrincipal: Sendable {
    let metadata: InstanceMetadata
    let service: IdentityService

    /// Signs in with the certificate. Returns a token for a new session key.
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
            source: .identityService(service.address.description))
        return Session(token: token, signer: RequestSigner(keyID: "ST$\(token.text)", key: SigningKey(sessionKey)))
    }

    private struct Body: Encodable {
        let certificate: String
        let publicKey: String
        let intermediateCertificates: [String]
    }
}

/// Version 2 of the metadata service of a compute instance, which provides the instance's region, certificate and key.
///
/// Its address is `http://169.254.169.254/opc/v2`, or `OCI_METADATA_BASE_URL` if that is set, as in the OCI SDKs.
struct InstanceMetadata: Sendable {
    private let address: BaseURL
    private let transport: any HTTPTransport

    /// The time limit of one request. It is short because nothing answers on a machine that is not an instance.
    private static let timeout = Duration.milliseconds(2_500)

    init(environment: Environment, transport: any HTTPTransport) throws(CredentialsError) {
        let variable = "OCI_METADATA_BASE_URL"
        let url = environment[variable] ?? "http://169.254.169.254/opc/v2"
        address = try BaseURL(url, from: variable)
        self.transport = transport
    }

    /// The name of the region: an identifier or a short code.
    func region() async throws(CredentialsError) -> String {
        let text = try await text("/instance/region")
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Requests the certificate, the key and the intermediate certificate concurrently.
    func identity() async throws(CredentialsError) -> InstanceIdentity {
        async let certificate = reading("/identity/cert.pem")
        async let key = reading("/identity/key.pem")
        async let intermediate = reading("/identity/intermediate.pem")
        return try InstanceIdentity(
            certificatePEM: await certificate.get(), keyPEM: await key.get(),
            intermediatePEM: await intermediate.get(), source: address.description)
    }

    private func reading(_ path: String) async -> Result<String, CredentialsError> {
        do throws(CredentialsError) { return .success(try await text(path)) } catch { return .failure(error) }
    }

    private func text(_ path: String) async throws(CredentialsError) -> String {
        let reply: HTTPReply
        do throws(TransportError) {
            reply = try await transport.send(
                HTTPRequest(
                    to: address, target: address.pathPrefix + path, headers: [("authorization", "Bearer Oracle")]),
                timeout: Self.timeout)
        } catch {
            throw CredentialsError(
                "The instance metadata service \(address) cannot be reached: \(error.message).",
                advice: "Is this an OCI compute instance? Elsewhere sign in with --auth api_key or security_token.",
                kind: .unreachable)
        }
        guard reply.status == 200, let text = String(validating: reply.body, as: UTF8.self), !text.isEmpty else {
            throw CredentialsError(
                "The instance metadata service \(address) answered \(reply.status) to \(path).",
                advice: "Check that the instance allows version 2 of its metadata service.", kind: .unreachable)
        }
        return text
    }
}

/// An instance's certificate, its key, and the intermediate certificate.
struct InstanceIdentity: Sendable, SecretHolder {
    let certificate: LeafCertificate
    let key: SigningKey
    let intermediates: [String]

    init(certificatePEM: String, keyPEM: String, intermediatePEM: String, source: String) throws(CredentialsError) {
        certificate = try LeafCertificate(pem: certificatePEM, source: source)
        let what = "private key of \(source)"
        key = try PrivateKeyPEM(Array(keyPEM.utf8), source: what).signingKey(passPhrase: nil)
        intermediates = [LeafCertificate.base64(ofPEM: intermediatePEM)]
    }

    var description: String { "InstanceIdentity(\(certificate.tenancy))" }
}

/// The certificate that an instance signs in with.
struct LeafCertificate: Sendable {
    /// The tenancy's OCID, from the subject: `opc-tenant:…`, or `opc-identity:…` in older certificates.
    let tenancy: String
    /// SHA-1 of the DER as upper-case hexadecimal pairs with colons. The service identifies the certificate by it.
    let fingerprint: String
    /// The PEM without its first and last line and without newlines, as the service requires it.
    let base64: String

    /// - Parameter source: where the certificate came from, for messages.
    init(pem: String, source: String) throws(CredentialsError) {
        base64 = Self.base64(ofPEM: pem)
        guard let der = Data(base64Encoded: base64), let certificate = try? Certificate(derEncoded: Array(der)) else {
            throw CredentialsError(
                "The certificate of \(source) cannot be read.",
                advice: "Try again; if it happens every time, tell OCI support.",
                kind: .unreachable)
        }
        fingerprint = Insecure.SHA1.hash(data: der)
            .map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(separator: ":")
        let units = certificate.subject.flatMap { $0 }.map { String(describing: $0.value) }
        let marks = ["opc-tenant:", "opc-identity:"]
        let named = marks.lazy.compactMap { mark in
            units.first { $0.hasPrefix(mark) }.map { String($0.dropFirst(mark.count)) }
        }.first
        guard let named, !named.isEmpty, named.utf8.allSatisfy(IdentitySettings.isHeaderSafe) else {
            throw CredentialsError(
                "The certificate of \(source) names no tenancy.",
                advice: "It is no OCI instance's: sign in with --auth api_key or security_token.", kind: .unreachable)
        }
        tenancy = named
    }

    /// The lines between the first `BEGIN` line and its `END` line, joined.
    static func base64(ofPEM pem: String) -> String {
        pem.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
            .drop { !$0.hasPrefix("-----BEGIN") }.dropFirst().prefix { !$0.hasPrefix("-----") }.joined()
    }
}
