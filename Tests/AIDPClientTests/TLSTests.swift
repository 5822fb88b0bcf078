import Foundation
import NIOCore
import NIOSSL
import OCIAuth
import Testing

@testable import AIDPClient

/// The real transport against a server whose certificate is for `localhost` and signed by itself.
@Suite struct TLSTests {
    /// Made for these tests; valid from 2020 to 2120.
    private static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBQTCB6KADAgECAgEBMAoGCCqGSM49BAMCMBQxEjAQBgNVBAMMCWxvY2FsaG9z
        dDAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowFDESMBAGA1UEAwwJ
        bG9jYWxob3N0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEvYGpuK9VuOGGtMAH
        J6trP7kz5/7m7zd/Oo3HrkSYf1Ncg7pyz9T1L2OdwuWG7wBM+6iMWJNNz10gKiZU
        vwItKaMpMCcwFAYDVR0RBA0wC4IJbG9jYWxob3N0MA8GA1UdEwEB/wQFMAMBAf8w
        CgYIKoZIzj0EAwIDSAAwRQIhAM7iHepDfIi95OJOCG7ZP4PdgljaVcKFvHcJFWbE
        +YI2AiB6pdlEnb6DwIsNShPHXAjqXRds3togtVlC10+A1qr7DQ==
        -----END CERTIFICATE-----

        """
    private static let privateKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgQwwPoJpuJ0O/xQSv
        G/E5PsVPkJGhOTsBOs8Tv8bb0KahRANCAAS9gam4r1W44Ya0wAcnq2s/uTPn/ubv
        N386jceuRJh/U1yDunLP1PUvY53C5YbvAEz7qIxYk03PXSAqJlS/Ai0p
        -----END PRIVATE KEY-----

        """

    private func run(_ body: (FaultServer) async throws -> Void) async throws {
        let tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(Self.certificate.utf8)).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(Self.privateKey.utf8), format: .pem)))
        try await FaultServer.run(.response("200 OK"), tls: try NIOSSLContext(configuration: tls), body: body)
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

    private func withCertificateFile(_ body: (String) async throws -> Void) async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "runtop-\(UUID().uuidString).pem")
        try Self.certificate.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        try await body(file.path)
    }

    @Test("a certificate of an unknown authority is refused before anything signed is sent")
    func unknownAuthority() async throws {
        try await run { server in
            let error = try await exchange(host: "localhost", port: server.port, trusting: nil)
            #expect(error?.kind == .tls)
            #expect(error?.message.hasPrefix("the certificate is not trusted") == true, "\(error?.message ?? "")")
            #expect(server.requests.isEmpty)
        }
    }

    @Test("a certificate of the given authority is accepted")
    func givenAuthority() async throws {
        try await run { server in
            try await withCertificateFile { file in
                let error = try await exchange(host: "localhost", port: server.port, trusting: file)
                #expect(error == nil)
                #expect(server.requests.count == 1)
            }
        }
    }

    @Test("an identity service with an authority of its own is trusted for that request alone")
    func ownAuthority() async throws {
        try await run { server in
            try await withCertificateFile { file in
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
    }

    @Test("a trusted certificate for another name is refused before anything signed is sent")
    func otherName() async throws {
        try await run { server in
            try await withCertificateFile { file in
                let error = try await exchange(host: "127.0.0.1", port: server.port, trusting: file)
                #expect(error == TransportError(.tls, "the certificate is for another name"))
                #expect(server.requests.isEmpty)
            }
        }
    }

    @Test("a file of authorities that is not there is named as that")
    func missingFile() async throws {
        try await run { server in
            let error = try await exchange(host: "localhost", port: server.port, trusting: "/nonexistent/ca.pem")
            #expect(error == TransportError(.tls, "the file of certificate authorities cannot be read"))
        }
    }
}
