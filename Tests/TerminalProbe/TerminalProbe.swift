import Foundation
import Screen
import Terminal

/// The smallest program with a dashboard's shape, for the tests to run on a pseudo-terminal: supervisor, screen,
/// events, and a key for every way to die.
@main
struct TerminalProbe {
    static func main() async throws {
        let environment = ProcessInfo.processInfo.environment
        guard Supervisor.isSupervised else {
            // Off the main thread, as in an asynchronous command: signals may come to any thread.
            let supervision = Task.detached {
                try Supervisor.run(
                    arguments: CommandLine.arguments, environment: environment,
                    stateFolder: environment["HOME", default: ""] + "/.local/state/runtop")
            }
            exit(try await supervision.value)
        }
        do {
            try await Dashboard(environment: environment).run()
        } catch {
            FileHandle.standardError.write(Data("probe: \(error)\n".utf8))
            exit(69)
        }
    }
}

@MainActor
final class Dashboard {
    private let screen: TerminalScreen
    private var said: SafeText = "ready"
    private var paints = 0
    private var page = 0
    private let corpus: [String]

    init(environment: [String: String]) throws {
        corpus = try environment["PROBE_CORPUS"].map(Self.readCorpus) ?? []
        screen = try TerminalScreen.open(environment: environment)
    }

    private struct Sample: Decodable { let hex: String }

    private static func readCorpus(_ path: String) throws -> [String] {
        let samples = try JSONDecoder().decode([Sample].self, from: Data(contentsOf: URL(filePath: path)))
        return samples.map { sample in
            let bytes = stride(from: 0, to: sample.hex.count, by: 2).compactMap { offset in
                UInt8(sample.hex.dropFirst(offset).prefix(2), radix: 16)
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    func run() async throws {
        paint()
        for await event in screen.events {
            switch event {
            case .key(let key, _):
                if act(on: key) { break }
                if key == .character("q") {
                    screen.close()
                    exit(0)
                }
            case .interrupt(let signal):
                screen.close()
                exit(128 + signal)
            case .hangUp:
                screen.close()
                exit(129)
            case .resized(let size): said = "resized \(size.rows)x\(size.columns)"
            case .resumed: said = "resumed"
            }
            paint()
        }
    }

    /// Dies as the key says, or does nothing.
    private func act(on key: Key) -> Bool {
        switch key {
        case .character("T"): fatalError("the probe was told to trap")
        case .character("S"): kill(getpid(), SIGSEGV)
        case .character("A"): abort()
        case .character("K"): kill(getpid(), SIGKILL)
        case .character("H"): while true { pause() }
        case .character("n"): page += 1
        case .character("y"): Task { await screen.copy("copied by the probe") }
        case .paste(let text): said = "paste[\(text)]"
        default: said = "key \(key.name)"
        }
        return key == .character("n")
    }

    private func paint() {
        paints += 1
        var canvas = Canvas(size: screen.size)
        let (rows, columns) = (screen.size.rows, screen.size.columns)
        for row in 0..<rows {
            canvas.write("|", row: row, column: 0)
            canvas.write("|", row: row, column: columns - 1)
            let index = page * (rows - 2) + row - 1
            if row > 0, row < rows - 1, corpus.indices.contains(index) {
                let style = Style(foreground: .palette(208, nearest: .brightYellow))
                canvas.write(SafeText(corpus[index]), row: row, column: 1, width: columns - 2, style: style)
            }
        }
        let status: SafeText = "\(said) pid=\(getpid()) parent=\(getppid()) page=\(page) paints=\(paints)"
        canvas.write(status, row: 0, column: 1, width: columns - 2)
        screen.paint(canvas)
    }
}
