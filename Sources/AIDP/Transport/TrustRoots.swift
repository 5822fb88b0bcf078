import HTTP
import NIOSSL
import OCIAuth

/// The certificate authorities that are trusted: the system's, those of a PEM file, or both.
public struct TrustRoots: Sendable, Equatable {
    /// A PEM file of authorities; nil for the system's alone.
    public var file: String?
    /// Whether the system's authorities are trusted besides those of the file.
    public var includesSystem: Bool

    public init(file: String? = nil, includesSystem: Bool = true) {
        self.file = file
        self.includesSystem = includesSystem
    }

    /// Checks the file before anything depends on it.
    ///
    /// - Parameter place: what named it: `--ca-bundle`.
    /// - Throws: ``Trouble`` when it cannot be read, is not a regular file, or holds no PEM certificate.
    public static func check(_ path: String, from place: String) throws(Trouble) {
        let problem: String
        do throws(FileFailure) {
            let bytes = try LocalFiles().read(path).bytes
            guard let certificates = try? NIOSSLCertificate.fromPEMBytes(bytes), !certificates.isEmpty else {
                throw .unreadable("it holds no certificate")
            }
            return
        } catch {
            problem = error.reason
        }
        throw Trouble(
            "The file of certificate authorities \(path.quoted), from \(place), cannot be used: \(problem).",
            advice: "Name a PEM file with at least one CERTIFICATE block.")
    }
}

extension TLSConfiguration {
    /// A client's side of TLS: version 1.2 or newer, and the server's certificate verified.
    static func client(trusting roots: TrustRoots) -> TLSConfiguration {
        var configuration = makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        guard let file = roots.file else { return configuration }
        if roots.includesSystem {
            configuration.additionalTrustRoots = [.file(file)]
        } else {
            configuration.trustRoots = .file(file)
        }
        return configuration
    }
}
