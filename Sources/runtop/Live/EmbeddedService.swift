import AIDPSimulator
import Foundation
import OCIAuth
import Screen

/// The simulator running in this process, with a key and a profile made for it.
struct EmbeddedService: Sendable {
    let identity: DemoIdentity
    let settings: SimulatorSettings
    let port: Int
    private let serving: Task<Void, any Error>

    /// Starts it, and waits until it listens.
    ///
    /// - Parameters:
    ///   - hosts: the names it answers to besides this machine's own.
    ///   - identity: makes the key and the profile.
    /// - Throws: ``Refusal`` when the port is taken, or the identity's files cannot be written.
    static func start(
        _ options: ServiceOptions, port: Int = 0, hosts: [String] = [], identity make: () throws -> DemoIdentity
    ) async throws -> EmbeddedService {
        let identity: DemoIdentity
        do {
            identity = try make()
        } catch {
            throw Refusal(.ioError, "\(error)")
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
            let reason: SafeText = if case .failure(let error) = await serving.result { "\(error)" } else { "it ended" }
            throw Refusal(
                .unavailable, "The embedded service cannot listen on 127.0.0.1:\(port): \(reason).",
                advice: "Choose another --port; 0 takes any free one.")
        }
        return EmbeddedService(identity: identity, settings: settings, port: bound, serving: serving)
    }

    /// How runtop itself reaches it: with the API key, or with the session token.
    func connection(
        _ environment: [String: String], logs: RequestLogs, withSession: Bool = false
    ) async throws -> Connection {
        var options = ConnectionOptions()
        options.instanceID = settings.instanceID
        options.workspaceKey = settings.workspaceKey
        options.configFile = identity.configFile.path
        options.profile = withSession ? DemoIdentity.sessionProfile : identity.profile
        options.endpoint = "http://127.0.0.1:\(port)"
        options.auth = withSession ? .securityToken : .apiKey
        options.region = nil
        options.timeout = 10
        options.apiVersion = settings.apiVersion
        options.pathPrefix = ""
        (options.caBundle, options.refreshSession) = (nil, false)
        // The operator's settings for a real tenancy do not apply here.
        let neutral = environment.filter { name, _ in
            !["OCI_", "AIDP_", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "HTTPS_PROXY", "https_proxy"].contains {
                name.hasPrefix($0)
            }
        }
        return try await Connection(
            options, environment: neutral, settings: SettingsFile(), logs: logs, named: ("demo", settings.workspaceName)
        )
    }

    /// Serves until the task is cancelled.
    func serve() async throws { try await serving.value }

    /// Stops it and removes its files.
    func stop() async {
        serving.cancel()
        _ = await serving.result
        identity.remove()
    }
}
