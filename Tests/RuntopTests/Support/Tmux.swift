import Foundation
import Testing

/// A terminal with a shell, in a separate tmux server. Tests press keys and read the screen.
final class Tmux {
    private let folder: TemporaryFolder
    /// The service that a program here uses: it runs as long as the terminal.
    var service: Service?
    /// The processes that ran here when the terminal was closed.
    private var closing: Set<pid_t> = []

    init(columns: Int = 80, rows: Int = 24, environment: [String: String] = [:]) throws {
        folder = try TemporaryFolder()
        let settings = folder.file("tmux.conf")
        try Data("set -g default-terminal tmux-256color\nset -g status off\nset -g escape-time 0\n".utf8).write(
            to: settings)
        let variables = Program.inherited.merging(environment) { _, ours in ours }
            .merging(["PS1": "$ ", "XDG_STATE_HOME": folder.url.path, "TMPDIR": folder.url.path]) { _, ours in ours }
        let assignments = variables.map { "\($0)=\(Self.quoted($1))" }.joined(separator: " ")
        try tmux(
            "-f", settings.path, "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", "-c", folder.url.path,
            "env -i \(assignments) TERM=\(variables["TERM_TO_USE"] ?? "tmux-256color") sh")
        _ = try eventually("a prompt") { try screen().contains("$") ? true : nil }
    }

    /// The `XDG_STATE_HOME`, the temporary and the working directory of the programs that run here; crash reports are in it.
    var stateFolder: URL { folder.url }

    /// Closes the terminal, and waits for what ran in it, which may still write to the folder that is removed next.
    deinit {
        try? hangUp()
        _ = try? eventually("all programs of the terminal end", within: .seconds(10)) {
            closing.contains(where: Self.isAlive) ? nil : true
        }
    }

    /// Types a line into the shell.
    func run(_ line: String) throws { try tmux("send-keys", "-l", line + "\r") }

    /// Presses keys, with tmux's names: `Enter`, `Escape`, `C-c`, `q`.
    func press(_ keys: String...) throws { for key in keys { try tmux("send-keys", key) } }

    /// Types a text at once, without Enter.
    func type(_ text: String) throws { try tmux("send-keys", "-l", text) }

    /// Pastes a text as a terminal does: bracketed if the program enabled that, otherwise not.
    func paste(_ text: String, marked: Bool) throws {
        try tmux("set-buffer", text)
        _ = try tmux(["paste-buffer", "-r"] + (marked ? ["-p"] : []))
    }

    /// The text on the screen.
    ///
    /// - Parameter styled: whether to include the escape sequences of its colours.
    func screen(styled: Bool = false) throws -> String {
        try tmux(["capture-pane", "-p"] + (styled ? ["-e"] : []))
    }

    /// Waits until the screen shows a text.
    @discardableResult
    func wait(for text: String, within limit: Duration = .seconds(120)) throws -> String {
        try until("“\(text)” on the screen", within: limit) { $0.contains(text) ? $0 : nil }
    }

    /// Waits until the screen is as expected. The error contains the last screen.
    @discardableResult
    func until<Value>(
        _ what: String, within limit: Duration = .seconds(120), _ look: (_ screen: String) throws -> Value?
    ) throws -> Value {
        var last = ""
        do {
            return try eventually(what, within: limit) {
                last = try screen()
                return try look(last)
            }
        } catch let error as NeverHappened {
            throw NeverHappened(what: error.what + "; there was:\n" + last)
        }
    }

    /// Waits until the screen no longer shows a text.
    func waitUntilGone(_ text: String) throws {
        try until("“\(text)” is gone from the screen") { $0.contains(text) ? nil : true }
    }

    func resize(columns: Int, rows: Int) throws {
        try tmux("resize-window", "-x", "\(columns)", "-y", "\(rows)")
    }

    /// Closes the terminal, as a lost connection does.
    func hangUp() throws {
        if let shell = try? shell() { closing.formUnion(Self.descendants(of: shell)) }
        try tmux("kill-server")
    }

    /// The process id of the shell.
    private func shell() throws -> pid_t {
        try #require(pid_t(try tmux("display-message", "-p", "#{pane_pid}").filter(\.isNumber)))
    }

    /// The process id of the only program that this shell runs.
    func child() throws -> pid_t {
        let shell = try shell()
        return try eventually("a program of the shell") { Self.children(of: shell).first }
    }

    /// Whether the terminal echoes input.
    func hasEcho() throws -> Bool {
        let name = try tmux("display-message", "-p", "#{pane_tty}").trimmingCharacters(in: .whitespacesAndNewlines)
        let terminal = open(name, O_RDONLY | O_NOCTTY | O_CLOEXEC)
        try #require(terminal >= 0)
        defer { close(terminal) }
        var modes = termios()
        try #require(tcgetattr(terminal, &modes) == 0)
        return modes.c_lflag & tcflag_t(ECHO) != 0
    }

    /// The process ids of runtop: the supervising parent, and the dashboard.
    func processes() throws -> (parent: pid_t, dashboard: pid_t) {
        let shell = try shell()
        return try eventually("two processes of runtop") {
            guard let parent = Self.children(of: shell).first, let child = Self.children(of: parent).first else {
                return nil
            }
            return (parent, child)
        }
    }

    /// The children of a process, found by reading the parent of every process.
    static func children(of parent: pid_t) -> [pid_t] {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return processes.compactMap { pid_t($0) }.filter { stat(of: $0)?.parent == parent }
    }

    /// A process, its children, and theirs.
    private static func descendants(of process: pid_t) -> Set<pid_t> {
        children(of: process).reduce(into: [process]) { $0.formUnion(descendants(of: $1)) }
    }

    /// The state and the parent of a process; `nil` when there is none.
    private static func stat(of process: pid_t) -> (state: Substring, parent: pid_t)? {
        guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let afterName = stat.lastIndex(of: ")")
        else { return nil }
        let fields = stat[afterName...].split(separator: " ")
        guard fields.count > 2, let parent = pid_t(fields[2]) else { return nil }
        return (fields[1], parent)
    }

    /// Whether a process runs; a zombie does not.
    static func isAlive(_ process: pid_t) -> Bool { stat(of: process).map { $0.state != "Z" } ?? false }

    @discardableResult
    private func tmux(_ arguments: String...) throws -> String { try tmux(arguments) }

    private func tmux(_ arguments: [String]) throws -> String {
        let ended = try Program.run("/usr/bin/env", ["tmux", "-S", folder.file("tmux").path] + arguments)
        guard ended.status == 0 else { throw NeverHappened(what: "tmux \(arguments): \(ended.errors)") }
        return ended.output
    }

    static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: #"'\''"#) + "'" }
}
