import Foundation
import HTTP
import NIOSSL
import TestSupport
import Testing

@testable import OCIAuth

/// The services that signing in needs, over real HTTP.
@Suite("A request while signing in")
struct SignInTransportTests {
    /// Runs a server with the certificate, and provides a file of authorities that trusts it.
    private static func runTrusted(
        _ certificate: ServerCertificate, _ body: (FaultServer, _ file: String) async throws -> Void
    ) async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "runtop-\(UUID().uuidString).pem")
        try certificate.certificatePEM.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let chain = try NIOSSLCertificate.fromPEMBytes(Array(certificate.certificatePEM.utf8))
        let tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(certificate.keyPEM.utf8), format: .pem)))
        try await FaultServer.run(.response("200 OK"), tls: try NIOSSLContext(configuration: tls)) {
            try await body($0, file.path)
        }
    }

    @Test(
        "an identity service gets the whole target and our headers, and a timeout is reported as such"
    )
    func identityExchange() async throws {
        let transport = SignInTransport(
            .patient, userAgent: "runtop/1.2.3", dependencies: TestTime(bits: 0xAB).dependencies)
        let failing = FaultServer.Step.response("500 Oops", headers: "opc-request-id: A/B\r\n", body: Array("b".utf8))
        try await FaultServer.run(failing) { server in
            let address = try BaseURL("http://127.0.0.1:\(server.port)")
            let reply = try await transport.send(
                HTTPRequest(to: address, target: "/opc/v2/x?y=1", headers: [("authorization", "Bearer z")]),
                timeout: .farOff)
            #expect(reply.status == 500)
            #expect(reply.body == Array("b".utf8))
            #expect(reply.requestID == "A/B")
            _ = try await transport.send(HTTPRequest(to: address, target: "/"), timeout: .farOff)
            #expect(
                server.requests.map { $0.prefix { $0 != "\r\n" } } == ["GET /opc/v2/x?y=1 HTTP/1.1", "GET / HTTP/1.1"])
            let head = try #require(server.requests.first).lowercased()
            for line in [
                "authorization: bearer z", "user-agent: runtop/1.2.3", "accept: */*",
                "opc-request-id: 00000000000000ab00000000000000ab",
            ] { #expect(head.contains("\r\n\(line)\r\n"), "\(line)") }
        }
        try await FaultServer.run { server in
            let error = await #expect(throws: TransportError.self) {
                try await transport.send(
                    HTTPRequest(to: BaseURL("http://127.0.0.1:\(server.port)"), target: "/x"),
                    timeout: .milliseconds(200))
            }
            #expect(error?.kind == .timedOut)
        }
    }

    @Test("a file of authorities that is a pipe, a device, too large, or without a certificate is rejected at once")
    func unusableFiles() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "runtop-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (pipe, key, good) = (
            folder.appending(path: "p").path, folder.appending(path: "k"), folder.appending(path: "g")
        )
        try #require(mkfifo(pipe, 0o600) == 0)
        let certificate = try ServerCertificate()
        try certificate.keyPEM.write(to: key, atomically: true, encoding: .utf8)
        try certificate.certificatePEM.write(to: good, atomically: true, encoding: .utf8)
        for (path, problem) in [
            (pipe, "it is not a regular file"), ("/dev/zero", "it is not a regular file"),
            (folder.path + "/none", "it is not there"), (key.path, "it holds no certificate"),
        ] {
            let error = #expect(throws: Trouble.self) { try TrustRoots.check(path, from: "--ca-bundle") }
            #expect(
                error?.problem
                    == "The file of certificate authorities “\(path)”, from --ca-bundle, cannot be used: \(problem).")
        }
        try TrustRoots.check(good.path, from: "--ca-bundle")
    }

    @Test("is limited to one mebibyte, and connecting to two and a half seconds; other settings do not change")
    func limits() {
        var settings = TransportSettings()
        settings.trustRoots = TrustRoots(file: "/general.pem")
        settings.connectTimeout = .seconds(60)
        let limited = SignInTransport.limited(settings)
        #expect(limited.connectTimeout == .milliseconds(2_500))
        #expect(limited.maximumBodySize == 1 << 20)
        #expect(limited.trustRoots == settings.trustRoots)
        settings.connectTimeout = .seconds(1)
        #expect(SignInTransport.limited(settings).connectTimeout == .seconds(1))
    }

    @Test("with an authority of its own needs a usable file of it, and is not sent otherwise")
    func unusableAuthority() async throws {
        let request = HTTPRequest(
            "POST", to: try BaseURL("https://10.96.0.1:12250"), target: "/x", authorityFile: "/dev/zero")
        let error = await #expect(throws: TransportError.self) {
            try await SignInTransport(TransportSettings(), userAgent: "runtop").send(request, timeout: .farOff)
        }
        #expect(error?.message.contains("from the cluster, cannot be used: it is not a regular file") == true)
    }

    @Test("an identity service's own authority is trusted only for that request")
    func ownAuthority() async throws {
        try await Self.runTrusted(ServerCertificate()) { server, file in
            let transport = SignInTransport(TransportSettings(), userAgent: "runtop")
            var request = HTTPRequest(to: try BaseURL("https://localhost:\(server.port)"), target: "/x")
            request.authorityFile = file
            let answer = try await transport.send(request, timeout: .farOff)
            #expect(answer.status == 200)
            request.authorityFile = nil
            let error = await #expect(throws: TransportError.self) {
                try await transport.send(request, timeout: .farOff)
            }
            #expect(error?.message.hasPrefix("the certificate is not trusted") == true)
        }
    }
}
