import Foundation
import Screen
import Testing

@testable import Doctor
@testable import OCIAuth

@Suite("The doctor's checks of the credentials")
struct CredentialsChecksTests {
    private static let now = Date(timeIntervalSince1970: 1_793_693_045)

    /// Signs, or throws an error. Its token expires after a number of seconds.
    private struct Fixed: Authenticator {
        var left: TimeInterval?
        var error: CredentialsError?

        func sign(_ request: SignableRequest) async throws(CredentialsError) -> SignedHeaders {
            if let error { throw error }
            return SignedHeaders([])
        }
        func credentials(afterRejectionOf signed: SignedHeaders) async -> CredentialsAfterRejection { .unchanged }
        func expiration() async -> Date? { left.map { CredentialsChecksTests.now + $0 } }
    }

    private func findings(
        _ method: SignInMethod = .apiKey, left: TimeInterval? = nil, error: CredentialsError? = nil,
        origin: Credentials.Origin = .profile(name: "OPS", file: "/h/.oci/config"), region: Region? = nil,
        rule: RegionRule? = nil, warnings: [CredentialsWarning] = [], edit: (inout Account) -> Void = { _ in }
    ) async -> [Finding] {
        var account = Account(method: method, tenancy: "t", user: "u")
        edit(&account)
        let credentials = Credentials(
            authenticator: Fixed(left: left, error: error), region: region, regionRule: rule, account: account,
            origin: origin, warnings: warnings)
        return await CredentialsChecks(now: { Self.now }).findings(of: .success(credentials))
    }

    private func finding(_ check: Check, in findings: [Finding]) throws -> Finding {
        let found = findings.filter { $0.check == check }
        try #require(found.count == 1)
        return found[0]
    }

    @Test("an API key: the file, the profile, the key with its fingerprint, no token, and the region with its source")
    func apiKey() async throws {
        let found = await findings(
            region: Region(identifier: "us-ashburn-1", secondLevelDomain: "oraclecloud.com"),
            rule: RegionRule(namedBy: "--region", table: .published)
        ) {
            $0.keyFile = "/k.pem"
            $0.fingerprint = "aa:bb"
        }
        #expect(found.map(\.check) == [.configuration, .permissions, .profile, .key, .token, .region])
        #expect(found.allSatisfy { $0.verdict == .passed })
        #expect(
            found.map(\.text) == [
                "/h/.oci/config", "no other user has access to the files", "OPS, API key, user u, tenancy t",
                "/k.pem, fingerprint aa:bb", "none: an API key needs none",
                "us-ashburn-1 (oraclecloud.com), named by --region, domain from OCI's region list",
            ])
    }

    @Test("without a configuration file it says where the identity comes from")
    func origins() async throws {
        let environment = await findings(origin: .environment)
        #expect(try finding(.configuration, in: environment).text == "none: the environment gives everything")
        #expect(try finding(.profile, in: environment).text == "API key, user u, tenancy t")
        #expect(try finding(.key, in: environment).text == "from the environment")
        #expect(try finding(.region, in: environment).text == "none given")
        let principal = await findings(.instancePrincipal, left: 1_200, origin: .environment)
        #expect(try finding(.configuration, in: principal).text == "none: OCI gives the identity")
        #expect(try finding(.key, in: principal).text == "given by OCI")
    }

    @Test("each warning is reported by the check that it belongs to")
    func warnings() async throws {
        let found = await findings(
            region: Region(identifier: "xx", secondLevelDomain: "d"), rule: RegionRule(namedBy: "p", table: .assumed),
            warnings: [
                .openToOthers(path: "/a", permissions: 0o644), .ownedByAnother(path: "/b", userID: 7),
                .needlessPassPhrase(source: "key"), .unknownRegion("xx", assumedDomain: "d"),
            ])
        let open = found.filter { $0.check == .permissions }
        #expect(open.map(\.verdict) == [.warning, .warning])
        #expect(open[0].text.plainText.contains("chmod 600 /a"))
        #expect(open[1].text.plainText.contains("uid 7"))
        #expect(try finding(.key, in: found).verdict == .warning)
        #expect(try finding(.key, in: found).text.plainText.contains("not encrypted"))
        #expect(try finding(.region, in: found).verdict == .warning)
        #expect(try finding(.region, in: found).text.plainText.contains("not in OCI's region list"))
    }

    @Test(
        "a session says when it expires, and warns from ten minutes on",
        arguments: [
            (601, .passed, "expires in 10 min"), (600, .passed, "expires in 10 min"),
            (599, .warning, "expires in 9 min"), (119, .warning, "expires in 119 s"), (-5, .warning, "expires in 0 s"),
        ] as [(TimeInterval, Finding.Verdict, String)])
    func session(_ left: TimeInterval, _ verdict: Finding.Verdict, _ text: String) async throws {
        let token = try finding(.token, in: await findings(.securityToken, left: left))
        #expect(token.verdict == verdict)
        #expect(token.text.plainText == text)
        #expect(token.advice.plainText.contains("oci session refresh") == (verdict == .warning))
        // A principal's token is renewed automatically.
        let principal = try finding(.token, in: await findings(.instancePrincipal, left: left))
        #expect(principal.verdict == .passed)
        #expect(principal.text.plainText == text)
    }

    @Test("a token without an expiry is a warning, and one that cannot sign is a failure")
    func tokens() async throws {
        let opaque = try finding(.token, in: await findings(.securityToken))
        #expect(opaque.verdict == .warning)
        #expect(opaque.text.plainText.hasPrefix("its expiry cannot be read"))
        let error = CredentialsError("It expired.", advice: "Sign in.", kind: .expiredToken(.distantPast))
        let expired = try finding(.token, in: await findings(.securityToken, error: error))
        #expect(expired == Finding(.token, .failed, "It expired.", advice: "Sign in."))
    }

    @Test("the checks before a failed one have passed, and those after it are skipped")
    func failures() async {
        func verdicts(_ kind: CredentialsError.Kind, _ topic: CredentialsError.Topic) async -> [Finding] {
            await CredentialsChecks(now: { Self.now }).findings(
                of: .failure(CredentialsError("It is wrong.", advice: "Mend it.", kind: kind, topic: topic)))
        }
        let key = await verdicts(.key, .key)
        #expect(key.map(\.check) == [.configuration, .permissions, .profile, .key, .token, .region])
        #expect(key.map(\.verdict) == [.passed, .skipped, .passed, .failed, .skipped, .skipped])
        #expect(key.map(\.text) == ["in order", "not tried", "in order", "It is wrong.", "not tried", "not tried"])
        #expect(key[3].advice == "Mend it.")
        let principal = await verdicts(.unreachable, .token)
        #expect(principal.map(\.verdict) == [.skipped, .skipped, .skipped, .skipped, .failed, .skipped])
        #expect(principal[0].text == "not needed for this")
    }
}
