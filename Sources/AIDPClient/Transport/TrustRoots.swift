import NIOSSL

/// A file of certificate authorities that are trusted besides the system's.
public enum TrustRoots {
    /// Checks the file before anything depends on it.
    ///
    /// - Parameter place: what named it: `--ca-bundle`.
    /// - Throws: ``EndpointError`` when it cannot be read, or holds no PEM certificate.
    public static func check(_ path: String, from place: String) throws(EndpointError) {
        guard let certificates = try? NIOSSLCertificate.fromPEMFile(path), !certificates.isEmpty else {
            throw EndpointError(
                "The file of certificate authorities \(path.quoted), from \(place), cannot be read or holds no certificate.",
                advice: "Name a PEM file with at least one CERTIFICATE block.")
        }
    }
}
