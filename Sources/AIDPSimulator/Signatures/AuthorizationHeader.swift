import Foundation

/// The parsed `Authorization` header of a signed request.
struct AuthorizationHeader: Sendable, Equatable {
    let keyID: String
    /// The names of the signed headers, lower case, in the order of the signature.
    let headers: [String]
    let signature: Data

    /// Reads `Signature version="1",headers="…",keyId="…",algorithm="rsa-sha256",signature="…"`, the parts in any order.
    init(_ text: String) throws(Refusal) {
        let scheme = "Signature "
        guard text.prefix(scheme.count).lowercased() == scheme.lowercased() else {
            throw .notAuthenticated("The Authorization header must use the scheme Signature.")
        }
        let parts = try Self.parts(of: text.dropFirst(scheme.count))
        guard parts["version"] == "1" else { throw .notAuthenticated("The signature's version must be \"1\".") }
        guard parts["algorithm"] == "rsa-sha256" else {
            throw .notAuthenticated("The signature's algorithm must be rsa-sha256.")
        }
        guard let keyID = parts["keyid"], !keyID.isEmpty else { throw .notAuthenticated("The keyId is missing.") }
        guard let headers = parts["headers"], !headers.isEmpty else {
            throw .notAuthenticated("The list of signed headers is missing.")
        }
        guard let signature = parts["signature"].flatMap({ Data(base64Encoded: $0) }), !signature.isEmpty else {
            throw .notAuthenticated("The signature is missing or not base64.")
        }
        self.keyID = keyID
        self.headers = headers.split(separator: " ").map { $0.lowercased() }
        self.signature = signature
    }

    /// `name="value"` pairs between commas; names in lower case, without duplicates.
    private static func parts(of text: Substring) throws(Refusal) -> [String: String] {
        let malformed = Refusal.notAuthenticated("The Authorization header is malformed.")
        var parts: [String: String] = [:]
        var rest = text
        while true {
            rest = rest.drop { $0 == " " || $0 == "," }
            if rest.isEmpty { return parts }
            guard let equals = rest.firstIndex(of: "=") else { throw malformed }
            let name = rest[..<equals].lowercased()
            rest = rest[rest.index(after: equals)...]
            guard rest.first == "\"" else { throw malformed }
            rest = rest.dropFirst()
            guard let close = rest.firstIndex(of: "\""), parts.updateValue(String(rest[..<close]), forKey: name) == nil
            else { throw malformed }
            rest = rest[rest.index(after: close)...]
        }
    }
}
