import CryptoExtras
import Foundation
import Glibc

/// A made-up user with every sign-in method: an API key and a session in the profiles of an OCI configuration file, a
/// resource principal in its own files, and a compute instance. All files are in a private folder, which is removed at
/// the end or kept for the next start.
package struct DemoIdentity: Sendable {
    /// The private folder, mode 0700.
    package let folder: URL
    /// The configuration file, mode 0600; its `key_file` is absolute.
    package let configFile: URL
    /// The profile that signs with an API key.
    package let profile: String
    package let region: String
    /// The key to register with the simulator.
    package let key: RegisteredKey
    /// The issuer whose tokens the simulator accepts.
    package let tokenIssuer: TokenIssuer
    /// The instance whose metadata the simulator serves.
    package let instance: ComputeInstance
    private let isKept: Bool

    /// The profile that signs with a session token.
    package static let sessionProfile = "SESSION"
    /// The maximum lifetime of a session in seconds, even if it is refreshed.
    private static let longestSession: TimeInterval = 86_400

    /// Creates the keys and writes the files into a new folder, which ``remove()`` removes.
    ///
    /// - Parameters:
    ///   - temporaryDirectory: the parent of the private folder. It must exist.
    ///   - tokenLifetime: the lifetime of the session's first token.
    /// - Throws: ``SimulatorError`` if the folder or a file cannot be written.
    package init(
        in temporaryDirectory: URL, profile: String = "DEFAULT", region: String = "us-ashburn-1",
        tokenLifetime: Duration = .seconds(3_600), now: Date = Date()
    ) throws {
        var random = SystemRandomNumberGenerator()
        let folder = temporaryDirectory.appending(
            path: "runtop-demo-\(random.next().hex(16))", directoryHint: .isDirectory)
        guard mkdir(folder.path, 0o700) == 0 else {
            throw Self.cannotWrite(folder.path, Self.lastError, variable: "TMPDIR")
        }
        do {
            try self.init(
                folder: folder, isKept: false, profile: profile, region: region, tokenLifetime: tokenLifetime, now: now)
        } catch {
            try? FileManager.default.removeItem(at: folder)
            throw error
        }
    }

    /// Reads the user of the last start, with the same keys in the same files, or creates a new one. The tokens are
    /// new, and ``remove()`` removes nothing.
    ///
    /// - Parameter folder: the private folder. It is created if it does not exist.
    /// - Throws: ``SimulatorError`` if the folder or a file cannot be written, or the folder is not private.
    package init(
        keptIn folder: URL, profile: String = "DEFAULT", region: String = "us-ashburn-1",
        tokenLifetime: Duration = .seconds(3_600), now: Date = Date()
    ) throws {
        try? FileManager.default.createDirectory(
            at: folder.deletingLastPathComponent(), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        guard mkdir(folder.path, 0o700) == 0 || errno == EEXIST else {
            throw Self.cannotWrite(folder.path, Self.lastError, variable: "XDG_STATE_HOME")
        }
        // The attributes of the folder itself: a symbolic link is not followed.
        let attributes = try? FileManager.default.attributesOfItem(atPath: folder.path)
        guard attributes?[.type] as? FileAttributeType == .typeDirectory,
            (attributes?[.ownerAccountID] as? NSNumber)?.uint32Value == geteuid(), chmod(folder.path, 0o700) == 0
        else {
            throw Self.cannotWrite(folder.path, "it is not a folder of this user", variable: "XDG_STATE_HOME")
        }
        try self.init(
            folder: folder, isKept: true, profile: profile, region: region, tokenLifetime: tokenLifetime, now: now)
    }

    private init(
        folder: URL, isKept: Bool, profile: String, region: String, tokenLifetime: Duration, now: Date
    ) throws {
        (self.folder, self.isKept, self.profile, self.region) = (folder, isKept, profile, region)
        configFile = folder.appending(path: "config")
        func privateKey(_ name: String) throws -> _RSA.Signing.PrivateKey {
            let kept = try? String(contentsOf: folder.appending(path: name), encoding: .utf8)
            return try kept.flatMap { try? _RSA.Signing.PrivateKey(pemRepresentation: $0) }
                ?? _RSA.Signing.PrivateKey(keySize: .bits2048)
        }
        let (apiKey, sessionKey) = (try privateKey("key.pem"), try privateKey("session.pem"))
        let (resourceKey, issuerKey) = (try privateKey("resource.pem"), try privateKey("issuer.pem"))
        // The names are derived from the key, so that the same key always has the same names.
        let name = RegisteredKey.fingerprint(of: apiKey.publicKey).replacing(":", with: "").prefix(16)
        let key = RegisteredKey(
            tenancy: "ocid1.tenancy.oc1..aaaaaaaademo\(name)", user: "ocid1.user.oc1..aaaaaaaademo\(name)",
            publicKey: apiKey.publicKey)
        self.key = key
        let issuer = TokenIssuer(key: issuerKey)
        tokenIssuer = issuer
        instance = try ComputeInstance(tenancy: key.tenancy, region: region, issued: now)
        func token(_ kind: String, key sessionKey: _RSA.Signing.PrivateKey) throws -> String {
            try issuer.token(
                TokenIssuer.Grant(
                    subject: key.user, tenancy: key.tenancy, kind: kind, issuedAt: now,
                    expiresAt: now + tokenLifetime / .seconds(1), sessionEnds: now + Self.longestSession),
                for: sessionKey.publicKey)
        }
        var files = [
            "key.pem": apiKey.pkcs8PEMRepresentation + "\n",
            "session.pem": sessionKey.pkcs8PEMRepresentation + "\n",
            "token": try token("user", key: sessionKey),
            "resource.pem": resourceKey.pkcs8PEMRepresentation + "\n",
            "rpst": try token("resource", key: resourceKey),
            "service-account-token": try token("serviceaccount", key: resourceKey),
            "config": configuration(sessionFingerprint: RegisteredKey.fingerprint(of: sessionKey.publicKey)),
        ]
        // Only the next start needs the key that signs tokens.
        if isKept { files["issuer.pem"] = issuerKey.pkcs8PEMRepresentation + "\n" }
        for (name, text) in files { try write(text, to: folder.appending(path: name)) }
    }

    /// The environment variables of a resource principal, version 2.2.
    package var resourcePrincipal: [(name: String, value: String)] {
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

    /// Removes the folder and everything in it, unless it is kept for the next start. Calling it twice is harmless.
    package func remove() {
        if !isKept { try? FileManager.default.removeItem(at: folder) }
    }

    /// Creates a file with mode 0600 and moves it over any older one.
    private func write(_ text: String, to file: URL) throws {
        var random = SystemRandomNumberGenerator()
        let draft = "\(file.path).\(random.next().hex(16))"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        var isWritten = descriptor >= 0
        if isWritten {
            isWritten =
                text.utf8.withContiguousStorageIfAvailable { bytes in
                    Glibc.write(descriptor, bytes.baseAddress, bytes.count) == bytes.count
                } ?? false
            close(descriptor)
        }
        guard isWritten, rename(draft, file.path) == 0 else {
            let reason = Self.lastError
            unlink(draft)
            throw Self.cannotWrite(file.path, reason, variable: isKept ? "XDG_STATE_HOME" : "TMPDIR")
        }
    }

    private static var lastError: String { String(cString: strerror(errno)) }

    /// - Parameter variable: the environment variable with the folder's path.
    private static func cannotWrite(_ path: String, _ reason: String, variable: String) -> SimulatorError {
        SimulatorError(
            description: "Cannot write the demo's key and profile at \(path): \(reason). "
                + "Set \(variable) to a directory you may write to.")
    }
}
