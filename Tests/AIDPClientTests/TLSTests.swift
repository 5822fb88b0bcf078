import Foundation
import NIOCore
import NIOSSL
import OCIAuth
import TestCertificates
import Testing

@testable import AIDPClient

/// The real transport against a server whose certificate vouches for itself.
@Suite struct TLSTests {
    private func run(
        _ certificate: ServerCertificate, _ body: (FaultServer) async throws -> Void
    ) async throws {
        let chain = try NIOSSLCertificate.fromPEMBytes(Array(certificate.certificatePEM.utf8))
        let tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(certificate.keyPEM.utf8), format: .pem)))
        try await FaultServer.run(.response("200 OK"), tls: try NIOSSLContext(configuration: tls), body: body)
    }

    /// The same with a file of authorities that trusts it.
    private func runTrusted(
        _ certificate: ServerCertificate, _ body: (FaultServer, _ file: String) async throws -> Void
    ) async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "runtop-\(UUID().uuidString).pem")
        try certificate.certificatePEM.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        try await run(certificate) { try await body($0, file.path) }
    }

    private func exchange(host: String, port: Int, trusting file: String?) async throws -> TransportError? {
        var settings = ClientSettings.patient
        settings.certificateFile = file
        let endpoint = try Endpoint(baseURL: "https://\(host):\(port)", instanceID: "i", workspaceKey: "w")
        let transport = AsyncHTTPTransport(base: endpoint.base, settings: settings)
        var failure: TransportError?
        do throws(TransportError) {
            _ = try await transport.send(
                HTTPRequest(target: "/x", headers: [("authorization", "Signature secret")]), timeout: .farOff)
        } catch {
            failure = error
        }
        await transport.shutdown()
        return failure
    }

    @Test("a certificate of an unknown authority is refused, by its name, before anything signed is sent")
    func unknownAuthority() async throws {
        try await run(ServerCertificate()) { server in
            let error = try await exchange(host: "localhost", port: server.port, trusting: nil)
            #expect(error?.kind == .tls)
            #expect(error?.message.hasPrefix("the certificate is not trusted") == true, "\(error?.message ?? "")")
            #expect(error?.message.contains(ServerCertificate.issuer) == true, "\(error?.message ?? "")")
            #expect(error?.advice?.contains("--ca-bundle") == true)
            #expect(server.requests.isEmpty)
        }
    }

    @Test("a certificate of the given authority is accepted")
    func givenAuthority() async throws {
        try await runTrusted(ServerCertificate()) { server, file in
            let error = try await exchange(host: "localhost", port: server.port, trusting: file)
            #expect(error == nil)
            #expect(server.requests.count == 1)
        }
    }

    @Test("an identity service with an authority of its own is trusted for that request alone")
    func ownAuthority() async throws {
        try await runTrusted(ServerCertificate()) { server, file in
            let transport = IdentityHTTPTransport(settings: ClientSettings())
            var request = IdentityRequest(method: "GET", url: "https://localhost:\(server.port)/x")
            request.certificateFile = file
            let answer = try await transport.send(request, timeout: .farOff)
            #expect(answer.status == 200)
            request.certificateFile = nil
            let error = await #expect(throws: IdentityTransportError.self) {
                try await transport.send(request, timeout: .farOff)
            }
            #expect(error?.message.hasPrefix("the certificate is not trusted") == true)
        }
    }

    @Test("a trusted certificate for another name is refused, with that name, before anything signed is sent")
    func otherName() async throws {
        try await runTrusted(ServerCertificate(names: ["a.example.com", "b.example.com"])) { server, file in
            let error = try await exchange(host: "localhost", port: server.port, trusting: file)
            #expect(error?.kind == .tls)
            #expect(error?.message == "the certificate is for another name: a.example.com and 1 more")
            #expect(error?.advice == "Check the endpoint for a typing error.")
            #expect(server.requests.isEmpty)
        }
    }

    @Test(
        "a certificate that has ended, or has not begun, is told as that",
        arguments: [
            (-30.0 ... -10.0, "the certificate ended on ", "renew"),
            (10.0...30.0, "the certificate begins on ", "clock"),
        ])
    func otherTime(_ days: ClosedRange<Double>, _ message: String, _ advice: String) async throws {
        try await runTrusted(ServerCertificate(days: days)) { server, file in
            let error = try await exchange(host: "localhost", port: server.port, trusting: file)
            #expect(error?.message.hasPrefix(message) == true, "\(String(describing: error))")
            #expect(error?.advice?.contains(advice) == true)
            #expect(server.requests.isEmpty)
        }
    }

    @Test("a file of authorities that is not there is named as that")
    func missingFile() async throws {
        try await run(ServerCertificate()) { server in
            let error = try await exchange(host: "localhost", port: server.port, trusting: "/nonexistent/ca.pem")
            #expect(error == TransportError(.tls, "the file of certificate authorities cannot be read"))
        }
    }
}
