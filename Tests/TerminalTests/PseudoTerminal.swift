import CNcurses
import Foundation
import Glibc
import Testing

/// A pseudo-terminal with the probe running on it, as its session leader.
final class PseudoTerminal {
    let process: pid_t
    private(set) var output: [UInt8] = []
    /// The end of the last text that ``read(until:within:)`` has found.
    private var awaited = 0
    private let before: termios
    private var master: Int32
    private var slave: Int32
    private let home: URL

    /// Starts the probe, or a shell with the commands `shell`, which start the probe.
    init(environment: [String: String] = [:], shell: String? = nil) throws {
        home = FileManager.default.temporaryDirectory.appending(path: "probe-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        var size = winsize(ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
        var name = [CChar](repeating: 0, count: 128)
        (master, slave) = (-1, -1)
        try #require(openpty(&master, &slave, &name, nil, &size) == 0)
        var modes = termios()
        tcgetattr(slave, &modes)
        before = modes
        for descriptor in [master, slave] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }

        var settings = [
            "PATH": "/usr/bin:/bin", "HOME": home.path, "TERM": "xterm-256color", "LANG": "C.UTF-8",
            "PROBE_CORPUS": HostileBytes.corpusPath, "PROBE": Self.probe,
        ]
        settings["LD_LIBRARY_PATH"] = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"]
        settings.merge(environment) { $1 }
        let arguments = shell.map { ["/bin/bash", "-c", $0] } ?? [Self.probe]
        process = try Self.spawn(arguments, settings, terminal: &name)
    }

    deinit {
        hangUp()
        kill(process, SIGKILL)
        try? FileManager.default.removeItem(at: home)
    }

    /// The probe's path; it is beside the tests' own executable.
    static var probe: String {
        let tests = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        return tests.appending(path: "TerminalProbe").path
    }

    private static func spawn(
        _ arguments: [String], _ environment: [String: String], terminal: inout [CChar]
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // A terminal that a session leader without a controlling terminal opens becomes its controlling terminal.
        posix_spawn_file_actions_addopen(&actions, 0, &terminal, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        // POSIX_SPAWN_SETSID, which <spawn.h> hides from Swift.
        let setSession: Int32 = 0x80
        posix_spawnattr_setflags(
            &attributes, Int16(setSession | Int32(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)))
        var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        var id: pid_t = 0
        try #require(posix_spawn(&id, arguments[0], &actions, &attributes, &argv, &envp) == 0)
        return id
    }

    var text: String { String(decoding: output, as: UTF8.self) }

    /// Whether the terminal's modes are what they were before anything was started.
    var isAsBefore: Bool {
        var now = termios()
        return tcgetattr(slave, &now) == 0 && now.c_lflag == before.c_lflag && now.c_iflag == before.c_iflag
            && now.c_oflag == before.c_oflag && now.c_cflag == before.c_cflag
    }

    /// Whether it shows what is typed.
    var echoes: Bool {
        var now = termios()
        return tcgetattr(slave, &now) == 0 && now.c_lflag & tcflag_t(ECHO) != 0
    }

    /// Whether typed input is there that no program has read.
    var hasTyping: Bool {
        var source = pollfd(fd: slave, events: Int16(POLLIN), revents: 0)
        return poll(&source, 1, 0) > 0
    }

    func type(_ text: String) {
        _ = write(master, text, text.utf8.count)
    }

    func resize(rows: UInt16, columns: UInt16) {
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    }

    func hangUp() {
        if slave >= 0 { close(slave) }
        if master >= 0 { close(master) }
        (master, slave) = (-1, -1)
    }

    /// Reads until `wanted` has arrived after the text found last; false after `limit`.
    @discardableResult
    func read(until wanted: String, within limit: Duration = .seconds(120)) -> Bool {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            if let found = output[awaited...].firstRange(of: Array(wanted.utf8)) {
                awaited = found.upperBound
                return true
            }
            if !readSome(milliseconds: 50), master < 0 { return false }
        }
        return false
    }

    private func readSome(milliseconds: Int32) -> Bool {
        var source = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
        guard poll(&source, 1, milliseconds) > 0 else { return false }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = Glibc.read(master, &buffer, buffer.count)
        if count > 0 { output += buffer[..<count] }
        return count > 0
    }

    /// The exit status of the started program; `nil` if it has not ended within `limit`.
    func exitStatus(within limit: Duration = .seconds(120)) -> Int32? {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            if master >= 0 { _ = readSome(milliseconds: 10) } else { usleep(10_000) }
            var status: Int32 = 0
            if waitpid(process, &status, WNOHANG) == process {
                while master >= 0, readSome(milliseconds: 10) {}
                return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + status & 0x7F
            }
        }
        return nil
    }

    /// The supervisor's process id, which the probe draws.
    var supervisor: pid_t? {
        text.firstMatch(of: /parent=(\d+)/).flatMap { pid_t($0.1) }
    }

    /// The dashboard's process id, which the probe draws.
    var dashboard: pid_t? {
        text.firstMatch(of: /H?pid=(\d+)/).flatMap { pid_t($0.1) }
    }
}
