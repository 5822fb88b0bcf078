import AIDPSimulator
import ArgumentParser
import Foundation

/// `runtop simulate`: the embedded service alone, for other clients.
struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The embedded service alone: AIDP's contract on 127.0.0.1, signatures verified.")

    @Option(help: "The port on 127.0.0.1; 0 takes any free one.")
    var port: Int = 8089

    @OptionGroup(title: "The embedded service") var service: ServiceOptions

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port is \(port), and may be 0 to 65535.") }
    }

    func run() async throws {
        try await refusing {
            let interrupts = Interrupts()
            let embedded = try await EmbeddedService.start(
                service, port: port, in: FileManager.default.temporaryDirectory)
            let guide = ClientGuide(port: embedded.port, identity: embedded.identity, settings: embedded.settings)
            print("# AIDP on http://127.0.0.1:\(embedded.port), until ^C. In another shell:\n")
            print(guide.shell)
            print("\n# And to sign in in the other ways:\n")
            print(guide.otherWays)
            print("\n# The same with Oracle's own Python client (pip install aidp-python-client):\n")
            print(guide.python.split(separator: "\n").map { "#   \($0)" }.joined(separator: "\n"))
            // Somebody may be reading through a pipe for the port.
            fflush(nil)
            await interrupts.first()
            await embedded.stop()
        }
    }
}
