import CryptoExtras
import Foundation

/// A user made up for a demo, with every way to sign in: an API key and a session in the profiles of an OCI configuration
/// file, a resource principal in files of its own, and a compute instance. All of it is in a private folder that is removed
/// at the end.
public struct DemoIdentity: Sendable {
    /// The private folder, mode 0700.
    public let folder: URL
    /// The configuration file, mode 0600; its `key_file` is absolute.
    public let configFile: URL
    /// The profile that signs with an API key.
    public let profile: String
    public let region: String
    /// What to register with the simulator.
    public let key: RegisteredKey
    /// Whose tokens the simulator is to accept.
    public let tokenIssuer: TokenIssuer
    /// The instance whose metadata the simulator is to serve.
    public let instance: ComputeInstance

    /// The profile that signs with a session token.
    public static let sessionProfile = "SESSION"
    /// However often it is refreshed, a session ends after a day.
    private static let longestSession: TimeInterval = 86_400

    /// Makes the keys and writes the files.
    /// - Parameters:
    ///   - temporaryDirectory: where the private folder is made; it must exist.
    ///   - tokenLifetime: how long the session's first token lasts.
    /// - Throws: ``DemoIdentityError`` when the folder or a file cannot be written.
    public init(
        in temporaryDirectory: URL, profile: String = "DEFAULT", region: String = "us-ashburn-1",
        tokenLifetime: Duration = .seconds(3_600), now: Date = Date()
    ) throws {
        let privateKey = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        var random = SystemRandomNumberGenerator()
        let nonce = random.next().hex(16)
        folder = temporaryDirectory.appending(path: "runtop-demo-\(nonce)", directoryHint: .isDirectory)
        configFile = folder.appending(path: "config")
        self.profile = profile
        self.region = region
        let key = RegisteredKey(
            tenancy: "ocid1.tenancy.oc1..aaaaaaaademo\(nonce)", user: "ocid1.user.oc1..aaaaaaaademo\(nonce)",
            publicKey: privateKey.publicKey)
        self.key = key
        let issuer = try TokenIssuer()
        tokenIssuer = issuer
        instance = try ComputeInstance(tenancy: key.tenancy, region: region, issued: now)
        do {
            // The folder comes first and is closed to others from its first moment, so the files are never exposed.
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        } catch {
            throw DemoIdentityError(path: folder.path, reason: error.localizedDescription)
        }
        func session(_ kind: String, key: _RSA.Signing.PrivateKey) throws -> String {
            try issuer.token(
                TokenIssuer.Grant(
                    subject: self.key.user, tenancy: self.key.tenancy, kind: kind, issuedAt: now,
                    expiresAt: now + tokenLifetime / .seconds(1), sessionEnds: now + Self.longestSession),
                for: key.publicKey)
        }
        do {
            let (sessionKey, resourceKey) = (
                try _RSA.Signing.PrivateKey(keySize: .bits2048), try _RSA.Signing.PrivateKey(keySize: .bits2048)
            )
            let files = [
                "key.pem": privateKey.pkcs8PEMRepresentation + "\n",
                "session.pem": sessionKey.pkcs8PEMRepresentation + "\n",
                "token": try session("user", key: sessionKey),
                "resource.pem": resourceKey.pkcs8PEMRepresentation + "\n",
                "rpst": try session("resource", key: resourceKey),
                "service-account-token": try session("serviceaccount", key: resourceKey),
                "config": configuration(sessionFingerprint: KeyName.fingerprint(of: sessionKey.publicKey)),
            ]
            for (name, text) in files { try Self.write(text, to: folder.appending(path: name)) }
        } catch {
            remove()
            throw error
        }
    }

    /// The variables that make a resource principal, version 2.2.
    public var resourcePrincipal: [(name: String, value: String)] {
        [
            ("OCI_RESOURCE_PRINCIPAL_VERSION", "2.2"),
            ("OCI_RESOURCE_PRINCIPAL_RPST", folder.appending(path: "rpst").path),
            ("OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM", folder.appending(path: "resource.pem").path),
            ("OCI_RESOURCE_PRINCIPAL_REGION", region),
        ]
    }

    private func configuration(sessionFingerprint: String) -> String {
        """
        [\(profile)]
        user=\(key.user)
        fingerprint=\(key.fingerprint)
        tenancy=\(key.tenancy)
        region=\(region)
        key_file=\(folder.appending(path: "key.pem").path)

        [\(Self.sessionProfile)]
        fingerprint=\(sessionFingerprint)
        tenancy=\(key.tenancy)
        region=\(region)
        key_file=\(folder.appending(path: "session.pem").path)
        security_token_file=\(folder.appending(path: "token").path)

        """
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
