import CryptoExtras
import Foundation
import HTTP

/// The workload identity of a pod in OKE, which signs in as its Kubernetes service account. An endpoint of the cluster
/// accepts the account's token and issues a session token for a key that is created here.
///
/// The paths, the port and the variables are those of the OCI SDKs (`oci` 2.189).
struct WorkloadIdentity: Sendable {
    private static let hostVariable = "KUBERNETES_SERVICE_HOST"
    private static let certificateVariable = "OCI_KUBERNETES_SERVICE_ACCOUNT_CERT_PATH"
    private static let certificatePath = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt"
    private static let tokenPath = "/var/run/secrets/kubernetes.io/serviceaccount/token"
    private static let port = 12_250
    private static let timeout = Duration.seconds(10)

    private let address: BaseURL
    private let certificateFile: String
    private let files: any CredentialFiles
    private let transport: any HTTPTransport
    private let now: @Sendable () -> Date

    init(
        environment: Environment, files: any CredentialFiles, transport: any HTTPTransport,
        now: @escaping @Sendable () -> Date
    ) throws(CredentialsError) {
        guard let host = environment[Self.hostVariable] else {
            throw CredentialsError(
                "There is no OKE workload identity here: \(Self.hostVariable) is not set.",
                advice: "Kubernetes sets it in every pod; elsewhere use --auth api_key or security_token.")
        }
        address = try BaseURL(
            "https://\(host.contains(":") ? "[\(host)]" : host):\(Self.port)/resourcePrincipalSessionTokens",
            from: Self.hostVariable)
        certificateFile = environment[Self.certificateVariable] ?? Self.certificatePath
        (self.files, self.transport, self.now) = (files, transport, now)
    }

    /// Returns a token for a new session key.
    func session() async throws(CredentialsError) -> Session {
        let account = try accountToken()
        guard let sessionKey = try? _RSA.Signing.PrivateKey(keySize: .bits2048),
            let body = try? JSONEncoder().encode([
                "podKey": LeafCertificate.base64(ofPEM: sessionKey.publicKey.pemRepresentation)
            ])
        else { throw CredentialsError("No session key could be made.", advice: "Try again.", kind: .key) }
        let reply: HTTPReply
        do throws(TransportError) {
            reply = try await transport.send(
                HTTPRequest(
                    "POST", to: address, target: address.pathPrefix,
                    headers: [("authorization", "Bearer \(account)"), ("content-type", "application/json")],
                    body: Array(body), authorityFile: certificateFile),
                timeout: Self.timeout)
        } catch {
            throw CredentialsError(
                "The cluster's identity endpoint \(address) cannot be reached: \(error.message).",
                advice: "Is this a pod of an OKE cluster?", kind: .unreachable)
        }
        guard reply.status == 200 else { throw refusal(reply) }
        let token = try SessionToken(Self.token(in: reply.body), source: .identityService(address.description))
        return Session(token: token, signer: RequestSigner(keyID: "ST$\(token.text)", key: SigningKey(sessionKey)))
    }

    /// The service account's token, which Kubernetes renews before it expires.
    private func accountToken() throws(CredentialsError) -> String {
        let file = try files.credentialFile(
            Self.tokenPath, what: "service account token file", .token, namedIn: "Kubernetes")
        let token = try SessionToken(file.bytes, source: .serviceAccount(Self.tokenPath))
        try token.requireValid(at: now())
        return token.text
    }

    private func refusal(_ reply: HTTPReply) -> CredentialsError {
        CredentialsError(
            "The cluster's identity endpoint \(address) " + reply.refusal(),
            advice: reply.status == 403
                ? "Only enhanced clusters have workload identities: ask the cluster's administrator."
                : "Try again later.",
            kind: (400..<500).contains(reply.status) && reply.status != 429 ? .refused : .unreachable)
    }

    /// Extracts the token from the answer, which is base64 of JSON, possibly in quotes. The token begins with `ST$`.
    private static func token(in body: [UInt8]) -> [UInt8] {
        struct Answer: Decodable { let token: String }
        let text = String(decoding: body, as: UTF8.self).trimmingCharacters(in: .init(charactersIn: "\" \r\n"))
        guard let data = Data(base64Encoded: text), let answer = try? JSONDecoder().decode(Answer.self, from: data)
        else { return [] }
        return Array((answer.token.hasPrefix("ST$") ? answer.token.dropFirst(3) : answer.token[...]).utf8)
    }
}
