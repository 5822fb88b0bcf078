import AIDPSimulator
import Foundation
import HTTP
import Testing

@testable import AIDP
@testable import OCIAuth

/// Every sign-in method, over real HTTP. The simulator verifies the requests with its own code.
@Suite("Signing in")
struct SignInTests {
    @Test(
        "every method signs in",
        arguments: [
            (AuthenticationMode.auto, nil, SignInMethod.apiKey), (.auto, "SESSION", .securityToken),
            (.apiKey, nil, .apiKey), (.securityToken, "SESSION", .securityToken),
            (.instancePrincipal, nil, .instancePrincipal), (.resourcePrincipal, nil, .resourcePrincipal),
        ] as [(AuthenticationMode, String?, SignInMethod)])
    func everyWay(mode: AuthenticationMode, profile: String?, method: SignInMethod) async throws {
        try await Tenancy.run { tenancy in
            let credentials = try await tenancy.credentials(mode, profile: profile)
            #expect(credentials.account.method == method)
            #expect(credentials.region?.identifier == "us-ashburn-1")
            #expect(try await tenancy.jobs(as: credentials).count == 40)
        }
    }

    @Test("the token of an instance is renewed before it expires, so that no request is rejected")
    func instanceRenewal() async throws {
        try await Tenancy.run { tenancy in
            let credentials = try await tenancy.credentials(.instancePrincipal)
            for _ in 0..<6 {
                try await tenancy.jobs(as: credentials)
                tenancy.clock.pass(400)
            }
            #expect(await tenancy.simulator.requestsServed(for: .x509) == 2, "2400 s, each good for 1140")
            #expect(await tenancy.simulator.requestsServed(for: .jobs) == 6)
        }
    }

    @Test("a token of an instance that the service rejects is renewed once, and the request is sent again")
    func instanceRefused() async throws {
        try await Tenancy.run { tenancy in
            let credentials = try await tenancy.credentials(.instancePrincipal)
            try await tenancy.jobs(as: credentials)
            tenancy.clock.pass(60)
            await tenancy.simulator.inject([Fault(.expiredToken, operation: .jobs)])
            let error = await #expect(throws: ServiceError.self) { try await tenancy.jobs(as: credentials) }
            #expect(error?.status == 401)
            #expect(error?.attempts == 2)
            #expect(await tenancy.simulator.requestsServed(for: .x509) == 2)
            await tenancy.simulator.inject([])
            try await tenancy.jobs(as: credentials)
            #expect(await tenancy.simulator.requestsServed(for: .x509) == 2)
        }
    }

    @Test(
        "a slow metadata service is waited for; one that hangs or does not exist is reported")
    func metadata() async throws {
        try await Tenancy.run { tenancy in
            await tenancy.simulator.inject([Fault(.slow(.milliseconds(300)), operation: .metadata)])
            try await tenancy.jobs(as: tenancy.credentials(.instancePrincipal))

            await tenancy.simulator.inject([Fault(.hang, operation: .metadata)])
            let hanging = await #expect(throws: CredentialsError.self) {
                try await tenancy.credentials(
                    .instancePrincipal, transport: SignInTransport(TransportSettings(), userAgent: "runtop"))
            }
            #expect(hanging?.kind == .unreachable)
            #expect(hanging?.problem.contains("metadata service") == true)
            let none = await #expect(throws: CredentialsError.self) {
                try await tenancy.credentials(
                    .instancePrincipal, ["OCI_METADATA_BASE_URL": "http://127.0.0.1:1/opc/v2"])
            }
            #expect(none?.problem.contains("cannot be reached: the connection was refused") == true)
            #expect(none?.advice.contains("compute instance") == true)
        }
    }

    @Test("if the identity service rejects the certificate of an instance, the error quotes its message")
    func certificateRefused() async throws {
        try await Tenancy.run(faults: [Fault(.wrongKey, operation: .x509)]) { tenancy in
            let credentials = try await tenancy.credentials(.instancePrincipal)
            let error = await #expect(throws: ServiceError.self) { try await tenancy.jobs(as: credentials) }
            #expect(error?.kind == .credentials)
            #expect(error?.attempts == 0)
            #expect(error?.message?.contains("Failed to verify") == true, "\(String(describing: error))")
        }
    }

    @Test("a session is refreshed before it expires, and only its owner can read the file with the new token")
    func sessionRefresh() async throws {
        try await Tenancy.run { tenancy in
            let token = tenancy.identity.folder.appending(path: "token")
            let first = try String(contentsOf: token, encoding: .utf8)
            let credentials = try await tenancy.credentials(profile: "SESSION", refreshes: true)
            try await tenancy.jobs(as: credentials)
            #expect(try String(contentsOf: token, encoding: .utf8) == first)
            for _ in 0..<5 {
                tenancy.clock.pass(700)
                try await tenancy.jobs(as: credentials)
            }
            #expect(try String(contentsOf: token, encoding: .utf8) != first)
            #expect(await tenancy.simulator.requestsServed(for: .refresh) == 5)
            let mode = try FileManager.default.attributesOfItem(atPath: token.path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let left = try FileManager.default.contentsOfDirectory(atPath: tenancy.identity.folder.path)
            #expect(left.count == 7, "no draft is left behind: \(left)")
        }
    }

    @Test("an expired session is reported without sending a request, and works again when its file is renewed")
    func sessionEnds() async throws {
        try await Tenancy.run { tenancy in
            let credentials = try await tenancy.credentials(profile: "SESSION")
            try await tenancy.jobs(as: credentials)
            tenancy.clock.pass(1_201)
            let error = await #expect(throws: ServiceError.self) { try await tenancy.jobs(as: credentials) }
            #expect(error?.kind == .expiredToken)
            #expect(error?.attempts == 0)
            #expect(error?.advice.contains("oci session authenticate --profile-name SESSION") == true)
            let key = try String(contentsOf: tenancy.identity.folder.appending(path: "session.pem"), encoding: .utf8)
            let fresh = try tenancy.identity.tokenIssuer.token(
                user: "u", tenancy: "t", publicKeyPEM: Self.publicKey(of: key), issuedAt: tenancy.clock.now,
                expiresAt: tenancy.clock.now + 600)
            try Data(fresh.utf8).write(to: tenancy.identity.folder.appending(path: "token"))
            #expect(try await tenancy.jobs(as: credentials).count == 40)
            #expect(await credentials.authenticator.expiration() != nil)
        }
    }

    @Test("a resource principal whose files OCI renews works without a rejected request")
    func resourceRenewal() async throws {
        try await Tenancy.run { tenancy in
            let credentials = try await tenancy.credentials(.resourcePrincipal)
            try await tenancy.jobs(as: credentials)
            tenancy.clock.pass(1_100)
            let key = try String(contentsOf: tenancy.identity.folder.appending(path: "resource.pem"), encoding: .utf8)
            let fresh = try tenancy.identity.tokenIssuer.token(
                user: "r", tenancy: "t", publicKeyPEM: Self.publicKey(of: key), issuedAt: tenancy.clock.now,
                expiresAt: tenancy.clock.now + 1_200)
            try Data(fresh.utf8).write(to: tenancy.identity.folder.appending(path: "rpst"))
            tenancy.clock.pass(200)
            #expect(try await tenancy.jobs(as: credentials).count == 40)
        }
    }

    @Test("a pod of an OKE cluster gets a token for its service account, and an error when that has expired")
    func workloadIdentity() async throws {
        try await Tenancy.run { tenancy in
            let cluster = Cluster(tenancy: tenancy)
            let settings = AuthenticationSettings(
                mode: .okeWorkloadIdentity, region: "iad", environment: ["KUBERNETES_SERVICE_HOST": "10.96.0.1"])
            let credentials = try await settings.credentials(
                files: cluster, transport: cluster, now: { tenancy.clock.now })
            #expect(credentials.account.method == .okeWorkloadIdentity)
            for _ in 0..<3 {
                #expect(try await tenancy.jobs(as: credentials).count == 40)
                tenancy.clock.pass(399)
            }
            #expect(await tenancy.simulator.requestsServed(for: .workloadIdentity) == 1)
            tenancy.clock.pass(10)
            // By then the token of the service account has expired as well, and Kubernetes has not renewed it.
            let error = await #expect(throws: ServiceError.self) { try await tenancy.jobs(as: credentials) }
            #expect(error?.message?.contains("service account") == true, "\(String(describing: error))")
        }
    }

    @Test("a cluster without workload identity, and a machine outside any cluster, are reported")
    func noWorkloadIdentity() async throws {
        try await Tenancy.run(faults: [Fault(.status(403), operation: .workloadIdentity)]) { tenancy in
            let cluster = Cluster(tenancy: tenancy)
            let none = await #expect(throws: CredentialsError.self) {
                try await AuthenticationSettings(mode: .okeWorkloadIdentity, environment: [:]).credentials(
                    files: cluster, transport: cluster)
            }
            #expect(none?.problem.contains("KUBERNETES_SERVICE_HOST is not set") == true)
            let settings = AuthenticationSettings(
                mode: .okeWorkloadIdentity, environment: ["KUBERNETES_SERVICE_HOST": "fd00::1"])
            let credentials = try await settings.credentials(
                files: cluster, transport: cluster, now: { tenancy.clock.now })
            let refused = await #expect(throws: CredentialsError.self) {
                try await credentials.authenticator.requireUsable()
            }
            #expect(refused?.problem.contains("https://[fd00::1]:12250/") == true, "\(String(describing: refused))")
            #expect(refused?.advice.contains("enhanced") == true)
            #expect(refused?.kind == .refused)
        }
    }

    /// The environment of a pod: the files of its service account, and the cluster's endpoint, which is the simulator.
    private struct Cluster: CredentialFiles, HTTPTransport {
        let tenancy: Tenancy
        private let local = LocalFiles()

        init(tenancy: Tenancy) { self.tenancy = tenancy }

        private func place(_ path: String) -> String {
            path == "/var/run/secrets/kubernetes.io/serviceaccount/token"
                ? tenancy.identity.folder.appending(path: "service-account-token").path : path
        }

        func read(_ path: String) throws(FileFailure) -> CredentialFile { try local.read(place(path)) }
        func stamp(of path: String) -> FileStamp? { local.stamp(of: place(path)) }
        func replace(_ path: String, with bytes: [UInt8], ifStill stamp: FileStamp) throws(FileFailure) {
            throw .unreadable("it is read only")
        }

        func send(
            _ request: HTTPRequest, timeout: Duration
        ) async throws(TransportError) -> HTTPReply {
            #expect(request.authorityFile == "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt")
            var request = request
            request.authorityFile = nil
            #expect(request.target == "/resourcePrincipalSessionTokens")
            do throws(Trouble) {
                request.address = try BaseURL(tenancy.origin)
            } catch {
                throw TransportError(.connectionLost, error.problem)
            }
            return try await PatientTransport().send(request, timeout: timeout)
        }
    }

    private static func publicKey(of pem: String) throws -> String {
        try PrivateKey(pem).publicKeyPEM
    }
}
