import Foundation
import NIOCore
import NIOSSL
import TestSupport
import Testing

@testable import HTTP

/// The production transport against a server with a self-signed certificate.
@Suite struct TLSTests {
    private func run(
        _ certificate: ServerCertificate, upTo version: TLSVersion? = nil,
        _ body: (FaultServer) async throws -> Void
    ) async throws {
        let chain = try NIOSSLCertificate.fromPEMBytes(Array(certificate.certificatePEM.utf8))
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(certificate.keyPEM.utf8), format: .pem)))
        if let version { (tls.minimumTLSVersion, tls.maximumTLSVersion) = (.tlsv1, version) }
        try await FaultServer.run(.response("200 OK"), tls: try NIOSSLContext(configuration: tls), body: body)
    }

    /// The same server, and a file of authorities that trusts it.
    private func runTrusted(
        _ certificate: ServerCertificate, upTo version: TLSVersion? = nil,
        _ body: (FaultServer, _ file: String) async throws -> Void
    ) async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "runtop-\(UUID().uuidString).pem")
        try certificate.certificatePEM.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        try await run(certificate, upTo: version) { try await body($0, file.path) }
    }

    private func exchange(host: String, port: Int, trusting file: String?) async throws -> TransportError? {
        var settings = TransportSettings.patient
        settings.trustRoots = TrustRoots(file: file)
        let address = try BaseURL("https://\(host):\(port)")
        let transport = AsyncHTTPTransport(settings)
        var failure: TransportError?
        do throws(TransportError) {
            _ = try await transport.send(
                HTTPRequest(to: address, target: "/x", headers: [("authorization", "Signature secret")]),
                timeout: .farOff)
        } catch {
            failure = error
        }
        await transport.shutdown()
        return failure
    }

    @Test("a certificate of an unknown authority is rejected, with its issuer's name, before anything signed is sent")
    func unknownAuthority() async throws {
        try await run(ServerCertificate()) { server in
            let error = try await exchange(host: "localhost", port: server.port, trusting: nil)
            #expect(error?.kind == .tls)
            #expect(error?.message.hasPrefix("the certificate is not trusted") == true, "\(error?.message ?? "")")
            #expect(error?.message.contains(ServerCertificate.issuer) == true, "\(error?.message ?? "")")
            #expect(error?.advice.contains("--ca-bundle") == true)
            #expect(server.requests.isEmpty)
        }
    }

    @Test(
        "a server with only TLS 1.1 or older is rejected with this message, by the doctor's probe as well",
        arguments: [TLSVersion.tlsv1, .tlsv11])
    func outdatedTLS(_ version: TLSVersion) async throws {
        try await runTrusted(ServerCertificate(), upTo: version) { server, file in
            let error = try await exchange(host: "localhost", port: server.port, trusting: file)
            #expect(error == .outdatedTLS, "\(String(describing: error))")
            let failure = await #expect(throws: TransportError.self) {
                try await LiveProbe(timeout: .farOff).handshake(
                    with: "localhost", port: server.port, through: nil, trusting: TrustRoots(file: file))
            }
            #expect(
                failure?.message.contains("runtop accepts TLS 1.2 or newer") == true, "\(String(describing: failure))")
            #expect(failure?.isAboutTrust == false)
            #expect(failure?.advice.contains("TLS 1.2") == true)
            #expect(server.requests.isEmpty)
        }
    }

    @Test("a server that always answers with TLS 1.0 is rejected with the same message")
    func outdatedHello() async throws {
        // A ServerHello of TLS 1.0: version, 32 random bytes, no session, TLS_RSA_WITH_AES_128_CBC_SHA, no compression.
        let hello: [UInt8] = [0x03, 0x01] + [UInt8](repeating: 7, count: 32) + [0, 0x00, 0x2F, 0]
        let message = [0x02, 0, 0, UInt8(hello.count)] + hello
        let record = [0x16, 0x03, 0x01, 0, UInt8(message.count)] + message
        try await FaultServer.run(.send(record), awaitingHead: false) { server in
            let error = try await exchange(host: "localhost", port: server.port, trusting: nil)
            #expect(error == .outdatedTLS, "\(String(describing: error))")
        }
    }

    @Test(
        "TLS 1.2 is accepted, and the probe names the version",
        arguments: [(TLSVersion.tlsv12, "TLSv1.2"), (.tlsv13, "TLSv1.3")])
    func currentTLS(_ version: TLSVersion, _ name: String) async throws {
        try await runTrusted(ServerCertificate(), upTo: version) { server, file in
            #expect(try await exchange(host: "localhost", port: server.port, trusting: file) == nil)
            let facts = try await LiveProbe(timeout: .farOff).handshake(
                with: "localhost", port: server.port, through: nil, trusting: TrustRoots(file: file))
            #expect(facts.version == name)
            #expect(facts.issuer == ServerCertificate.issuer)
            #expect(facts.names == ["localhost"])
        }
    }

    @Test("a file of authorities is trusted in addition to the system's, or alone")
    func roots() {
        let none = TLSConfiguration.client(trusting: TrustRoots())
        #expect(none.additionalTrustRoots.isEmpty)
        #expect(none.trustRoots == .default)
        #expect(none.minimumTLSVersion == .tlsv12)
        #expect(none.certificateVerification == .fullVerification)
        let besides = TLSConfiguration.client(trusting: TrustRoots(file: "/ca.pem"))
        #expect(besides.additionalTrustRoots == [.file("/ca.pem")])
        #expect(besides.trustRoots == .default)
        let alone = TLSConfiguration.client(trusting: TrustRoots(file: "/ca.pem", includesSystem: false))
        #expect(alone.trustRoots == .file("/ca.pem"))
        #expect(alone.additionalTrustRoots.isEmpty)
    }

    @Test("a request with its own authorities trusts only those, and uses no proxy")
    func ownAuthorities() throws {
        var settings = TransportSettings()
        settings.trustRoots = TrustRoots(file: "/general.pem")
        settings.proxy = try ProxySettings(environment: ["HTTPS_PROXY": "http://proxy"])
        var request = HTTPRequest("POST", to: try BaseURL("https://10.96.0.1:12250"), target: "/x")
        #expect(settings.adapted(to: request) == settings)
        request.authorityFile = "/own.pem"
        let own = settings.adapted(to: request)
        #expect(own.trustRoots == TrustRoots(file: "/own.pem", includesSystem: false))
        #expect(own.proxy == nil)
    }

    @Test("a certificate of the given authority is accepted")
    func givenAuthority() async throws {
        try await runTrusted(ServerCertificate()) { server, file in
            let error = try await exchange(host: "localhost", port: server.port, trusting: file)
            #expect(error == nil)
            #expect(server.requests.count == 1)
        }
    }

    @Test("a trusted certificate for another name is rejected, with that name, before anything signed is sent")
    func otherName() async throws {
        try await runTrusted(ServerCertificate(names: ["a.example.com", "b.example.com"])) { server, file in
            let error = try await exchange(host: "localhost", port: server.port, trusting: file)
            #expect(error?.kind == .tls)
            #expect(error?.message == "the certificate is for another name: a.example.com and 1 more")
            #expect(error?.advice == "Check the endpoint for a typo.")
            #expect(server.requests.isEmpty)
        }
    }

    @Test(
        "a certificate that has expired, or is not valid yet, is reported as such",
        arguments: [
            (-30.0 ... -10.0, "the certificate expired on ", "renew"),
            (10.0...30.0, "the certificate is not valid before ", "clock"),
        ])
    func otherTime(_ days: ClosedRange<Double>, _ message: String, _ advice: String) async throws {
        try await runTrusted(ServerCertificate(days: days)) { server, file in
            let error = try await exchange(host: "localhost", port: server.port, trusting: file)
            #expect(error?.message.hasPrefix(message) == true, "\(String(describing: error))")
            #expect(error?.advice.contains(advice) == true)
            #expect(server.requests.isEmpty)
        }
    }

    @Test("a missing file of authorities is reported as such")
    func missingFile() async throws {
        try await run(ServerCertificate()) { server in
            let error = try await exchange(host: "localhost", port: server.port, trusting: "/nonexistent/ca.pem")
            #expect(error == TransportError(.tls, "the file of certificate authorities cannot be read"))
        }
    }
}
