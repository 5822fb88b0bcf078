import Crypto
import CryptoExtras
import Foundation
import Testing

@testable import AIDPSimulator

@Suite("Signing in")
struct IdentityTests {
    private static let instance = Result {
        try ComputeInstance(tenancy: "ocid1.tenancy.oc1..t", region: "iad", issued: tuesday)
    }
    private static let coverage = ["date", "(request-target)", "content-length", "content-type", "x-content-sha256"]

    private func withIdentity(_ body: @Sendable (Session) async throws -> Void) async throws {
        try await withSimulator(
            { settings in
                settings.tokenIssuer = try Keys.issuer.get()
                settings.instance = try Self.instance.get()
            }, body: body)
    }

    private func metadata(_ path: String, of session: Session, authorization: String = "Bearer Oracle") async throws
        -> Session.Answer
    {
        try await session.send(target: "/opc/v2" + path, headers: ["authorization": authorization])
    }

    @Test("the metadata service answers only requests with its own header")
    func metadataHeader() async throws {
        try await withIdentity { session async throws in
            #expect(try await metadata("/instance/region", of: session).text == "iad")
            #expect(try await metadata("/identity/key.pem", of: session).text.contains("PRIVATE KEY"))
            #expect(try await metadata("/identity/cert.pem", of: session, authorization: "Bearer x").status == 401)
            #expect(try await metadata("/nothing", of: session).status == 404)
        }
    }

    /// The body and the signer of an instance's request for a token.
    private func request(_ session: Session, for sessionKey: _RSA.Signing.PrivateKey) async throws -> (String, Signer) {
        func base64(_ pem: String) -> String {
            pem.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
        }
        let certificate = base64(try await metadata("/identity/cert.pem", of: session).text)
        let leaf = try _RSA.Signing.PrivateKey(
            pemRepresentation: try await metadata("/identity/key.pem", of: session).text)
        let der = try #require(Data(base64Encoded: certificate))
        let fingerprint = Insecure.SHA1.hash(data: der).map { String(format: "%02X", $0) }.joined(separator: ":")
        let body = """
            {"certificate": "\(certificate)", "publicKey": "\(base64(sessionKey.publicKey.pemRepresentation))", \
            "intermediateCertificates": []}
            """
        let signer = Signer(key: leaf, keyID: "ocid1.tenancy.oc1..t/fed-x509/\(fingerprint)", date: session.now)
        return (body, signer.covering(Self.coverage))
    }

    @Test("an instance gets a token for its certificate, and can call the API with it")
    func federation() async throws {
        try await withIdentity { session async throws in
            let key = try Keys.stranger.get()
            let (body, signer) = try await request(session, for: key)
            let answer = try await session.post(target: "/v1/x509", body, signer: signer)
            let token = try #require(answer.json["token"] as? String, "\(answer.text)")
            let holder = Signer(key: key, keyID: "ST$" + token, date: session.now)
            #expect(try await session.get(target: session.workspace + "/jobs", signer: holder).status == 200)
        }
    }

    @Test("an unknown certificate, a wrong key and a wrong fingerprint get no token")
    func refusedFederation() async throws {
        try await withIdentity { session async throws in
            let key = try Keys.stranger.get()
            var (body, signer) = try await request(session, for: key)
            signer.key = key
            #expect(try await session.post(target: "/v1/x509", body, signer: signer).status == 401)
            (body, signer) = try await request(session, for: key)
            signer.keyID += "0"
            #expect(try await session.post(target: "/v1/x509", body, signer: signer).message.contains("keyId"))
            let other = try ComputeInstance(tenancy: "ocid1.tenancy.oc1..t", region: "iad", issued: session.now)
            let theirs = other.certificatePEM.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
            let forged = #"{"certificate": "\#(theirs)", "publicKey": "", "intermediateCertificates": []}"#
            #expect(try await session.post(target: "/v1/x509", forged, signer: signer).message.contains("certificate"))
            #expect(try await session.post(target: "/v1/x509", "{}", signer: signer).status == 400)
        }
    }

    private func token(for key: _RSA.Signing.PrivateKey, lasting seconds: Double, session end: Double) throws -> String
    {
        try Keys.issuer.get().token(
            user: "u", tenancy: "t", publicKeyPEM: key.publicKey.pemRepresentation, issuedAt: tuesday,
            expiresAt: tuesday + seconds, sessionEnds: tuesday + end)
    }

    private func refresh(_ token: String, _ session: Session, saying other: String? = nil) async throws
        -> Session.Answer
    {
        let coverage = Self.coverage + ["host"]
        let signer = Signer(key: try Keys.stranger.get(), keyID: "ST$" + token, date: session.now).covering(coverage)
        return try await session.post(
            target: "/v1/authentication/refresh", #"{"currentToken": "\#(other ?? token)"}"#, signer: signer)
    }

    @Test("a session is refreshed with a newer token, for the same key, up to its maximum lifetime")
    func refreshed() async throws {
        try await withIdentity { session async throws in
            let key = try Keys.stranger.get()
            let answer = try await refresh(token(for: key, lasting: 60, session: 86_400), session)
            let fresh = try #require(answer.json["token"] as? String, "\(answer.text)")
            let grant = try Keys.issuer.get().session(of: fresh[...], at: Milliseconds(clamping: session.now)).grant
            #expect(abs(grant.expiresAt.timeIntervalSince(session.now) - 3_600) < 1)
            let last = try await refresh(token(for: key, lasting: 60, session: 600), session)
            let short = try #require(last.json["token"] as? String)
            let end = try Keys.issuer.get().session(of: short[...], at: Milliseconds(clamping: session.now)).grant
            #expect(end.expiresAt.timeIntervalSince(session.now) <= 600)
        }
    }

    @Test("a session that has expired, or is another user's, is not refreshed")
    func refusedRefresh() async throws {
        try await withIdentity { session async throws in
            let key = try Keys.stranger.get()
            #expect(try await refresh(token(for: key, lasting: -1, session: 86_400), session).status == 401)
            #expect(
                try await refresh(token(for: key, lasting: 60, session: -1), session).message.contains(
                    "maximum lifetime"))
            let good = try token(for: key, lasting: 60, session: 86_400)
            #expect(try await refresh(good, session, saying: good + "x").status == 401)
        }
    }

    @Test("a token is valid until the second in which it expires")
    func tokenExpiry() throws {
        let key = try Keys.stranger.get()
        let token = try Keys.issuer.get().token(
            user: "u", tenancy: "t", publicKeyPEM: key.publicKey.pemRepresentation, issuedAt: tuesday,
            expiresAt: Date(timeIntervalSince1970: 1_793_700_000))
        _ = try Keys.issuer.get().session(of: token[...], at: 1_793_699_999_999)
        #expect(throws: APIError.self) { try Keys.issuer.get().session(of: token[...], at: 1_793_700_000_000) }
    }
}
