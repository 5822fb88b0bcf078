import AIDP
import AIDPSimulator
import ArgumentParser
import Foundation
import OCIAuth
import Polling
import Runs

/// The options of the embedded service.
struct ServiceOptions: ParsableArguments {
    @Option(
        name: .customLong("fault"),
        help:
            "A fault to inject; repeatable: 429, 429:SECONDS, 500, status:CODE, slow:3s, skew:10m, drop, half, malformed, html, hang, expired-token or wrong-key; 500@20% for one request in five; 500,for=OPERATION for one operation: \(Fault.operationNames).",
        transform: { try Fault($0) })
    var faults: [Fault] = []

    @Option(help: "The same seed makes the same jobs and runs.")
    var seed: UInt64 = 2026

    @Option(help: "How many times faster than their schedules the jobs run, 1 to 1000.")
    var speed: Double = 20

    @Option(help: "How many jobs there are, 0 to 10000.")
    var jobs: Int = 40

    @Option(
        help: "How many bytes the outputs of its tasks have at least, 0 to 30000000; 0 for outputs of a usual size.")
    var outputSize: Int = 0

    @Option(
        help:
            "How long its tokens last, 2s to 1h (default 1h). The demo signs in with a key, or with this with a session token.",
        transform: ServiceOptions.lifetime)
    var tokenLifetime: Duration?

    @Option(help: "The version of the API it serves: 20260430, or 20240831 as older instances do.")
    var apiVersion = "20260430"

    func validate() throws {
        guard (1...1_000).contains(speed) else { throw ValidationError("--speed is \(speed), and may be 1 to 1000.") }
        guard ["20260430", "20240831"].contains(apiVersion) else {
            throw ValidationError("--api-version is \(apiVersion), and may be 20260430 or 20240831.")
        }
        guard (0...30_000_000).contains(outputSize) else {
            throw ValidationError("--output-size is \(outputSize), and may be 0 to 30000000.")
        }
        guard (0...10_000).contains(jobs) else { throw ValidationError("--jobs is \(jobs), and may be 0 to 10000.") }
    }

    /// The lifetime of tokens.
    var lifetimeOfTokens: Duration { tokenLifetime ?? .seconds(3_600) }

    func settings(port: Int) -> SimulatorSettings {
        var settings = SimulatorSettings()
        settings.port = port
        settings.seed = seed
        settings.speed = speed
        settings.jobCount = jobs
        settings.faults = faults
        settings.outputSize = outputSize
        settings.apiVersion = apiVersion
        settings.tokenLifetime = lifetimeOfTokens
        return settings
    }

    private static func lifetime(_ text: String) throws -> Duration {
        guard let lifetime = Duration(shortText: text), (.seconds(2) ... .seconds(3_600)).contains(lifetime) else {
            throw ValidationError("a lifetime is a time from 2s to 1h, such as 20s or 5m.")
        }
        return lifetime
    }
}

/// The simulator running in this process, with a key and a profile created for it.
struct EmbeddedService: Sendable {
    let identity: DemoIdentity
    let settings: SimulatorSettings
    let port: Int
    private let serving: Task<Void, any Error>

    /// Starts it, and waits until it accepts connections.
    ///
    /// - Parameters:
    ///   - hosts: the host names that it accepts besides the local machine's.
    ///   - identity: creates the key and the profile.
    /// - Throws: ``CommandFailure`` if the port is in use, or the identity's files cannot be written.
    static func start(
        _ options: ServiceOptions, port: Int = 0, hosts: [String] = [], identity make: () throws -> DemoIdentity
    ) async throws -> EmbeddedService {
        let identity: DemoIdentity
        do {
            identity = try make()
        } catch {
            throw CommandFailure(.ioError, "\(error)")
        }
        var settings = options.settings(port: port)
        settings.hosts = hosts
        settings.keys = [identity.key]
        (settings.tokenIssuer, settings.instance) = (identity.tokenIssuer, identity.instance)
        let simulator = Simulator(settings)
        let (ports, sink) = AsyncStream<Int>.makeStream()
        let serving = Task {
            defer { sink.finish() }
            try await simulator.run { sink.yield($0) }
        }
        guard let bound = await ports.first(where: { _ in true }) else {
            identity.remove()
            let reason = if case .failure(let error) = await serving.result { "\(error)" } else { "it ended" }
            throw CommandFailure(
                .unavailable, "The embedded service cannot listen on 127.0.0.1:\(port): \(reason).",
                advice: "Choose another --port; 0 takes any free one.")
        }
        return EmbeddedService(identity: identity, settings: settings, port: bound, serving: serving)
    }

    /// runtop's own connection to it, with the API key or the session token. It ignores the user's settings.
    func connection(logs: RequestLogs, withSession: Bool = false) async throws -> Connection {
        let network = ClientSettings.limits(environment: [:])
        let signIn = AuthenticationSettings(
            profile: withSession ? DemoIdentity.sessionProfile : identity.profile,
            mode: withSession ? .securityToken : .apiKey, configFile: identity.configFile.path, environment: [:])
        return Connection(
            endpoint: try Endpoint(
                baseURL: "http://127.0.0.1:\(port)", apiVersion: settings.apiVersion, instanceID: settings.instanceID,
                workspaceKey: settings.workspaceKey),
            credentials: try await signIn.credentials(
                network: network.transport, userAgent: network.userAgent, logger: logs.logger),
            network: network, logs: logs, region: "demo", workspace: .named(settings.workspaceName),
            place: Place(instanceID: settings.instanceID, workspaceKey: settings.workspaceKey))
    }

    /// Stops it and removes its files.
    func stop() async {
        serving.cancel()
        _ = await serving.result
        identity.remove()
    }
}
