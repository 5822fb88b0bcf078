import Foundation
import HTTP

/// The identity service of a region, which issues session tokens.
///
/// Its address is `https://auth.{region}.{secondLevelDomain}`, or `OCI_SDK_AUTH_CLIENT_REGION_URL` if that is set, as
/// in the OCI SDKs.
struct IdentityService: Sendable {
    /// `https://auth.us-ashburn-1.oraclecloud.com`.
    let address: BaseURL
    private let transport: any HTTPTransport
    private let now: @Sendable () -> Date

    /// The time limit of one request.
    private static let timeout = Duration.seconds(10)

    init(
        region: Region?, environment: Environment, transport: any HTTPTransport, now: @escaping @Sendable () -> Date
    ) throws(CredentialsError) {
        let variable = "OCI_SDK_AUTH_CLIENT_REGION_URL"
        if let url = environment[variable] {
            address = try BaseURL(url, from: variable)
        } else if let region {
            address = try BaseURL("https://" + region.host("auth.{region}.{secondLevelDomain}"), from: "the region")
        } else {
            throw CredentialsError(
                "The identity service cannot be found: no region is given.", advice: "Give --region.")
        }
        self.transport = transport
        self.now = now
    }

    /// Sends a signed body and returns the token from the answer.
    ///
    /// - Parameters:
    ///   - path: `/v1/x509` or `/v1/authentication/refresh`.
    ///   - coversHost: whether the signature covers the `host` header. A signature with a certificate does not.
    func token(
        from path: String, sending body: [UInt8], signedBy signer: RequestSigner, coversHost: Bool
    ) async throws(CredentialsError) -> [UInt8] {
        let target = address.pathPrefix + path
        let request = SignableRequest(
            method: "POST", target: target, host: address.authority, date: now(),
            body: .init(contentType: "application/json", bytes: body))
        let headers =
            coversHost ? try signer.headers(signing: request) : try signer.headersWithoutHost(signing: request)
        let reply: HTTPReply
        do throws(TransportError) {
            reply = try await transport.send(
                HTTPRequest("POST", to: address, target: target, headers: headers, body: body), timeout: Self.timeout)
        } catch {
            throw CredentialsError(
                "The identity service \(address) cannot be reached: \(error.message).",
                advice: "Check the region, the network and the proxy.", kind: .unreachable)
        }
        guard reply.status == 200 else { throw refusal(reply) }
        guard let answer = try? JSONDecoder().decode(Token.self, from: Data(reply.body)), !answer.token.isEmpty else {
            throw CredentialsError(
                "The identity service \(address) answered without a token.",
                advice: "Something else may be answering in its place: check the region and the proxy.",
                kind: .unreachable)
        }
        return Array(answer.token.utf8)
    }

    private func refusal(_ reply: HTTPReply) -> CredentialsError {
        let said = (try? JSONDecoder().decode(Refusal.self, from: Data(reply.body)))?.message ?? ""
        return CredentialsError(
            "The identity service \(address) " + reply.refusal(saying: said),
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

extension BaseURL {
    /// Parses an address from the environment that credentials are sent to. It must be https, or http to the local
    /// machine or the link-local metadata service.
    init(_ url: String, from variable: String) throws(CredentialsError) {
        guard let address = try? BaseURL(parsing: url) else {
            throw CredentialsError("\(variable) is not a URL.", advice: "Give it as in https://host, or unset it.")
        }
        guard address.scheme == .https || address.isLoopback || LocalAddress.isLinkLocal(address.host) else {
            throw CredentialsError(
                "\(variable) is not https.",
                advice: "Plain http is accepted only for this machine itself and for 169.254.0.0/16.")
        }
        self = address
    }
}

extension HTTPReply {
    /// The end of a sentence about a rejection, such as "refused with 401: It is unknown, opc-request-id A/B.".
    ///
    /// - Parameter said: the message in the answer, if there is one.
    func refusal(saying said: String = "") -> String {
        let words = said.hasSuffix(".") ? said.dropLast() : said[...]
        return "refused with \(status)" + (words.isEmpty ? "" : ": \(words.prefix(300))")
            + (requestID.map { ", opc-request-id \($0)" } ?? "") + "."
    }
}
