import Actions
import Foundation
import HTTP
import Runs
import Screen
import TestSupport
import Testing

@testable import Dashboard
@testable import runtop

@Suite("Own commands in the settings file")
struct OwnCommandSettingsTests {
    @Test("every field is read")
    func fields() throws {
        let file = try SettingsFile.of(
            """
            commands:
              - name: open-logs
                key: L
                scope: run
                argv: [less, "--", "/logs/{job.key}/{run.key}.log"]
                description: its log
                output: none
                mutates: true
              - {name: plain, scope: job, argv: [echo]}
            """)
        #expect(
            file.ownCommands == [
                OwnCommand(
                    name: "open-logs", key: .character("L"), scope: .run,
                    arguments: try ["less", "--", "/logs/{job.key}/{run.key}.log"].map { try ArgumentTemplate($0) },
                    description: "its log", output: .none, changesSomething: true),
                OwnCommand(name: "plain", scope: .job, arguments: [try ArgumentTemplate("echo")]),
            ])
        for empty in ["commands:", "commands: []"] { #expect(try SettingsFile.of(empty).ownCommands.isEmpty) }
    }

    @Test(
        "an error is reported with its line",
        arguments: [
            ("commands: less", "line 2: commands must be a list"),
            ("commands:\n  - less", "line 3: a command must be a mapping"),
            ("commands:\n  - {name: a, scope: job, argv: [x], shell: yes}", "line 3: unknown setting shell"),
            ("commands:\n  - {scope: job, argv: [x]}", "line 3: a command needs a name"),
            ("commands:\n  - {name: A b, scope: job, argv: [x]}", "line 3: the command's name is “A b”"),
            ("commands:\n  - {name: a, argv: [x]}", "line 3: command a needs a scope: job or run"),
            (
                "commands:\n  - name: a\n    scope: board\n    argv: [x]",
                "line 4: command a: scope is “board”, and may be job or run or task"
            ),
            ("commands:\n  - {name: a, scope: job}", "line 3: command a needs argv"),
            ("commands:\n  - {name: a, scope: job, argv: []}", "line 3: command a needs argv"),
            ("commands:\n  - {name: a, scope: job, argv: less x}", "line 3: command a needs argv"),
            (
                "commands:\n  - name: a\n    scope: job\n    argv:\n      - x\n      - '{job.nme}'",
                "line 7: command a: unknown placeholder {job.nme}; known: {job.key}"
            ),
            (
                "commands:\n  - {name: a, scope: job, argv: ['{job.name}']}",
                "line 3: command a: the program must be a plain text"
            ),
            ("commands:\n  - {name: a, scope: job, argv: [x], key: nokey}", "line 3: command a: unknown key nokey"),
            (
                "commands:\n  - {name: a, scope: job, argv: [x], key: f}",
                "line 3: command a: the key f means focus on the screen “jobs”"
            ),
            (
                "commands:\n  - {name: a, scope: run, argv: [x], key: w}",
                "line 3: command a: the key w means wrap on the screen “run”"
            ),
            (
                "commands:\n  - {name: a, scope: job, argv: [x], key: L}\n  - {name: b, scope: job, argv: [x], key: L}",
                "line 4: the key L is that of both a and b"
            ),
            (
                "commands:\n  - {name: a, scope: job, argv: [x]}\n  - {name: a, scope: run, argv: [x]}",
                "line 4: there are two commands named a"
            ),
            (
                "commands:\n  - {name: theme, scope: job, argv: [x]}",
                "line 3: command theme: runtop has a command of that name"
            ),
            (
                "commands:\n  - {name: a, scope: job, argv: [x], output: file}",
                "line 3: command a: output is “file”, and may be pager or terminal or none"
            ),
            (
                "commands:\n  - {name: a, scope: job, argv: [x], mutates: perhaps}",
                "line 3: command a: mutates must be true or false"
            ),
        ])
    func mistakes(yaml: String, problem: String) {
        let failure = #expect(throws: CommandFailure.self) { try SettingsFile.of("interval: 15s\n" + yaml) }
        #expect(failure?.trouble.problem.contains(problem) == true, "\(failure?.trouble.problem ?? "")")
    }

    @Test("a key that the user has bound to an action is in use, the action's old key is free")
    func remapped() throws {
        let command = "commands: [{name: a, scope: job, argv: [x], key: f}]"
        #expect(try SettingsFile.of("keys: {focus: F}\n" + command).ownCommands.count == 1)
        #expect(throws: CommandFailure.self) {
            try SettingsFile.of("keys: {refresh: L}\n" + command.replacing("key: f", with: "key: L"))
        }
    }
}

/// Starts real programs: no shell parses their arguments.
@Suite("Running own commands")
@MainActor
struct OwnCommandRunnerTests {
    private static let place = Place(instanceID: "i", workspaceKey: "w")

    private func call(_ arguments: String..., changes: Bool = false) -> OwnCommandCall {
        OwnCommandCall(
            name: "test", arguments: arguments, output: .pager, changesSomething: changes,
            target: ActionTarget(job: JobID(place: Self.place, key: "job"), jobName: "orders"), number: 1)
    }

    /// The output of a command, how it ended, and its last line.
    private func run(
        _ call: OwnCommandCall, environment: [String: String] = ["PATH": "/usr/bin:/bin"], gate: ActionGate? = nil,
        confirmed: ActionConfirmation? = nil, during: (OwnCommandRunner) -> Void = { _ in }
    ) async -> (output: String, end: OwnCommandEnd?, last: String) {
        let runner = OwnCommandRunner(environment: environment)
        var output: [UInt8] = []
        var (end, last): (OwnCommandEnd?, String) = (nil, "")
        await runner.run(
            call, confirmed: confirmed, gate: gate, onTerminal: { _, _, _ in .notStarted(reason: "no terminal") },
            report: { event in
                switch event {
                case .printed(let bytes, _):
                    output += bytes
                    during(runner)
                case .ended(let how, _, let line): (end, last) = (how, line)
                }
            })
        return (String(decoding: output, as: UTF8.self), end, last)
    }

    @Test("an argument is passed unchanged, even if it is special in a shell")
    func arguments() async {
        for hostile in ["$(rm -rf ~)", "; x", "a\nb", "-n", "'", "*", "{job.key}", "é\u{1B}"] {
            let (output, end, _) = await run(call("printf", "[%s]", hostile, hostile + "2"))
            #expect(output == "[\(hostile)][\(hostile)2]")
            #expect(end == .exited(0))
        }
    }

    @Test("errors are part of the output, the exit status is shown, and there is no input")
    func standard() async {
        let (output, end, last) = await run(call("sh", "-c", "echo out; echo err >&2; cat; exit 3"))
        #expect(output == "out\nerr\n")
        #expect(end == .exited(3))
        #expect(last == "err")
    }

    @Test("a missing program is reported")
    func absent() async {
        #expect(await run(call("no-such-program-here")).end == .notStarted(reason: "No such file or directory"))
    }

    @Test("the environment is that of runtop, without its internal variables")
    func environment() async {
        let (output, _, _) = await run(
            call("env"), environment: ["PATH": "/usr/bin:/bin", "A": "b", "RUNTOP_DEMO_FOLDER": "/secret"])
        #expect(output.contains("A=b\n") && !output.contains("RUNTOP_"))
    }

    @Test("a command is stopped with all processes that it has started")
    func stopping() async {
        let (_, end, _) = await run(call("sh", "-c", "sleep 1000 & echo started; wait")) { $0.stop(1, byForce: false) }
        #expect(end == .signalled("SIGTERM"))
        let (_, forced, _) = await run(call("sh", "-c", "trap '' TERM; echo started; while :; do sleep 1; done")) {
            $0.stop(1, byForce: true)
        }
        #expect(forced == .signalled("SIGKILL"))
    }

    @Test("a command that leaves a process behind, which holds its output, still ends")
    func leftBehind() async {
        let (output, end, _) = await run(call("sh", "-c", "sleep 5 & echo done"))
        #expect(output == "done\n")
        #expect(end == .exited(0))
    }

    @Test("a command that changes something runs only through the gate, and only after a yes")
    func gate() async throws {
        let folder = try TemporaryFolder()
        let file = folder.file("made").path
        func made() -> Bool { FileManager.default.fileExists(atPath: file) }
        let touch = call("touch", file, changes: true)
        func gate(_ allows: Bool, place: Place = Self.place, isProtected: Bool = false) -> ActionGate {
            ActionGate(allowsActions: allows, place: place, placeName: "prod", isProtected: isProtected)
        }
        let other = Place(instanceID: "i", workspaceKey: "other")
        for (gate, confirmed) in [
            (nil, .yes), (gate(false), .yes), (gate(true), nil), (gate(true, place: other), .yes),
            (gate(true, isProtected: true), .yes), (gate(true, isProtected: true), .placeName("test")),
        ] as [(ActionGate?, ActionConfirmation?)] {
            let (_, end, _) = await run(touch, gate: gate, confirmed: confirmed)
            guard case .notPermitted? = end else {
                Issue.record("let through: \(String(describing: end))")
                continue
            }
            #expect(!made())
        }
        #expect(await run(touch, gate: gate(true, isProtected: true), confirmed: .placeName("prod")).end == .exited(0))
        #expect(made())
    }
}

/// The real program in a real terminal.
@Suite("Own commands in a terminal", .blocking)
struct OwnCommandTerminalTests {
    private func demo(_ terminal: Tmux, _ settings: String, _ options: String = "") throws {
        let file = terminal.stateFolder.appending(path: "settings.yaml")
        try Data(settings.utf8).write(to: file)
        try terminal.run("\(Tmux.quoted(Program.runtop)) demo --settings \(Tmux.quoted(file.path)) \(options)")
        try terminal.wait(for: "40 jobs")
        try terminal.press("/", "k", "a", "f", "k", "a", "Enter")
        try terminal.wait(for: "1 shown")
    }

    @Test("a key runs a command on the selected job, and shows what it prints and how it ends")
    func output() throws {
        let terminal = try Tmux(columns: 100)
        try demo(
            terminal,
            "commands: [{name: show, key: L, scope: job, argv: [printf, '<%s>', '{job.name}', '$(id); {place}']}]\n")
        try terminal.press("L")
        let screen = try terminal.wait(for: "ended with status 0")
        #expect(screen.contains("<ingest_orders_kafka><$(id); "))
        #expect(screen.contains("$ printf '<%s>' ingest_orders_kafka "))
        try terminal.press("Escape")
        try terminal.wait(for: "1 shown")
    }

    @Test("a command uses the terminal until it ends, if its output goes there")
    func handOver() throws {
        let terminal = try Tmux(columns: 100)
        try demo(
            terminal,
            """
            commands:
              - name: talk
                key: L
                scope: job
                output: terminal
                argv: [sh, -c, 'echo "about $1"; read answer; test "$answer" = ok && exit 4', talk, '{job.name}']

            """)
        try terminal.press("L")
        let screen = try terminal.wait(for: "about ingest_orders_kafka")
        #expect(!screen.contains("1 shown"))
        try terminal.press("o", "k", "Enter")
        try terminal.wait(for: "talk ended with status 4")
        try terminal.wait(for: "1 shown")
    }

    @Test(
        "a command that runs is ended with runtop, with all it has started; also when the dashboard is killed",
        arguments: [false, true])
    func endOfRuntop(_ isKilled: Bool) throws {
        let terminal = try Tmux(columns: 100)
        let file = terminal.stateFolder.appending(path: "pid").path
        try demo(
            terminal,
            "commands: [{name: hang, key: L, scope: job, output: none, argv: [sh, -c, 'trap \"\" TERM; sleep 1000 & echo $! >\(file); wait; wait']}]\n"
        )
        try terminal.press("L")
        let process = try eventually("the command runs") {
            (try? String(contentsOfFile: file, encoding: .utf8)).flatMap { pid_t($0.filter(\.isNumber)) }
        }
        #expect(kill(process, 0) == 0)
        if isKilled { kill(try terminal.processes().dashboard, SIGKILL) } else { try terminal.press("q") }
        _ = try eventually("the command has ended") { Tmux.isAlive(process) ? nil : true }
    }

    @Test(
        "read-only, nothing that changes something runs, by its key or by its name; with actions it does, after a yes")
    func gate() throws {
        for (options, isAllowed) in [("--read-only", false), ("", true)] {
            let terminal = try Tmux(columns: 100)
            let file = terminal.stateFolder.appending(path: "made").path
            try demo(
                terminal,
                "commands: [{name: make, key: L, scope: job, output: none, mutates: true, argv: [touch, '\(file)']}]\n",
                options)
            if isAllowed {
                try terminal.press("L")
                try terminal.wait(for: "$ touch ")
                usleep(600_000)
                try terminal.press("Enter")
                try terminal.wait(for: "Nothing was sent")
                #expect(!FileManager.default.fileExists(atPath: file))
                // A key that follows at once belongs to the burst that closed the question.
                usleep(200_000)
                try terminal.press("L")
                try terminal.wait(for: "$ touch ")
                // A key that comes too soon after the question is not an answer.
                usleep(600_000)
                try terminal.press("y")
                _ = try eventually("the yes counts") { FileManager.default.fileExists(atPath: file) ? true : nil }
            } else {
                try terminal.press("L")
                try terminal.wait(for: "Read-only: to allow actions")
                try terminal.press(":", "m", "a", "k", "e", "Enter")
                try terminal.wait(for: "Read-only: to allow actions")
                #expect(!FileManager.default.fileExists(atPath: file))
            }
        }
    }
}
