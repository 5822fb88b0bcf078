import Foundation
import Testing

@testable import OCIAuth

@Suite struct SessionTokenTests {
    private func keyID(_ authenticator: any Authenticator) async throws -> String {
        try await authenticator.signer().keyID
    }

    @Test("when a token changes on disk, the new one is used")
    func tokenChanges() async throws {
        let home = try OCIHome()
        let authenticator = try await home.credentials(profile: "SESSION").authenticator
        let before = try await keyID(authenticator)
        let renewed = Fixture.jwt(claims: #"{"exp":1777642496}"#)
        home.files.write(renewed, to: OCIHome.tokenPath)
        #expect(try await keyID(authenticator) == "ST$" + renewed)
        #expect(before != "ST$" + renewed)
        #expect(await authenticator.expiration() == OCIHome.end + 3600)
    }

    @Test("when a key changes on disk, the new one signs")
    func keyChanges() async throws {
        let home = try OCIHome()
        let authenticator = try await home.credentials(profile: "SESSION").authenticator
        let request = SignableRequest(method: "GET", target: "/", host: "h", date: OCIHome.end)
        let before = try await authenticator.signer().headers(signing: request).last?.value
        home.files.write(try Fixture.keyText("rsa-pkcs8"), to: OCIHome.sessionKeyPath)
        let after = try await authenticator.signer().headers(signing: request).last?.value
        #expect(before != after)
    }

    @Test("unchanged files are read once; after a rejection they are read again")
    func rejected() async throws {
        let home = try OCIHome()
        let counting = CountingFiles(home.files)
        let settings = AuthenticationSettings(profile: "SESSION", environment: ["HOME": "/h"])
        let authenticator = try await settings.credentials(
            files: counting, transport: NoNetwork(), now: { OCIHome.end - 1 }
        ).authenticator
        let signer = try await authenticator.signer()
        let reads = counting.reads
        _ = try await authenticator.signer()
        #expect(counting.reads == reads)
        await authenticator.wasRejected(signer)
        _ = try await authenticator.signer()
        #expect(counting.reads > reads)
    }

    @Test("the error for an expired token has its file, its end and the commands that renew it")
    func expired() async throws {
        let home = try OCIHome()
        let authenticator = try await home.credentials(profile: "SESSION", at: OCIHome.end).authenticator
        let error = await #expect(throws: CredentialsError.self) { try await authenticator.signer() }
        #expect(error?.kind == .expiredToken(OCIHome.end))
        #expect(
            error?.problem == "The session expired on Fri, 01 May 2026 12:34:56 GMT: the token in \(OCIHome.tokenPath)."
        )
        #expect(error?.advice.contains("`oci session authenticate --profile-name SESSION`") == true)
        #expect(error?.advice.contains("`oci session refresh --profile SESSION`") == true)
        #expect(await authenticator.expiration() == OCIHome.end)
        home.files.write(Fixture.jwt(claims: #"{"exp":1777642496}"#), to: OCIHome.tokenPath)
        #expect(try await keyID(authenticator).hasPrefix("ST$"))
    }

    @Test("missing files are an error, which ends when they return")
    func vanished() async throws {
        let home = try OCIHome()
        let authenticator = try await home.credentials(profile: "SESSION").authenticator
        home.files.remove(OCIHome.tokenPath)
        let error = await #expect(throws: CredentialsError.self) { try await authenticator.signer() }
        #expect(error?.problem == "The session token file \(OCIHome.tokenPath) is not there.")
        home.files.write(OCIHome.token, to: OCIHome.tokenPath)
        #expect(try await keyID(authenticator) == "ST$" + OCIHome.token)
    }

    @Test("a fingerprint inherited from DEFAULT is not checked for a session")
    func inheritedFingerprint() async throws {
        let credentials = try await OCIHome().credentials(profile: "SESSION")
        #expect(try await keyID(credentials.authenticator) == "ST$" + OCIHome.token)
    }

    @Test("an API key that is replaced, with its fingerprint, needs no restart")
    func rotatedKey() async throws {
        let home = try OCIHome()
        let authenticator = try await home.credentials().authenticator
        home.files.write(try Fixture.keyText("rsa-other"), to: OCIHome.keyPath)
        await #expect(throws: CredentialsError.self) { try await authenticator.signer() }
        let config = OCIHome.apiKeyProfile.replacing(Fixture.fingerprint, with: Fixture.otherFingerprint)
        home.files.write(config, to: OCIHome.configPath)
        #expect(try await keyID(authenticator).hasSuffix(Fixture.otherFingerprint))
    }

    @Test(
        "exp is read from any claims of a token, without a trap",
        arguments: [
            (#"{"exp":1777638896}"#, OCIHome.end),
            (#"{"exp":1777638896.0,"sub":"é"}"#, OCIHome.end),
            (#"{"exp":"1777638896"}"#, OCIHome.end),
            (#"{"exp":9e300}"#, Date.distantFuture),
            (#"{"exp":1e999}"#, nil),
            (#"{"exp":-5}"#, nil),
            (#"{"exp":"soon"}"#, nil),
            (#"{"exp":null}"#, nil),
            (#"{"exp":[]}"#, nil),
            (#"{}"#, nil),
            (#"[]"#, nil),
            (#"{"exp""#, nil),
        ] as [(String, Date?)])
    func claims(_ claims: String, end: Date?) async throws {
        let token = try SessionToken(Array(Fixture.jwt(claims: claims).utf8), source: .file("p", profileName: "n"))
        #expect(token.expiration == end)
    }

    @Test("claims with each of the two special characters of base64url are decoded")
    func base64URL() throws {
        // "??>>" encodes to "/" and "+" in standard base64, which base64url writes as "_" and "-".
        let claims = #"{"exp":1777638896,"sub":"??>>??>>??>>"}"#
        let text = Fixture.jwt(claims: claims)
        let payload = try #require(text.split(separator: ".").dropFirst().first)
        try #require(payload.contains("_"), "\(payload)")
        try #require(payload.contains("-"), "\(payload)")
        let token = try SessionToken(Array(text.utf8), source: .file("p", profileName: "n"))
        #expect(token.expiration == OCIHome.end)
    }

    @Test("a token knows when it was issued")
    func issued() throws {
        let token = try SessionToken(
            Array(Fixture.jwt(claims: #"{"exp":1777638896,"iat":"1777635296"}"#).utf8), source: .serviceAccount("p"))
        #expect(token.issued == OCIHome.end - 3_600)
        #expect(throws: CredentialsError.self) { try token.requireValid(at: OCIHome.end) }
        try token.requireValid(at: OCIHome.end - 1)
    }

    @Test(
        "each kind of token says where it is from and how to get a new one",
        arguments: [
            (.file("/t", profileName: "OPS"), "in /t", "oci session refresh --profile OPS"),
            (.resourcePrincipal("V"), "of V", "restart this function"),
            (.serviceAccount("/s"), "of the service account in /s", "restart the pod"),
            (.identityService("https://a"), "from https://a", "automatically"),
        ] as [(SessionToken.Source, String, String)])
    func sources(_ source: SessionToken.Source, _ place: String, _ renewal: String) throws {
        #expect(source.description == place)
        #expect(source.renewal.contains(renewal))
        #expect(source.renewal.hasSuffix("."))
    }

    @Test("an authenticator says how to renew its credentials; an API key needs no renewal")
    func renewal() async throws {
        let home = try OCIHome()
        let session = try await home.credentials(profile: "SESSION").authenticator
        #expect(
            await session.renewal() == "Run `oci session authenticate --profile-name SESSION`; before a session ends, "
                + "`oci session refresh --profile SESSION` is enough.")
        #expect(try await home.credentials().authenticator.renewal() == nil)
    }

    @Test("two signers are equal if both the key id and the key are equal")
    func sameSigner() async throws {
        let home = try OCIHome()
        let authenticator = try await home.credentials(profile: "SESSION").authenticator
        let first = try await authenticator.signer()
        await authenticator.wasRejected(first)
        #expect(try await authenticator.signer() == first)
        home.files.write(try Fixture.keyText("rsa-pkcs8"), to: OCIHome.sessionKeyPath)
        let newKey = try await authenticator.signer()
        #expect(newKey != first)
        #expect(newKey.keyID == first.keyID)
        home.files.write(Fixture.jwt(claims: #"{"exp":1777642496}"#), to: OCIHome.tokenPath)
        #expect(try await authenticator.signer() != newKey)
    }

    @Test("a token that is not a JWT has no expiration", arguments: ["opaque", "a.b", "a.!!.c", "...", "a.b.c.d"])
    func notAJWT(_ text: String) async throws {
        let token = try SessionToken(Array(text.utf8), source: .file("p", profileName: "n"))
        #expect(token.expiration == nil)
        try token.requireValid(at: .distantFuture)
    }
}
