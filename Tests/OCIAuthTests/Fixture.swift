import CryptoExtras
import Foundation

@testable import OCIAuth

/// The fixture files.
enum Fixture {
    static let passPhrase = Secret(text: "correct horse")
    /// The fingerprint of `rsa-pkcs1.pem` and its variants, from `openssl rsa -pubout -outform DER | openssl md5 -c`.
    static let fingerprint = "fe:47:fd:4c:04:11:36:8c:f9:b7:a7:11:ac:2f:48:89"
    /// The fingerprint of `rsa-other.pem`, from the same command.
    static let otherFingerprint = "a6:d4:80:1f:d5:9f:cd:1b:1e:fa:7b:65:76:66:ad:4f"

    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: Bundle.module.bundleURL.appending(path: "Fixtures/\(name)")))
    }

    static func key(_ name: String) throws -> [UInt8] {
        try bytes("keys/\(name).pem")
    }

    static func keyText(_ name: String) throws -> String {
        String(decoding: try key(name), as: UTF8.self)
    }

    /// An unsigned JWT with these claims.
    static func jwt(claims: String) -> String {
        func segment(_ text: String) -> String {
            Data(text.utf8).base64EncodedString()
                .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        }
        return [#"{"alg":"none"}"#, claims, "signature"].map(segment).joined(separator: ".")
    }
}

/// Test vectors that Oracle's own signer created.
struct SigningVectors: Decodable {
    let privateKeyPem: String
    let realFingerprint: String
    let cases: [Vector]

    struct Vector: Decodable, Sendable {
        let name: String
        let url: String
        let date: String
        let signingString: String
        let signature: String
        let keyId: String
        let authorization: String

        /// The method, host and path with query, from the URL as it is sent.
        var request: SignableRequest {
            let rest = url.dropFirst("https://".count)
            let slash = rest.firstIndex(of: "/") ?? rest.endIndex
            return SignableRequest(
                method: "GET", target: String(rest[slash...]), host: String(rest[..<slash]), date: .distantPast)
        }
    }

    static func read() throws -> SigningVectors {
        try JSONDecoder().decode(SigningVectors.self, from: Data(try Fixture.bytes("signing-vectors.json")))
    }

    func key() throws -> SigningKey {
        SigningKey(try _RSA.Signing.PrivateKey(unsafePEMRepresentation: privateKeyPem))
    }
}
