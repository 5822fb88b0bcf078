import CryptoExtras
import Foundation
import Testing

@testable import AIDPSimulator

@Suite("Signatures over HTTP") struct SignatureTests {
    /// The service's answer to a request with a changed signer, header or target.
    private func answer(
        signer change: @Sendable (inout Signer) throws -> Void = { _ in },
        headers changeHeaders: @Sendable (inout [String: String]) -> Void = { _ in },
        signed: String = "/jobs?limit=1", sent: String = "/jobs?limit=1"
    ) async throws -> Session.Answer {
        try await withSimulator { session async throws in
            var signer = try Signer.registered(at: session.now)
            try change(&signer)
            var headers = try signer.headers(target: session.workspace + signed, host: session.host)
            changeHeaders(&headers)
            return try await session.send(target: session.workspace + sent, headers: headers)
        }
    }

    private func expectRefused(_ answer: Session.Answer, _ part: String, at location: SourceLocation = #_sourceLocation)
    {
        #expect(answer.status == 401, sourceLocation: location)
        #expect(answer.code == "NotAuthenticated", sourceLocation: location)
        #expect(answer.message.contains(part), "\(answer.message)", sourceLocation: location)
    }

    @Test("are accepted over date or x-date, in any order of the headers")
    func accepted() async throws {
        #expect(try await answer().status == 200)
        #expect(try await answer(signer: { $0.dateHeader = "x-date" }).status == 200)
        #expect(try await answer(signer: { $0.covered = ["host", "date", "(request-target)"] }).status == 200)
    }

    @Test("are rejected if they are missing or of another kind")
    func malformed() async throws {
        expectRefused(try await answer(headers: { $0["authorization"] = nil }), "not provided")
        expectRefused(try await answer(headers: { $0["authorization"] = "Bearer abc" }), "scheme")
        expectRefused(try await answer(headers: { $0["authorization"] = "Signature version=1" }), "malformed")
        expectRefused(try await answer(signer: { $0.version = "2" }), "version")
        expectRefused(try await answer(signer: { $0.algorithm = "hmac-sha256" }), "rsa-sha256")
        expectRefused(try await answer(signer: { $0.keyID = "" }), "keyId")
    }

    @Test("must cover the required headers")
    func coverage() async throws {
        expectRefused(try await answer(signer: { $0.covered = ["date", "(request-target)"] }), "host")
        expectRefused(try await answer(signer: { $0.covered = ["date", "host"] }), "(request-target)")
        expectRefused(try await answer(signer: { $0.covered = ["(request-target)", "host"] }), "date")
    }

    @Test("are valid only for the exact target and the registered key")
    func forged() async throws {
        expectRefused(try await answer(sent: "/jobs?limit=2"), "Failed to verify")
        expectRefused(try await answer(signer: { $0.key = try Keys.stranger.get() }), "Failed to verify")
        expectRefused(try await answer(signer: { $0.keyID += "0" }), "incorrect")
        expectRefused(try await answer(signer: { $0.covered.append("x-other") }), "x-other")
    }

    @Test("are valid for five minutes before and after their date", arguments: [-299.0, 299, -300, 301, 86_400])
    func skew(seconds: Double) async throws {
        let answer = try await answer(signer: { $0.date += seconds })
        if abs(seconds) < 300 {
            #expect(answer.status == 200)
        } else {
            expectRefused(answer, "not within allowed clock skew")
        }
        #expect(HTTPDate.moment(answer.headers["date"] ?? "") == 1_793_693_045_000, "the service's time")
    }

    @Test("by a session key are valid with a token of this issuer, until it expires")
    func sessionTokens() async throws {
        let issuer = try Keys.issuer.get()
        let session = try Keys.stranger.get()
        func token(by issuer: TokenIssuer, expiring seconds: Double) throws -> String {
            try issuer.token(
                user: "u", tenancy: "t", publicKeyPEM: session.publicKey.pemRepresentation, issuedAt: tuesday,
                expiresAt: tuesday + seconds)
        }
        func answer(_ token: String) async throws -> Session.Answer {
            try await withSimulator {
                $0.tokenIssuer = issuer
            } body: { running in
                var signer = try Signer.registered(at: running.now)
                (signer.key, signer.keyID) = (session, "ST$" + token)
                return try await running.get(target: running.workspace + "/jobs?limit=1", signer: signer)
            }
        }
        #expect(try await answer(token(by: issuer, expiring: 60)).status == 200)
        expectRefused(try await answer(token(by: issuer, expiring: -1)), "expired")
        expectRefused(try await answer(token(by: TokenIssuer(), expiring: 60)), "issued")
        expectRefused(try await answer("not.a.token"), "issued")
        expectRefused(try await answer(String(token(by: issuer, expiring: 60).dropLast(4))), "issued")
    }
}
