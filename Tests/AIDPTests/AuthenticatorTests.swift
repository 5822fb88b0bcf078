import CryptoExtras
import Foundation
import HTTP
import TestSupport
import Testing

@testable import AIDP
@testable import OCIAuth

@Suite struct AuthenticatorTests {
    /// Returns one set of credentials until they are rejected, then the next.
    private actor Renewing: SignerSource {
        private var signers: [Result<RequestSigner, CredentialsError>]

        init(_ signers: [Result<RequestSigner, CredentialsError>]) { self.signers = signers }

        func signer() async throws(CredentialsError) -> RequestSigner { try signers[0].get() }
        func wasRejected(_ signer: RequestSigner) async { if signers.count > 1 { signers.removeFirst() } }
        func expiration() async -> Date? { nil }
        func renewal() async -> String? { "Run `oci session authenticate --profile-name OPS`." }
    }

    private static func signer(_ keyID: String) throws -> Result<RequestSigner, CredentialsError> {
        .success(RequestSigner(keyID: keyID, key: SigningKey(try _RSA.Signing.PrivateKey(keySize: .bits2048))))
    }

    @Test("after a 401 the same token with a new key is used at once: their files are written one after the other")
    func newKey() async throws {
        let scene = try scene([Self.signer("ST$same"), Self.signer("ST$same")], .error(401, "C", "m"), .reply(200))
        #expect(try await scene.client.listJobs(ListJobsRequest()).attempts == 2)
    }

    private func scene(
        _ signers: [Result<RequestSigner, CredentialsError>], _ script: ScriptedTransport.Line...
    ) throws -> (client: AIDPClient, transport: ScriptedTransport) {
        let transport = ScriptedTransport(script)
        let client = AIDPClient(
            endpoint: try .test(), authenticator: Renewing(signers), settings: ClientSettings(),
            transport: transport, dependencies: TestTime().dependencies)
        return (client, transport)
    }

    private func keyIDs(_ transport: ScriptedTransport) -> [String] {
        transport.requests.map { request in
            let authorization = request.headers.first { $0.name == "authorization" }?.value ?? ""
            return authorization.components(separatedBy: "keyId=\"").last?.components(separatedBy: "\"").first ?? ""
        }
    }

    @Test("the request is sent with the date, the target and the host that the signature covers")
    func signed() async throws {
        let scene = try scene([Self.signer("t/u/f")], .reply(200))
        _ = try await scene.client.listJobs(ListJobsRequest())
        let headers = try #require(scene.transport.requests.first).headers
        #expect(headers.map(\.name).filter { ["date", "host", "authorization"].contains($0) }.count == 3)
        #expect(headers.contains { $0.name == "date" && $0.value == "Fri, 01 May 2026 12:36:40 GMT" })
        #expect(headers.contains { $0.value.contains("headers=\"date (request-target) host\"") })
        #expect(keyIDs(scene.transport) == ["t/u/f"])
    }

    @Test("after a 401 a renewed token is used at once, and an unchanged one is not sent again")
    func rejected() async throws {
        let renewed = try scene([Self.signer("ST$old"), Self.signer("ST$new")], .error(401, "C", "m"), .reply(200))
        _ = try await renewed.client.listJobs(ListJobsRequest())
        #expect(keyIDs(renewed.transport) == ["ST$old", "ST$new"])
        let unchanged = try scene([Self.signer("ST$old")], .error(401, "C", "m"))
        let error = await #expect(throws: ServiceError.self) { try await unchanged.client.listJobs(ListJobsRequest()) }
        #expect(error?.kind == .unauthorized)
        #expect(error?.advice.contains("oci session authenticate --profile-name OPS") == true)
        #expect(unchanged.transport.requests.count == 1)
    }

    @Test("after a 401 a token that has expired is reported as expired")
    func expired() async throws {
        let ended = CredentialsError("It ended.", advice: "Sign in.", kind: .expiredToken(.distantPast))
        let scene = try scene([Self.signer("ST$old"), .failure(ended)], .error(401, "C", "m"))
        let error = await #expect(throws: ServiceError.self) { try await scene.client.listJobs(ListJobsRequest()) }
        #expect(error?.kind == .expiredToken)
        #expect(error?.advice == "Sign in.")
        #expect(error?.attempts == 1)
    }
}
