import AIDPSimulator
import CryptoExtras
import Foundation
import HTTP
import Synchronization
import TestSupport
import Testing

@testable import AIDP
@testable import OCIAuth

/// A running simulator that accepts every sign-in method. The test sets its clock, which the client shares.
struct Tenancy: Sendable {
    let port: Int
    let simulator: Simulator
    let settings: SimulatorSettings
    let identity: DemoIdentity
    let clock: SharedClock

    final class SharedClock: Sendable {
        private let moment: Mutex<Date>
        init(_ moment: Date) { self.moment = Mutex(moment) }
        var now: Date { moment.withLock { $0 } }
        func pass(_ seconds: TimeInterval) { moment.withLock { $0 += seconds } }
    }

    /// Runs the simulator during the test.
    ///
    /// - Parameter keys: API keys that the simulator accepts, in addition to the identity's own.
    static func run<Result: Sendable>(
        tokenLifetime: Duration = .seconds(1_200), faults: [Fault] = [], keys: [RegisteredKey] = [],
        story: @Sendable (Tenancy) async throws -> Result
    ) async throws -> Result {
        let clock = SharedClock(Date(timeIntervalSince1970: 1_793_693_045))
        let identity = try DemoIdentity(in: .temporaryDirectory, tokenLifetime: tokenLifetime, now: clock.now)
        defer { identity.remove() }
        var settings = SimulatorSettings()
        settings.keys = [identity.key] + keys
        (settings.tokenIssuer, settings.instance) = (identity.tokenIssuer, identity.instance)
        settings.tokenLifetime = tokenLifetime
        settings.faults = faults
        let simulator = Simulator(settings, now: { clock.now })
        return try await simulator.whileRunning { [settings] port in
            try await story(
                Tenancy(port: port, simulator: simulator, settings: settings, identity: identity, clock: clock))
        }
    }

    var origin: String { "http://127.0.0.1:\(port)" }

    func credentials(
        _ mode: AuthenticationMode = .auto, profile: String? = nil, refreshes: Bool = false,
        _ changes: [String: String] = [:], transport: any HTTPTransport = PatientTransport()
    ) async throws -> Credentials {
        var variables = Dictionary(uniqueKeysWithValues: identity.resourcePrincipal.map { ($0.name, $0.value) })
        variables["OCI_METADATA_BASE_URL"] = origin + "/opc/v2"
        variables["OCI_SDK_AUTH_CLIENT_REGION_URL"] = origin
        variables.merge(changes) { $1 }
        let settings = AuthenticationSettings(
            profile: profile, mode: mode, configFile: identity.configFile.path, refreshesSession: refreshes,
            environment: variables)
        return try await settings.credentials(
            transport: transport, now: { [clock] in clock.now })
    }

    /// A client that uses the clock of the tenancy.
    func client(_ credentials: Credentials, observer: (any RequestObserver)? = nil) throws -> AIDPClient {
        let endpoint = try Endpoint(
            baseURL: origin, instanceID: self.settings.instanceID, workspaceKey: self.settings.workspaceKey)
        var dependencies = Dependencies.live
        dependencies.now = { [clock] in clock.now }
        return AIDPClient(
            endpoint: endpoint, authenticator: credentials.authenticator, settings: .patient,
            dependencies: dependencies, observer: observer)
    }

    /// Lists the jobs with these credentials, and shuts the client down afterwards.
    @discardableResult
    func jobs(as credentials: Credentials) async throws -> [JobSummary] {
        let client = try client(credentials)
        let answer: Result<Page<JobSummary>, ServiceError>
        do throws(ServiceError) {
            answer = .success(try await client.listJobs(ListJobsRequest()))
        } catch {
            answer = .failure(error)
        }
        await client.shutdown()
        return try answer.get().items
    }
}

/// An RSA key from its PEM.
struct PrivateKey {
    let publicKeyPEM: String

    init(_ pem: String) throws {
        publicKeyPEM = try _RSA.Signing.PrivateKey(pemRepresentation: pem).publicKey.pemRepresentation
    }
}
