import Foundation
import HTTP

/// The identity service of a region, which issues session tokens.
///
/// It is at `https://auth.{region}.{secondLevelDomain}`, or where `OCI_SDK_AUTH_CLIENT_REGION_URL` says, as in the
/// OCI SDKs.
struct IdentityService: Sendable {
    /// `https://auth.us-ashburn-1.oraclecloud.com`.
    let baseURL: String
    private let transport: any IdentityTransport
    private let now: @Sendable () -> Date

    /// For one exchange.
    private static let timeout = Duration.seconds(10)

    init(
        region: Region?, environment: Environment, transport: any IdentityTransport, now: @escaping @Sendable () -> Date
    ) throws(CredentialsError) {
        let variable = "OCI_SDK_AUTH_CLIENT_REGION_URL"
        if let url = environment[variable] {
            baseURL = try ServiceAddress.checked(url, from: variable)
        } else if let region {
            baseURL = "https://" + region.host("auth.{region}.{secondLevelDomain}")
        } else {
            throw CredentialsError(
                "The identity service cannot be found: no region is given.", advice: "Give --region.")
        }
        self.transport = transport
        self.now = now
    }

    /// Exchanges a signed body for a token.
    ///
    /// - Parameters:
    ///   - path: `/v1/x509` or `/v1/authentication/refresh`.
    ///   - coversHost: whether the signature covers the `host` header; that of a certificate does not.
    func token(
        from path: String, sending body: [UInt8], signedBy signer: RequestSigner, coversHost: Bool
    ) async throws(CredentialsError) -> [UInt8] {
        let host = String(baseURL.drop { $0 != "/" }.dropFirst(2))
        let request = SignableRequest(
            method: "POST", target: path, host: host, date: now(),
            body: .init(contentType: "application/json", bytes: body))
        let headers =
            coversHost ? try signer.headers(signing: request) : try signer.headersWithoutHost(signing: request)
        let reply: IdentityReply
        do throws(IdentityTransportError) {
            reply = try await transport.send(
                IdentityRequest(method: "POST", url: baseURL + path, headers: headers, body: body),
                timeout: Self.timeout)
        } catch {
            throw CredentialsError(
                "The identity service \(baseURL) cannot be reached: \(error.message).",
                advice: "Check the region, the network and the proxy.", kind: .unreachable)
        }
        guard reply.status == 200 else { throw refusal(reply) }
        guard let answer = try? JSONDecoder().decode(Token.self, from: Data(reply.body)), !answer.token.isEmpty else {
            throw CredentialsError(
                "The identity service \(baseURL) answered without a token.",
                advice: "Something else may be answering in its place: check the region and the proxy.",
                kind: .unreachable)
        }
        return Array(answer.token.utf8)
    }

    private func refusal(_ reply: IdentityReply) -> CredentialsError {
        let said = (try? JSONDecoder().decode(Refusal.self, from: Data(reply.body)))?.message ?? ""
        return CredentialsError(
            "The identity service \(baseURL) " + reply.refusal(saying: said),
            advice: reply.status == 401
                ? "Check this machine's clock, and that its certificate or session is still good." : "Try again later.",
            kind: (400..<500).contains(reply.status) && reply.status != 429 ? .refused : .unreachable)
    }

    private struct Token: Decodable {
        let token: String
    }

    private struct Refusal: Decodable {
        let message: String?
    }
}

/// The addresses in the environment that credentials are sent to.
enum ServiceAddress {
    /// The address without its last `/`: https, or http to this machine and to the link-local metadata service.
    static func checked(_ url: String, from variable: String) throws(CredentialsError) -> String {
        let trimmed = url.hasSuffix("/") ? String(url.dropLast()) : url
        guard let parts = URLComponents(string: trimmed), let scheme = parts.scheme?.lowercased(),
            let host = parts.host, !host.isEmpty, parts.user == nil, parts.query == nil, parts.fragment == nil
        else {
            throw CredentialsError("\(variable) is not a URL.", advice: "Give it as in https://host, or unset it.")
        }
        let isLocal = LocalAddress.isLoopback(host) || LocalAddress.isLinkLocal(host)
        guard scheme == "https" || (scheme == "http" && isLocal) else {
            throw CredentialsError(
                "\(variable) is not https.",
                advice: "Plain http is accepted only for this machine itself and for 169.254.0.0/16.")
        }
        return trimmed
    }
}
