import Foundation

/// The keys that the tests of signing in have.
enum KeyFixture {
    /// The fingerprint of the RSA key in all its forms.
    static let fingerprint = "fe:47:fd:4c:04:11:36:8c:f9:b7:a7:11:ac:2f:48:89"
    /// One of the forms: encrypted, with the pass phrase `correct horse`.
    static let encrypted = "rsa-pbes2-aes256.pem"

    static func file(_ name: String) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "OCIAuthTests/Fixtures/keys/\(name)")
    }
}
