import Foundation

/// A session token: a JWT that `oci session authenticate` leaves in a file.
struct SessionToken: Sendable {
    let text: String
    /// The file it was read from.
    let path: String
    /// The profile it belongs to, for the commands that renew it.
    let profileName: String
    /// The token's `exp`; nil when it says none that can be read. Nothing is verified: that is the service's part.
    let expiration: Date?

    init(_ bytes: [UInt8], path: String, profileName: String) throws(CredentialsError) {
        let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard !text.isEmpty, text.utf8.allSatisfy(IdentitySettings.isHeaderSafe) else {
            throw CredentialsError(
                "The file \(path) \(text.isEmpty ? "is empty" : "is not a token"): it should hold a session token.",
                advice: "Run `oci session authenticate --profile-name \(profileName)`.")
        }
        self.text = text
        self.path = path
        self.profileName = profileName
        self.expiration = Self.expiration(of: text)
    }

    /// Refuses the token when it has ended, so that no request is wasted on it.
    func requireValid(at now: Date) throws(CredentialsError) {
        guard let expiration, expiration <= now else { return }
        throw CredentialsError(
            "The session token in \(path) ended on \(HTTPDate.string(from: expiration)).",
            advice: "Run `oci session authenticate --profile-name \(profileName)`; "
                + "before a session ends, `oci session refresh --profile \(profileName)` prolongs it.",
            kind: .expiredToken(expiration))
    }

    /// The `exp` of a JWT's claims (RFC 7519, section 4.1.4): seconds since 1970, a number or a numeric string.
    private static func expiration(of jwt: String) -> Date? {
        let segments = jwt.split(separator: ".", omittingEmptySubsequences: false)
        guard segments.count == 3, let claims = Data(base64URL: segments[1]),
            let expiration = try? JSONDecoder().decode(Claims.self, from: claims).exp,
            expiration.isFinite, expiration > 0
        else { return nil }
        // A moment past every calendar is clamped, for whoever subtracts or prints it.
        return min(Date(timeIntervalSince1970: expiration), .distantFuture)
    }

    private struct Claims: Decodable {
        let exp: Double

        enum CodingKeys: CodingKey { case exp }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            if let number = try? container.decode(Double.self, forKey: .exp) {
                exp = number
            } else {
                exp = Double(try container.decode(String.self, forKey: .exp)) ?? .nan
            }
        }
    }
}

extension SessionToken: SecretHolder {
    var description: String { "SessionToken(\(path))" }
}

extension Data {
    /// Decodes base64url without padding (RFC 4648, section 5), as JWTs have it.
    fileprivate init?(base64URL text: Substring) {
        let standard = text.replacing("-", with: "+").replacing("_", with: "/")
        self.init(base64Encoded: standard + String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4))
    }
}
