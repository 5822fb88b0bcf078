import AIDP
import ArgumentParser
import Dashboard
import Doctor
import Foundation
import HTTP
import OCIAuth
import Screen
import Terminal

/// `runtop doctor`: checks what runtop needs, with one line per check.
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
        try await reportingFailures {
            let environment = ProcessInfo.processInfo.environment
            let terminal = await TerminalDescription.current(environment)
            let isUTF8 = terminal.capabilities.isUTF8
            let width = isatty(STDOUT_FILENO) == 1 ? terminal.size.columns : nil
            let output = output
            let report = try await SetupChecks(setup(environment, terminal)).run { finding in
                guard output == .text else { return }
                for line in finding.lines(isUTF8: isUTF8, width: width) {
                    try StandardOutput.write(line.plainText + "\n")
                }
            }
            try StandardOutput.write(output == .json ? report.json : "\n" + report.summary.plainText + "\n")
            if report.exitStatus != 0 { throw ExitCode(report.exitStatus) }
        }
    }

    private func setup(_ environment: [String: String], _ terminal: TerminalDescription) -> Setup {
        let path = SettingsFile.location(named: settings, environment: environment)
        let file = Result { () throws(CommandFailure) in
            try SettingsFile.load(named: settings, environment: environment)
        }
        let resolved = ConnectionSettings(
            connection, environment: environment, file: (try? file.get()) ?? SettingsFile())
        return Setup(
            settings: file.map { _ in FileManager.default.fileExists(atPath: path) ? path : nil }.mapError(\.trouble),
            address: Setup.Address(resolved.address), workspaceKey: (try? resolved.address.get().workspaceKey) ?? "",
            trustRoots: resolved.trustRoots, proxy: resolved.proxy,
            limits: resolved.limits,
            signIn: { () async throws(CredentialsError) in
                let network = (try? resolved.network()) ?? ClientSettings()
                return try await resolved.signIn.credentials(
                    network: network.transport, userAgent: network.userAgent, askingPassPhrase: PassPhrasePrompt.ask)
            },
            probe: LiveProbe(timeout: resolved.limits.timeout), terminal: TerminalFacts(terminal, environment),
            smallestScreen: DashboardState.smallestSize)
    }
}

extension Setup.Address {
    fileprivate init(_ address: Result<ServiceAddress, CommandFailure>) {
        switch address {
        case .failure(let failure): self = .named(.failure(failure.trouble), by: "")
        case .success(let address):
            @Sendable func endpoint(in region: Region?) -> Result<Endpoint, Trouble> {
                Result { () throws(CommandFailure) in try address.endpoint(in: region) }.mapError(\.trouble)
            }
            self = address.url.map { .named(endpoint(in: nil), by: $0.origin) } ?? .ofRegion(endpoint)
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
