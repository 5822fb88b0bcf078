import Crypto
import Foundation
import Testing
import X509

/// The service behind TLS, behind a proxy that is a process of its own: the name is one only the proxy knows.
@Suite("Through a proxy")
struct ProxyTests {
    private static let host = "aidp.runtop.test"

    /// A proxy process, and the certificate of what is behind it.
    private final class Proxy {
        let folder: TemporaryFolder
        let port: Int
        private let process: ChildProcess

        init(to service: Service) throws {
            folder = try TemporaryFolder()
            let endpoint = try #require(service.environment["AIDP_ENDPOINT"])
            let (certificate, key) = try ProxyTests.certificate()
            try Data(certificate.utf8).write(to: folder.file("certificate.pem"))
            try Data(key.utf8).write(to: folder.file("key.pem"))
            let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Contract/tls_proxy.py")
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

        /// One line for every CONNECT.
        var lines: [String] {
            get throws {
                try String(contentsOf: folder.file("output"), encoding: .utf8).split(separator: "\n").dropFirst()
                    .map(String.init)
            }
        }

        func variables(_ account: String) -> [String: String] {
            [
                "HTTPS_PROXY": "http://\(account)@127.0.0.1:\(port)", "AIDP_ENDPOINT": "https://\(ProxyTests.host)",
                "OCI_CLI_CERT_BUNDLE": folder.file("certificate.pem").path,
            ]
        }
    }

    /// A certificate of that host, signed by itself, and its key.
    private static func certificate() throws -> (certificate: String, key: String) {
        let key = P256.Signing.PrivateKey()
        let name = try DistinguishedName { CommonName("runtop's tests") }
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(key.publicKey),
            notValidBefore: Date(timeIntervalSinceNow: -3_600), notValidAfter: Date(timeIntervalSinceNow: 86_400),
            issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                SubjectAlternativeNames([.dnsName(host)])
            }, issuerPrivateKey: .init(key))
        return (try certificate.serializeAsPEM().pemString, key.pemRepresentation)
    }

    @Test("the requests arrive, inside TLS, with the proxy's credentials told to the proxy alone")
    func through() throws {
        let service = try Service("--jobs", "2")
        let proxy = try Proxy(to: service)
        let runs = try service.runtop(["runs", "--output", "jsonl"], changing: proxy.variables("me:hunter2"))
        #expect(runs.status == 0 && !runs.output.isEmpty, "\(runs.errors)")
        let lines = try proxy.lines
        #expect(!lines.isEmpty && lines.allSatisfy { $0 == "CONNECT \(Self.host):443 HTTP/1.1 allowed " }, "\(lines)")
        let doctor = try service.runtop(["doctor"], changing: proxy.variables("me:hunter2"))
        #expect(doctor.status == 0, "\(doctor.output)")
        #expect(doctor.output.contains("http://127.0.0.1:\(proxy.port), from HTTPS_PROXY"), "\(doctor.output)")
        #expect(!doctor.output.contains("hunter2"))
    }

    @Test("that does not let us through, is told as that")
    func refused() throws {
        let service = try Service("--jobs", "2")
        let proxy = try Proxy(to: service)
        let runs = try service.runtop(["runs"], changing: proxy.variables("me:wrong"))
        #expect(runs.status == 69 && runs.errors.contains("proxy"), "\(runs.status) \(runs.errors)")
        #expect(try !proxy.lines.isEmpty && proxy.lines.allSatisfy { $0.contains("refused") })
    }

    @Test("an authority that nobody named is not trusted, through a proxy either")
    func untrusted() throws {
        let service = try Service("--jobs", "2")
        let proxy = try Proxy(to: service)
        let variables = proxy.variables("me:hunter2").merging(["OCI_CLI_CERT_BUNDLE": ""]) { $1 }
        let runs = try service.runtop(["runs"], changing: variables)
        #expect(runs.status == 69 && runs.errors.contains("certificate is not trusted"), "\(runs.errors)")
        let ours = try service.runtop(
            ["runs", "--ca-bundle", proxy.folder.file("certificate.pem").path], changing: variables)
        #expect(ours.status == 0, "\(ours.errors)")
    }
}
