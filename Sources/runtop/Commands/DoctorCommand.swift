import AIDP
import ArgumentParser
import Dashboard
import Doctor
import Foundation
import HTTP
import OCIAuth
import Screen
import Terminal

/// `runtop doctor`: checks what runtop needs, with one line for each check.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Checks everything runtop needs, and says in one line each what is wrong.",
        discussion: """
            ✓ is in order, ! needs attention, ✗ must be fixed, · could not be tried. The exit status is 0, 1 with \
            warnings, 2 with failures. Nothing it prints is secret.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @OptionGroup(title: "Where and who") var connection: ConnectionOptions

    @Option(help: "text or json.")
    var output: Format = .text

    @Option(help: "The settings file (default ~/.config/runtop/config.yaml, if there is one).")
    var settings: String?

    func run() async throws {
        try await refusing {
            let environment = ProcessInfo.processInfo.environment
            let file = SettingsFile.location(named: settings, environment: environment)
            let loaded = Self.problem(.settings) {
                try SettingsFile.load(named: settings, environment: environment)
            }
            let terminal = await TerminalDescription.current(environment)
            let isUTF8 = terminal.capabilities.isUTF8
            let width = isatty(STDOUT_FILENO) == 1 ? terminal.size.columns : nil
            let output = output
            var setup = setup(environment, (try? loaded.get()) ?? SettingsFile(), TerminalFacts(terminal, environment))
            setup.settings = loaded.map { _ in FileManager.default.fileExists(atPath: file) ? file : nil }
            let report = try await Examination(setup).run { finding in
                guard output == .text else { return }
                for line in finding.lines(isUTF8: isUTF8, width: width) { try StandardOutput.write("\(line)\n") }
            }
            try StandardOutput.write(output == .json ? report.json : "\n\(report.summary)\n")
            if report.exitStatus != 0 { throw ExitCode(report.exitStatus) }
        }
    }

    private func setup(_ environment: [String: String], _ settings: SettingsFile, _ terminal: TerminalFacts) -> Setup {
        let options = connection
        let place = Self.problem(.endpoint) {
            try PlaceSettings(options, environment: environment, settings: settings, needsWorkspace: false)
        }
        let trust = Self.problem(.certificate) {
            try NetworkSettings.trustRoots(options, environment: environment, settings: settings)
        }
        let network = trust.flatMap { _ in
            Self.problem(.proxy) {
                try NetworkSettings.resolve(options, environment: environment, settings: settings)
            }
        }
        let signIn = AuthenticationSettings(options, environment: environment, settings: settings)
        return Setup(
            place: Self.place(place), workspaceKey: (try? place.get().workspaceKey) ?? "", network: network,
            signIn: {
                let network = (try? network.get()) ?? ClientSettings()
                do throws(CredentialsError) {
                    return .success(
                        try await signIn.credentials(
                            network: network.transport, userAgent: network.userAgent,
                            askingPassPhrase: PassPhrasePrompt.ask))
                } catch {
                    return .failure(error)
                }
            },
            probe: LiveProbe(timeout: ((try? network.get()) ?? ClientSettings()).timeout), terminal: terminal,
            smallestScreen: DashboardState.smallestSize)
    }

    private static func place(_ place: Result<PlaceSettings, SetupProblem>) -> Setup.Place {
        switch place {
        case .failure(let problem): .named(.failure(problem), by: "")
        case .success(let place):
            if let (url, name) = place.url {
                .named(problem(.endpoint) { try place.endpoint(url) }, by: SafeText(name))
            } else {
                .ofRegion { region in problem(.endpoint) { try place.endpoint(of: region) } }
            }
        }
    }

    private static func problem<Value>(_ check: Check, _ make: () throws -> Value) -> Result<Value, SetupProblem> {
        do {
            return .success(try make())
        } catch let refusal as Refusal {
            return .failure(SetupProblem(refusal.problem, advice: refusal.advice, about: check))
        } catch {
            return .failure(SetupProblem(SafeText("\(error)"), advice: "", about: check))
        }
    }
}

extension TerminalFacts {
    init(_ terminal: TerminalDescription, _ environment: [String: String]) {
        self.init(
            type: terminal.type, isThere: terminal.problem != .notATerminal,
            problem: terminal.problem.map { SafeText($0.description) }, size: terminal.size,
            colorCount: terminal.capabilities.colorCount,
            refusesColor: !environment["NO_COLOR", default: ""].isEmpty, isUTF8: terminal.capabilities.isUTF8,
            locale: terminal.locale)
    }
}
