import Foundation

/// The metadata service of a compute instance, version 2: the instance's region, certificate and key.
///
/// It is at `http://169.254.169.254/opc/v2`, or where `OCI_METADATA_BASE_URL` says, as in the OCI SDKs.
struct InstanceMetadata: Sendable {
    private let baseURL: String
    private let transport: any IdentityTransport

    /// Outside an instance nothing answers: the error comes within three seconds.
    private static let timeout = Duration.milliseconds(2_500)

    init(environment: Environment, transport: any IdentityTransport) throws(CredentialsError) {
        let variable = "OCI_METADATA_BASE_URL"
        let url = environment[variable] ?? "http://169.254.169.254/opc/v2"
        baseURL = try ServiceAddress.checked(url, from: variable)
        self.transport = transport
    }

    /// The region's name: an identifier or a short code.
    func region() async throws(CredentialsError) -> String {
        let text = try await text("/instance/region")
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The certificate, the key and the intermediate certificate, requested at the same time.
    func identity() async throws(CredentialsError) -> InstanceIdentity {
        async let certificate = reading("/identity/cert.pem")
        async let key = reading("/identity/key.pem")
        async let intermediate = reading("/identity/intermediate.pem")
        return try InstanceIdentity(
            certificatePEM: await certificate.get(), keyPEM: await key.get(),
            intermediatePEM: await intermediate.get(), source: baseURL)
    }

    private func reading(_ path: String) async -> Result<String, CredentialsError> {
        do throws(CredentialsError) { return .success(try await text(path)) } catch { return .failure(error) }
    }

    private func text(_ path: String) async throws(CredentialsError) -> String {
        let reply: IdentityReply
        do throws(IdentityTransportError) {
            reply = try await transport.send(
                IdentityRequest(
                    method: "GET", url: baseURL + path, headers: [("authorization", "Bearer Oracle")]),
                timeout: Self.timeout)
        } catch {
            throw CredentialsError(
                "The instance metadata service \(baseURL) cannot be reached: \(error.message).",
                advice: "Is this an OCI compute instance? Elsewhere sign in with --auth api_key or security_token.",
                kind: .unreachable)
        }
        guard reply.status == 200, let text = String(validating: reply.body, as: UTF8.self), !text.isEmpty else {
            throw CredentialsError(
                "The instance metadata service \(baseURL) answered \(reply.status) to \(path).",
                advice: "Check that the instance allows version 2 of its metadata service.", kind: .unreachable)
        }
        return text
    }
}

/// An instance's certificate, its key, and the certificate that vouches for both.
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
