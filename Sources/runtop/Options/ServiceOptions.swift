import AIDPSimulator
import ArgumentParser
import Polling

/// How the embedded service behaves.
struct ServiceOptions: ParsableArguments {
    @Option(
        name: .customLong("fault"),
        help:
            "A fault to see runtop deal with, may be given again: 429, 500, slow:3s, drop, half, malformed, html, hang, expired-token, skew:10m; 500@20% now and then.",
        transform: ServiceOptions.fault)
    var faults: [Fault] = []

    @Option(help: "The same seed makes the same world.")
    var seed: UInt64 = 2026

    @Option(help: "How many times faster than their schedules the jobs run, 1 to 1000.")
    var speed: Double = 20

    @Option(help: "How many jobs there are, 0 to 10000.")
    var jobs: Int = 40

    @Option(help: "How long the tokens last that it hands out, 2s to 1h.")
    var tokenLifetime = PollingInterval(.seconds(3_600))

    @Option(help: "The version of the API that it serves: 20260430, or 20240831 as older instances do.")
    var apiVersion = "20260430"

    func validate() throws {
        guard (1...1_000).contains(speed) else { throw ValidationError("--speed is \(speed), and may be 1 to 1000.") }
        guard ["20260430", "20240831"].contains(apiVersion) else {
            throw ValidationError("--api-version is \(apiVersion), and may be 20260430 or 20240831.")
        }
        guard (0...10_000).contains(jobs) else { throw ValidationError("--jobs is \(jobs), and may be 0 to 10000.") }
    }

    /// What the service is told.
    func settings(port: Int) -> SimulatorSettings {
        var settings = SimulatorSettings()
        settings.port = port
        settings.seed = seed
        settings.speed = speed
        settings.jobCount = jobs
        settings.faults = faults
        settings.apiVersion = apiVersion
        settings.tokenLifetime = tokenLifetime.duration
        return settings
    }

    private static func fault(_ text: String) throws -> Fault {
        do throws(FaultSyntaxError) {
            return try Fault(text)
        } catch {
            throw ValidationError(error.description)
        }
    }
}
