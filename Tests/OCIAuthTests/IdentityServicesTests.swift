import Foundation
import HTTP
import Synchronization
import Testing

@testable import OCIAuth

/// Scripted answers of the metadata service, the identity service and a cluster's endpoint. Checks the requests to them
/// and the results.
private final class ScriptedServices: HTTPTransport {
    typealias Answer = Result<HTTPReply, TransportError>
    private let answer: @Sendable (HTTPRequest) -> Answer
    private let seen = Mutex<[(request: HTTPRequest, timeout: Duration)]>([])

    init(_ answer: @escaping @Sendable (HTTPRequest) -> Answer) { self.answer = answer }

    var requests: [HTTPRequest] { seen.withLock { $0.map(\.request) } }
    var timeouts: [Duration] { seen.withLock { $0.map(\.timeout) } }

    func send(_ request: HTTPRequest, timeout: Duration) async throws(TransportError) -> HTTPReply {
        seen.withLock { $0.append((request, timeout)) }
        return try answer(request).get()
    }

    static func reply(
        _ status: Int, _ body: String = "", _ headers: [(name: String, value: String)] = []
    ) -> Answer {
        .success(HTTPReply(status: status, headers: headers, body: Array(body.utf8)))
    }
}

@Suite("The identity service")
struct IdentityServiceTests {
    private static let region = Region(identifier: "us-ashburn-1", secondLevelDomain: "oraclecloud.com")

    private func exchange(
        _ answer: ScriptedServices.Answer, _ variables: [String: String] = [:], coversHost: Bool = true
    ) async throws -> (Result<[UInt8], CredentialsError>, ScriptedServices) {
        let transport = ScriptedServices { _ in answer }
        let service = try IdentityService(
            region: Self.region, environment: Environment(variables), transport: transport, now: { OCIHome.end })
        let key = try PrivateKeyPEM(try Fixture.key("rsa-pkcs8"), source: "k").signingKey(passPhrase: nil)
        do throws(CredentialsError) {
            let token = try await service.token(
                from: "/v1/x", sending: [1, 2], signedBy: RequestSigner(keyID: "k", key: key), coversHost: coversHost)
            return (.success(token), transport)
        } catch {
            return (.failure(error), transport)
        }
    }

    @Test("gets a signed POST at the region's address; the signature covers the host if possible")
    func request() async throws {
        let (result, transport) = try await exchange(ScriptedServices.reply(200, #"{"token":"t"}"#))
        #expect(try result.get() == Array("t".utf8))
        let request = try #require(transport.requests.first)
        #expect(request.method == "POST")
        #expect(request.url == "https://auth.us-ashburn-1.oraclecloud.com/v1/x")
        #expect(request.body == [1, 2])
        #expect(transport.timeouts == [.seconds(10)])
        #expect(request.authorityFile == nil)
        #expect(request.headers.contains { $0.name == "host" && $0.value == "auth.us-ashburn-1.oraclecloud.com" })
        #expect(request.headers.contains { $0.name == "date" && $0.value == "Fri, 01 May 2026 12:34:56 GMT" })
        let (_, bare) = try await exchange(ScriptedServices.reply(200, #"{"token":"t"}"#), coversHost: false)
        #expect(bare.requests.first?.headers.contains { $0.name == "host" } == false)
    }

    @Test("is used at the address from the variable")
    func variable() async throws {
        let (_, transport) = try await exchange(
            ScriptedServices.reply(200, #"{"token":"t"}"#),
            ["OCI_SDK_AUTH_CLIENT_REGION_URL": "https://auth.example.com/"])
        #expect(transport.requests.first?.url == "https://auth.example.com/v1/x")
        #expect(transport.requests.first?.headers.contains { $0.value == "auth.example.com" } == true)
        let error = #expect(throws: CredentialsError.self) {
            try IdentityService(region: nil, environment: Environment([:]), transport: transport, now: { OCIHome.end })
        }
        #expect(error?.problem == "The identity service cannot be found: no region is given.")
    }

    @Test(
        "is not retried when it rejects, and can be retried after any other failure",
        arguments: [
            (401, #"{"message":"It is unknown."}"#, .refused, "refused with 401: It is unknown, opc-request-id A/B."),
            (400, "", .refused, "refused with 400, opc-request-id A/B."),
            (499, "<html>", .refused, "refused with 499, opc-request-id A/B."),
            (429, "", .unreachable, "refused with 429, opc-request-id A/B."),
            (500, "", .unreachable, "refused with 500, opc-request-id A/B."),
            (200, "{}", .unreachable, "answered without a token."),
            (200, #"{"token":""}"#, .unreachable, "answered without a token."),
        ] as [(Int, String, CredentialsError.Kind, String)])
    func failures(_ status: Int, _ body: String, _ kind: CredentialsError.Kind, _ words: String) async throws {
        let answer = ScriptedServices.reply(status, body, [("OPC-Request-ID", "A/B")])
        let (result, _) = try await exchange(answer)
        let error = #expect(throws: CredentialsError.self) { try result.get() }
        #expect(error?.kind == kind)
        #expect(error?.problem == "The identity service https://auth.us-ashburn-1.oraclecloud.com \(words)")
        #expect(error?.advice.contains("clock") == (status == 401))
    }

    @Test("that cannot be reached gives an error with the reason")
    func unreachable() async throws {
        let (result, _) = try await exchange(.failure(TransportError(.connectionLost, "nobody answers")))
        let error = #expect(throws: CredentialsError.self) { try result.get() }
        #expect(error?.kind == .unreachable)
        #expect(error?.topic == .token)
        #expect(error?.problem.hasSuffix(" cannot be reached: nobody answers.") == true)
    }

    @Test("a request id is quoted with at most 200 characters, and omitted if it is empty")
    func requestID() {
        let long = HTTPReply(status: 500, headers: [("opc-request-id", String(repeating: "x", count: 300))])
        #expect(long.requestID == String(repeating: "x", count: 200) + "…")
        #expect(HTTPReply(status: 500, headers: [("opc-request-id", "")]).refusal() == "refused with 500.")
        #expect(HTTPReply(status: 401).refusal(saying: "No") == "refused with 401: No.")
    }
}

@Suite("The metadata service of an instance")
struct InstanceMetadataTests {
    @Test("is used at its link-local address, with the required header, and returns the region")
    func region() async throws {
        let transport = ScriptedServices { _ in ScriptedServices.reply(200, " iad\n") }
        let metadata = try InstanceMetadata(environment: Environment([:]), transport: transport)
        #expect(try await metadata.region() == "iad")
        let request = try #require(transport.requests.first)
        #expect(request.method == "GET")
        #expect(request.url == "http://169.254.169.254/opc/v2/instance/region")
        #expect(request.headers.map { "\($0.name): \($0.value)" } == ["authorization: Bearer Oracle"])
        #expect(transport.timeouts == [.milliseconds(2_500)])
        let other = try InstanceMetadata(
            environment: Environment(["OCI_METADATA_BASE_URL": "http://127.0.0.1:8080/opc/v2/"]), transport: transport)
        _ = try await other.region()
        #expect(transport.requests.last?.url == "http://127.0.0.1:8080/opc/v2/instance/region")
        #expect(throws: CredentialsError.self) {
            try InstanceMetadata(
                environment: Environment(["OCI_METADATA_BASE_URL": "http://169.254.evil.example"]), transport: transport
            )
        }
    }

    @Test(
        "that gives no usable answer is quoted in the error, and may be tried again",
        arguments: [(404, "x"), (200, ""), (201, "iad"), (500, "")])
    func failures(_ status: Int, _ body: String) async throws {
        let transport = ScriptedServices { _ in ScriptedServices.reply(status, body) }
        let metadata = try InstanceMetadata(environment: Environment([:]), transport: transport)
        let error = await #expect(throws: CredentialsError.self) { try await metadata.region() }
        #expect(error?.kind == .unreachable)
        #expect(error?.problem.hasSuffix(" answered \(status) to /instance/region.") == true)
    }

    @Test("provides the region of an instance principal if no setting does")
    func instancePrincipal() async throws {
        let transport = ScriptedServices { _ in ScriptedServices.reply(200, "phx") }
        func credentials(_ region: String?) async throws -> Credentials {
            try await AuthenticationSettings(mode: .instancePrincipal, region: region, environment: [:]).credentials(
                files: InMemoryFiles(), transport: transport)
        }
        let asked = try await credentials(nil)
        #expect(asked.region?.identifier == "us-phoenix-1")
        #expect(asked.account.method == .instancePrincipal)
        #expect(asked.regionRule?.namedBy == "the instance metadata service")
        #expect(transport.requests.count == 1)
        let named = try await credentials("iad")
        #expect(named.region?.identifier == "us-ashburn-1")
        #expect(transport.requests.count == 1)
    }
}

@Suite("The workload identity of a pod")
struct WorkloadIdentityTests {
    private static let tokenPath = "/var/run/secrets/kubernetes.io/serviceaccount/token"

    private func session(
        _ answer: @escaping @Sendable (HTTPRequest) -> ScriptedServices.Answer, _ changes: [String: String] = [:],
        account: String = OCIHome.token, at now: Date = OCIHome.end - 60
    ) async throws -> (Result<RequestSigner, CredentialsError>, ScriptedServices, Credentials) {
        let transport = ScriptedServices(answer)
        let environment = ["KUBERNETES_SERVICE_HOST": "10.96.0.1"].merging(changes) { $1 }
        let files = InMemoryFiles([Self.tokenPath: account + "\n"])
        let credentials = try await AuthenticationSettings(mode: .okeWorkloadIdentity, environment: environment)
            .credentials(files: files, transport: transport, now: { now })
        do throws(CredentialsError) {
            return (.success(try await credentials.authenticator.signer()), transport, credentials)
        } catch {
            return (.failure(error), transport, credentials)
        }
    }

    @Sendable private static func answer(_ token: String, quoted: Bool = true) -> ScriptedServices.Answer {
        let text = Data(#"{"token":"\#(token)"}"#.utf8).base64EncodedString()
        return ScriptedServices.reply(200, quoted ? "\"\(text)\"\n" : text)
    }

    @Test("requests a session from the cluster with the account's token, and trusts the cluster's authority")
    func request() async throws {
        let fresh = Fixture.jwt(claims: #"{"exp":1777642496}"#)
        let (signer, transport, credentials) = try await session(
            { _ in Self.answer("ST$" + fresh) }, ["OCI_RESOURCE_PRINCIPAL_REGION": "iad"])
        #expect(try signer.get().keyID == "ST$" + fresh)
        let request = try #require(transport.requests.first)
        #expect(request.method == "POST")
        #expect(request.url == "https://10.96.0.1:12250/resourcePrincipalSessionTokens")
        #expect(request.authorityFile == "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt")
        #expect(request.headers.contains { $0.name == "authorization" && $0.value == "Bearer " + OCIHome.token })
        #expect(request.headers.contains { $0.name == "content-type" && $0.value == "application/json" })
        #expect(String(decoding: request.body ?? [], as: UTF8.self).hasPrefix(#"{"podKey":"MIIB"#))
        #expect(transport.timeouts == [.seconds(10)])
        #expect(credentials.region?.identifier == "us-ashburn-1")
        #expect(credentials.regionRule?.namedBy == "OCI_RESOURCE_PRINCIPAL_REGION")
        #expect(await credentials.authenticator.expiration() == OCIHome.end + 3_600)
    }

    @Test("reads the answer with and without quotes and ST$, and takes the authority file from the variable")
    func forms() async throws {
        let fresh = Fixture.jwt(claims: #"{"exp":1777642496}"#)
        let (signer, transport, _) = try await session(
            { _ in Self.answer(fresh, quoted: false) },
            ["OCI_KUBERNETES_SERVICE_ACCOUNT_CERT_PATH": "/ca.pem", "KUBERNETES_SERVICE_HOST": "fd00::1"])
        #expect(try signer.get().keyID == "ST$" + fresh)
        #expect(transport.requests.first?.authorityFile == "/ca.pem")
        #expect(transport.requests.first?.url.hasPrefix("https://[fd00::1]:12250/") == true)
    }

    @Test(
        "that is rejected gives an error with advice",
        arguments: [
            (403, .refused, "administrator"), (401, .refused, "Try again later."),
            (429, .unreachable, "Try again later."),
            (500, .unreachable, "Try again later."),
        ] as [(Int, CredentialsError.Kind, String)])
    func refused(_ status: Int, _ kind: CredentialsError.Kind, _ advice: String) async throws {
        let (signer, _, _) = try await session { _ in ScriptedServices.reply(status) }
        let error = #expect(throws: CredentialsError.self) { try signer.get() }
        #expect(error?.kind == kind)
        #expect(error?.advice.contains(advice) == true)
    }

    @Test("sends no request with an expired service account token, and rejects an answer without a token")
    func unusable() async throws {
        let (expired, transport, _) = try await session({ _ in Self.answer("x") }, at: OCIHome.end)
        let error = #expect(throws: CredentialsError.self) { try expired.get() }
        #expect(error?.kind == .expiredToken(OCIHome.end))
        #expect(error?.advice.contains("restart the pod") == true)
        #expect(transport.requests.isEmpty)
        for body in ["", "not base64!", Data("{}".utf8).base64EncodedString()] {
            let (empty, _, _) = try await session { _ in ScriptedServices.reply(200, body) }
            let error = #expect(throws: CredentialsError.self) { try empty.get() }
            #expect(error?.problem.contains("is empty") == true, "\(body)")
        }
        let (unreachable, _, _) = try await session { _ in .failure(TransportError(.connectionLost, "nobody answers")) }
        let failure = #expect(throws: CredentialsError.self) { try unreachable.get() }
        #expect(failure?.kind == .unreachable)
        #expect(failure?.problem.contains("nobody answers") == true)
    }
}

@Suite("The address of a service that credentials are sent to")
struct ServiceAddressTests {
    @Test(
        "is https, or plain http to the local machine and to link-local addresses",
        arguments: [
            ("https://auth.example.com", "https://auth.example.com"),
            ("https://auth.example.com/", "https://auth.example.com"),
            ("http://169.254.169.254/opc/v2", "http://169.254.169.254/opc/v2"), ("http://[::1]:80/", "http://[::1]"),
            ("HTTP://127.3.2.1", "http://127.3.2.1"), ("http://169.254.evil.example", nil),
            ("http://127.evil.example", nil),
            ("http://auth.example.com", nil), ("ftp://127.0.0.1", nil), ("https://", nil), ("auth.example.com", nil),
            ("https://me@auth.example.com", nil), ("https://auth.example.com?x", nil),
            ("https://auth.example.com#x", nil),
        ] as [(String, String?)])
    func services(_ url: String, _ expected: String?) {
        #expect((try? BaseURL(url, from: "V"))?.description == expected)
    }

    @Test("that cannot be used gives an error with the name of its variable")
    func named() {
        let clear = #expect(throws: CredentialsError.self) {
            try BaseURL("http://auth.example.com", from: "OCI_METADATA_BASE_URL")
        }
        #expect(clear?.problem == "OCI_METADATA_BASE_URL is not https.")
        let nothing = #expect(throws: CredentialsError.self) { try BaseURL("x", from: "V") }
        #expect(nothing?.problem == "V is not a URL.")
    }

    @Test(
        "a metadata service may use plain http only at a link-local address, not at a name that looks like one",
        arguments: [
            ("http://169.254.169.254", true), ("http://169.254.0.1:8080", true), ("http://127.0.0.1", true),
            ("http://169.254.evil.example", false), ("http://169.254.1", false), ("http://169.255.0.1", false),
            ("http://169.254.1.256", false), ("http://168.254.1.1", false),
        ])
    func linkLocal(_ url: String, isAllowed: Bool) {
        #expect(((try? BaseURL(url, from: "V")) != nil) == isAllowed)
    }
}
