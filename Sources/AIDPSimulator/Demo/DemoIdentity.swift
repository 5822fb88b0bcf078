import CryptoExtras
import Foundation

/// A user made up for a demo: an RSA-2048 key and an OCI configuration file with one profile, in a private folder that is
/// removed at the end.
public struct DemoIdentity: Sendable {
    /// The private folder, mode 0700.
    public let folder: URL
    /// The configuration file, mode 0600; its `key_file` is absolute.
    public let configFile: URL
    public let profile: String
    public let region: String
    /// What to register with the simulator.
    public let key: RegisteredKey

    /// Makes the key and writes the files.
    /// - Parameter temporaryDirectory: where the private folder is made; it must exist.
    /// - Throws: ``DemoIdentityError`` when the folder or a file cannot be written.
    public init(
        in temporaryDirectory: URL, profile: String = "DEFAULT", region: String = "us-ashburn-1"
    ) throws {
        let privateKey = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        var random = SystemRandomNumberGenerator()
        let nonce = random.next().hex(16)
        folder = temporaryDirectory.appending(path: "runtop-demo-\(nonce)", directoryHint: .isDirectory)
        configFile = folder.appending(path: "config")
        self.profile = profile
        self.region = region
        key = RegisteredKey(
            tenancy: "ocid1.tenancy.oc1..aaaaaaaademo\(nonce)", user: "ocid1.user.oc1..aaaaaaaademo\(nonce)",
            publicKey: privateKey.publicKey)

        let keyFile = folder.appending(path: "key.pem")
        let config = """
            [\(profile)]
            user=\(key.user)
            fingerprint=\(key.fingerprint)
            tenancy=\(key.tenancy)
            region=\(region)
            key_file=\(keyFile.path)

            """
        do {
            // The folder comes first and is closed to others from its first moment, so the files are never exposed.
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        } catch {
            throw DemoIdentityError(path: folder.path, reason: error.localizedDescription)
        }
        do {
            try Self.write(privateKey.pkcs8PEMRepresentation + "\n", to: keyFile)
            try Self.write(config, to: configFile)
        } catch {
            remove()
            throw error
        }
    }

    /// Removes the folder and all in it. Doing so twice does no harm.
    public func remove() { try? FileManager.default.removeItem(at: folder) }

    private static func write(_ text: String, to file: URL) throws(DemoIdentityError) {
        let written = FileManager.default.createFile(
            atPath: file.path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
        guard written else { throw DemoIdentityError(path: file.path, reason: "the file could not be created") }
    }
}

/// The demo's files could not be written.
public struct DemoIdentityError: Error, Sendable, Equatable, CustomStringConvertible {
    public let path: String
    public let reason: String

    public var description: String {
        "Cannot write the demo's key and profile at \(path): \(reason). Set TMPDIR to a directory you may write to."
    }
}
