import Crypto
import Foundation
import Testing
import X509

/// A proxy process, and TLS behind it that leads to a service; who speaks TLS to it at once gets there as well.
final class TLSProxy {
    /// A name that only the proxy knows.
    static let host = "aidp.runtop.test"

    let folder: TemporaryFolder
    let port: Int
    private let process: ChildProcess

    init(to service: Service) throws {
        folder = try TemporaryFolder()
        let endpoint = try #require(service.environment["AIDP_ENDPOINT"])
        let (certificate, key) = try Self.certificate()
        try Data(certificate.utf8).write(to: folder.file("certificate.pem"))
        try Data(key.utf8).write(to: folder.file("key.pem"))
        let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Contract/tls_proxy.py")
        let output = folder.file("output")
        process = try ChildProcess(
            "python3",
            [
                script.path, folder.file("certificate.pem").path, folder.file("key.pem").path,
                String(endpoint.split(separator: ":").last ?? ""), "me:hunter2",
            ], environment: Program.inherited, output: output, errors: folder.file("errors"))
        port = try eventually("the proxy says where it listens") {
            try String(contentsOf: output, encoding: .utf8).split(separator: "\n").first.flatMap { Int($0) }
        }
    }

    deinit {
        process.terminate()
        _ = process.wait()
    }

    /// The certificate of what is behind it, which vouches for itself.
    var certificateFile: String { folder.file("certificate.pem").path }

    /// One line for every CONNECT.
    var lines: [String] {
        get throws {
            try String(contentsOf: folder.file("output"), encoding: .utf8).split(separator: "\n").dropFirst()
                .map(String.init)
        }
    }

    /// What to set to go through it.
    func variables(_ account: String) -> [String: String] {
        [
            "HTTPS_PROXY": "http://\(account)@127.0.0.1:\(port)", "AIDP_ENDPOINT": "https://\(Self.host)",
            "OCI_CLI_CERT_BUNDLE": certificateFile,
        ]
    }

    /// A certificate of that host and of this machine, signed by itself, and its key.
    private static func certificate() throws -> (certificate: String, key: String) {
        let key = P256.Signing.PrivateKey()
        let name = try DistinguishedName { CommonName("runtop's tests") }
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(key.publicKey),
            notValidBefore: Date(timeIntervalSinceNow: -3_600), notValidAfter: Date(timeIntervalSinceNow: 86_400),
            issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                SubjectAlternativeNames([.dnsName(host), .dnsName("localhost")])
            }, issuerPrivateKey: .init(key))
        return (try certificate.serializeAsPEM().pemString, key.pemRepresentation)
    }
}
