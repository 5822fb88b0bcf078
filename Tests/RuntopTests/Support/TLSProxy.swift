import Foundation
import TestSupport
import Testing

/// A proxy process, which is also a TLS server in front of a service: a client reaches the service through the proxy,
/// or with TLS on the proxy's own port.
final class TLSProxy {
    /// The name of the service, which only the proxy can resolve.
    static let host = "aidp.runtop.test"

    let folder: TemporaryFolder
    let port: Int
    private let process: ChildProcess

    /// - Parameter days: the validity of its certificate, in days from now.
    init(to service: Service, days: ClosedRange<Double> = -1...90) throws {
        folder = try TemporaryFolder()
        let certificate = try ServerCertificate(names: [Self.host, "localhost"], days: days)
        try Data(certificate.certificatePEM.utf8).write(to: folder.file("certificate.pem"))
        try Data(certificate.keyPEM.utf8).write(to: folder.file("key.pem"))
        let script = repositoryFile("Tests/RuntopTests/Contract/tls_proxy.py")
        let output = folder.file("output")
        process = try ChildProcess(
            "python3",
            [
                script.path, folder.file("certificate.pem").path, folder.file("key.pem").path,
                "\(service.port)", "me:hunter2",
            ], environment: Program.inherited, output: output, errors: folder.file("errors"))
        port = try eventually("the proxy prints where it listens") {
            try String(contentsOf: output, encoding: .utf8).split(separator: "\n").first.flatMap { Int($0) }
        }
    }

    /// Writes a certificate to a file; returns its path.
    static func certificate(in folder: TemporaryFolder) throws -> String {
        let path = folder.file("authority.pem")
        try Data(try ServerCertificate(names: [host], days: -1...90).certificatePEM.utf8).write(to: path)
        return path.path
    }

    deinit {
        process.terminate()
        _ = process.wait()
    }

    /// The self-signed certificate of the TLS server.
    var certificateFile: String { folder.file("certificate.pem").path }

    /// The output of the proxy: one line per CONNECT.
    var lines: [String] {
        get throws {
            try String(contentsOf: folder.file("output"), encoding: .utf8).split(separator: "\n").dropFirst()
                .map(String.init)
        }
    }

    /// The variables with which runtop uses the proxy, with a user name and a password such as `me:hunter2`.
    func variables(_ account: String) -> [String: String] {
        [
            "HTTPS_PROXY": "http://\(account)@127.0.0.1:\(port)", "AIDP_ENDPOINT": "https://\(Self.host)",
            "OCI_CLI_CERT_BUNDLE": certificateFile,
        ]
    }
}
