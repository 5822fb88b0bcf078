import AIDPSimulator
import ArgumentParser
import Polling

/// How the embedded service behaves.
struct ServiceOptions: ParsableArguments {
    @Option(
        name: .customLong("fault"),
        help:
            "A fault to inject; repeatable: 429, 429:SECONDS, 500, status:CODE, slow:3s, skew:10m, drop, half, malformed, html, hang, expired-token or wrong-key; 500@20% for one request in five; 500,for=recentJobRuns for one operation.",
        transform: ServiceOptions.fault)
    var faults: [Fault] = []

    @Option(help: "The same seed makes the same jobs and runs.")
    var seed: UInt64 = 2026

    @Option(help: "How many times faster than their schedules the jobs run, 1 to 1000.")
    var speed: Double = 20

    @Option(help: "How many jobs there are, 0 to 10000.")
    var jobs: Int = 40

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
        guard (0...10_000).contains(jobs) else { throw ValidationError("--jobs is \(jobs), and may be 0 to 10000.") }
    }

    /// How long tokens last.
    var lifetimeOfTokens: Duration { tokenLifetime ?? .seconds(3_600) }

    /// The service's settings.
    func settings(port: Int) -> SimulatorSettings {
        var settings = SimulatorSettings()
        settings.port = port
        settings.seed = seed
        settings.speed = speed
        settings.jobCount = jobs
        settings.faults = faults
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

    private static func fault(_ text: String) throws -> Fault {
        do throws(FaultSyntaxError) {
            return try Fault(text)
        } catch {
            throw ValidationError(error.description)
        }
    }
}
