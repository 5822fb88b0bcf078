import Foundation
import HTTP

/// A session: its token, and the signer that uses it.
struct Session: Sendable {
    let token: SessionToken
    let signer: RequestSigner
}

/// A session token: a JWT that `oci session authenticate` writes to a file, or that OCI gives to a principal.
struct SessionToken: Sendable {
    let text: String
    let source: Source
    /// The token's `exp`; nil if missing or invalid. The signature is not verified: the service does that.
    let expiration: Date?
    /// The token's `iat`; nil if missing or invalid.
    let issued: Date?

    /// The origin of a token, which determines how to get a new one.
    enum Source: Sendable, Equatable {
        /// A file of the OCI CLI, and the profile that names it.
        case file(String, profileName: String)
        /// The environment variable of a resource principal.
        case resourcePrincipal(String)
        /// The identity service at this address.
        case identityService(String)
        /// The file of a Kubernetes service account.
        case serviceAccount(String)

        /// The end of a phrase that begins with "the session token".
        var description: String {
            switch self {
            case .file(let path, _): "in \(path)"
            case .resourcePrincipal(let variable): "of \(variable)"
            case .identityService(let url): "from \(url)"
            case .serviceAccount(let path): "of the service account in \(path)"
            }
        }

        /// How to get a new token, in one or two sentences for the user.
        var renewal: String {
            switch self {
            case .file(_, let profile):
                "Run `oci session authenticate --profile-name \(profile)`; "
                    + "before a session ends, `oci session refresh --profile \(profile)` is enough."
            case .resourcePrincipal: "OCI renews it; if it does not, restart this function, job or container."
            case .serviceAccount: "Kubernetes renews it; if it does not, restart the pod."
            case .identityService: "It is renewed automatically; if it is not, check this machine's clock."
            }
        }
    }

    init(_ bytes: [UInt8], source: Source) throws(CredentialsError) {
        let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard !text.isEmpty, text.utf8.allSatisfy(IdentitySettings.isHeaderSafe) else {
            throw Self.notAToken(isEmpty: text.isEmpty, source: source)
        }
        self.text = text
        self.source = source
        let claims = Self.claims(of: text)
        expiration = claims?.exp.flatMap(Self.moment)
        issued = claims?.iat.flatMap(Self.moment)
    }

    private static func notAToken(isEmpty: Bool, source: Source) -> CredentialsError {
        guard case .file(let path, let profileName) = source else {
            return CredentialsError(
                "The session token \(source.description) is \(isEmpty ? "empty" : "not a token").",
                advice: source.renewal,
                topic: .token)
        }
        return CredentialsError(
            "The file \(path) \(isEmpty ? "is empty" : "is not a token"): it should hold a session token.",
            advice: "Run `oci session authenticate --profile-name \(profileName)`.", topic: .token)
    }

    /// Throws if the token has expired, so that no request is sent with it.
    func requireValid(at now: Date) throws(CredentialsError) {
        guard let expiration, expiration <= now else { return }
        throw CredentialsError(
            "The session expired on \(HTTPDate.string(from: expiration)): the token \(source.description).",
            advice: source.renewal, kind: .expiredToken(expiration))
    }

    /// The claims of a JWT (RFC 7519, section 4.1) about time.
    private static func claims(of token: String) -> Claims? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let claims = Data(base64URL: parts[1]) else { return nil }
        return try? JSONDecoder().decode(Claims.self, from: claims)
    }

    /// Converts seconds since 1970 to a date. Limits it to `distantFuture`, so that it can be subtracted and printed.
    private static func moment(_ seconds: Double) -> Date? {
        guard seconds.isFinite, seconds > 0 else { return nil }
        return min(Date(timeIntervalSince1970: seconds), .distantFuture)
    }

    /// Seconds since 1970, each as a number or a numeric string.
    private struct Claims: Decodable {
        let exp, iat: Double?

        enum CodingKeys: CodingKey { case exp, iat }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            func seconds(_ key: CodingKeys) -> Double? {
                if let number = try? container.decode(Double.self, forKey: key) { return number }
                return (try? container.decode(String.self, forKey: key)).flatMap(Double.init)
            }
            exp = seconds(.exp)
            iat = seconds(.iat)
        }
    }
}

extension SessionToken: SecretHolder {
    var description: String { "SessionToken(\(source.description))" }
}

extension Data {
    /// Decodes base64url without padding (RFC 4648, section 5), the encoding of JWTs.
    fileprivate init?(base64URL text: Substring) {
        let standard = text.replacing("-", with: "+").replacing("_", with: "/")
        self.init(base64Encoded: standard + String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4))
    }
}
