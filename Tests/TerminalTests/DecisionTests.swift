import Foundation
import Screen
import Testing

@testable import Terminal

@Suite("What the environment says")
struct CapabilitiesTests {
    @Test(
        "colours are what terminfo has and NO_COLOR allows",
        arguments: [(-1, 0), (0, 0), (2, 0), (8, 8), (16, 16), (88, 16), (256, 256), (16_777_216, 256)])
    func colors(_ terminfo: Int, _ expected: Int) {
        #expect(Capabilities(environment: ["NO_COLOR": ""], terminfoColors: terminfo).colorCount == expected)
        #expect(Capabilities(environment: ["NO_COLOR": "1"], terminfoColors: terminfo).colorCount == 0)
    }

    @Test("the locale is the first of LC_ALL, LC_CTYPE and LANG that is not empty")
    func locale() {
        let isUTF8 = { Capabilities(environment: $0, terminfoColors: 8).isUTF8 }
        #expect(isUTF8(["LANG": "de_DE.UTF-8"]) && isUTF8(["LANG": "C.utf8"]) && isUTF8(["LANG": "sr_RS.UTF-8@latin"]))
        #expect(!isUTF8([:]) && !isUTF8(["LANG": "C"]) && !isUTF8(["LANG": "de_DE.ISO-8859-1"]))
        #expect(isUTF8(["LC_ALL": "", "LC_CTYPE": "C.UTF-8", "LANG": "C"]))
        #expect(!isUTF8(["LC_ALL": "C", "LANG": "C.UTF-8"]))
        #expect(!isUTF8(["LC_ALL": "C", "LC_CTYPE": "C.UTF-8"]) && !isUTF8(["LC_CTYPE": "C", "LANG": "C.UTF-8"]))
    }
}

@Suite("The clipboard")
struct ClipboardTests {
    @Test("base64 is base64", arguments: 0..<20)
    func base64(_ count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 97 &+ 200) }
        #expect(String(decoding: Clipboard.base64(bytes), as: UTF8.self) == Data(bytes).base64EncodedString())
    }

    @Test("a variable that is empty is no tmux, and the longest text is still taken")
    func boundaries() throws {
        #expect(Clipboard.isInsideTmux(["TMUX": "x"]))
        #expect(!Clipboard.isInsideTmux(["TMUX": ""]) && !Clipboard.isInsideTmux([:]))
        let longest = String(repeating: "x", count: Clipboard.mostBytes)
        let sequence = try #require(Clipboard.sequence(copying: longest, environment: [:]))
        #expect(sequence.count == "\u{1B}]52;c;\u{7}".utf8.count + (Clipboard.mostBytes + 2) / 3 * 4)
        #expect(Clipboard.sequence(copying: "", environment: [:]) == Array("\u{1B}]52;c;\u{7}".utf8))
    }

    @Test("text goes in an OSC 52 as base64, through GNU screen in pieces, and not at all if too long")
    func sequences() throws {
        let hostile = "\u{1B}]0;x\u{7}"
        let plain = try #require(Clipboard.sequence(copying: hostile, environment: ["TMUX": "/tmp/x", "STY": "1"]))
        let once = "]52;c;G10wO3gH\u{7}"
        #expect(String(decoding: plain, as: UTF8.self) == "\u{1B}\(once)\u{1B}Ptmux;\u{1B}\u{1B}\(once)\u{1B}\\")
        #expect(Clipboard.sequence(copying: hostile, environment: [:]) == Array("\u{1B}\(once)".utf8))
        let long = String(repeating: "x", count: 2_000)
        let pieces = try #require(Clipboard.sequence(copying: long, environment: ["STY": "1.pts"]))
        let text = String(decoding: pieces, as: UTF8.self)
        #expect(text.hasPrefix("\u{1B}P\u{1B}]52;c;") && text.hasSuffix("\u{7}\u{1B}\\"))
        #expect(text.components(separatedBy: "\u{1B}P").allSatisfy { $0.utf8.count < 768 })
        let tooLong = String(repeating: "x", count: Clipboard.mostBytes + 1)
        #expect(Clipboard.sequence(copying: tooLong, environment: [:]) == nil)
    }
}

@Suite("tmux's paste buffer")
struct TmuxBufferTests {
    /// A folder with a `tmux` that writes down how it was called.
    private func folder(exiting status: Int) throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tmux-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let script =
            "cd \"$HOME\"\necho \"$@\" >arguments\n/usr/bin/env >environment\n/bin/cat >input\nexit \(status)\n"
        try ExecutableScript.write(script, to: folder.appending(path: "tmux"))
        return folder
    }

    @Test("it gets the text on its input, and of the environment nothing that may be secret", arguments: [0, 1])
    func load(_ status: Int) async throws {
        let folder = try folder(exiting: status)
        defer { try? FileManager.default.removeItem(at: folder) }
        func file(_ name: String) throws -> String {
            try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        }
        let text = "a\nb \u{1B}'$HOME"
        let isLoaded = await TmuxBuffer.load(
            text,
            environment: [
                "PATH": folder.path, "HOME": folder.path, "TMUX": "/tmp/tmux-0/default,1,0", "TMUX_PANE": "%3",
                "TMUX_TMPDIR": "/t", "LANG": "C.UTF-8", "OCI_CLI_PASSPHRASE": "secret", "AWS_SECRET": "secret",
                "LD_PRELOAD_X": "secret",
            ])
        #expect(isLoaded == (status == 0))
        #expect(try file("arguments") == "load-buffer -w -\n")
        #expect(try file("input") == text)
        let variables = try file("environment").split(separator: "\n")
        for kept in ["TMUX=/tmp/tmux-0/default,1,0", "TMUX_PANE=%3", "TMUX_TMPDIR=/t", "LANG=C.UTF-8"] {
            #expect(variables.contains(Substring(kept)))
        }
        #expect(!variables.contains { $0.contains("secret") })
    }

    @Test("without a tmux command nothing is loaded")
    func noTmux() async {
        #expect(await !TmuxBuffer.load("x", environment: ["PATH": "/nonexistent", "HOME": "/"]))
    }
}

@Suite("What the supervisor makes of an end")
struct ChildEndTests {
    @Test(
        "a wait status becomes an exit status",
        arguments: [
            (0, 0), (0x0300, 3), (0x8200, 130), (2, 130), (15, 143), (9, 137), (11, 70), (6 | 0x80, 70), (4, 70),
        ])
    func exitStatus(_ waitStatus: Int32, _ expected: Int32) throws {
        guard case .ended(let end) = ChildState(waitStatus: waitStatus) else {
            Issue.record("\(waitStatus) is an end")
            return
        }
        #expect(end.exitStatus == expected)
        #expect((end.message(report: nil) == nil) == (waitStatus & 0x7F == 0))
    }

    @Test("a stop is no end")
    func stopped() {
        #expect(ChildState(waitStatus: 0x147F) == .stopped)
        #expect(ChildState(waitStatus: 0xFFFF) == .continued)
    }

    @Test("the message says what happened, where the report is, and that the terminal is well")
    func message() {
        let crash = ChildEnd.signalled(SIGSEGV).message(report: "/state/crash.txt")
        #expect(
            crash == "runtop: the dashboard crashed (SIGSEGV). Report: /state/crash.txt. "
                + "Your terminal has been restored.")
        #expect(ChildEnd.killed(after: SIGTERM).message(report: nil)?.contains("within 2 s of SIGTERM") == true)
        #expect(ChildEnd.signalled(SIGSEGV).message(report: nil)?.contains("It left no report. Your term") == true)
        #expect(ChildEnd.signalled(SIGKILL).message(report: nil)?.contains("killed (SIGKILL), by somebody") == true)
        #expect(ChildEnd.signalled(SIGTERM).message(report: nil)?.contains("was ended (SIGTERM)") == true)
        #expect(ChildEnd.killed(after: SIGHUP).exitStatus == 129)
    }

    @Test("a crash that was announced says the rest at the end, and only a crash does")
    func announced() {
        #expect(
            ChildEnd.crashMessage(signal: SIGILL, report: "/state/crash.txt")
                == "runtop: the dashboard crashed (SIGILL). Your terminal has been restored. "
                + "The report is being written to /state/crash.txt")
        let crash = ChildEnd.signalled(SIGILL)
        #expect(
            crash.message(report: "/state/crash.txt", isCrashAnnounced: true)
                == "runtop: the report is complete. Report: /state/crash.txt.")
        #expect(crash.message(report: nil, isCrashAnnounced: true) == "runtop: it left no report.")
        let killed = ChildEnd.signalled(SIGKILL)
        #expect(killed.message(report: nil, isCrashAnnounced: true) == killed.message(report: nil))
        #expect(ChildEnd.exited(0).message(report: nil, isCrashAnnounced: true) == nil)
    }

    @Test("the environment variable of a supervisor counts for its own child only")
    func lifeline() {
        let value = Lifeline.environmentValue(parent: 42, descriptor: 7, announcements: 9)
        #expect(Lifeline(environmentValue: value, parent: 42)?.announcements == 9)
        #expect(Lifeline(environmentValue: value, parent: 43) == nil)
        for bad in [nil, "", "42", "42:", ":7:9", "42:x:9", "42:7", "42:7:x", "42:7:9:1"] as [String?] {
            #expect(Lifeline(environmentValue: bad, parent: 42) == nil)
        }
    }

    @Test("our settings of the runtime's crash reporter come last and so win; the operator's others stay")
    func environment() {
        let ours = "enable=yes,interactive=no,color=no,registers=none,sanitize=yes,output-to=stderr"
        func child(_ environment: [String: String]) -> [String: String] {
            Supervisor.childEnvironment(environment, lifeline: 9, announcements: 11)
        }
        #expect(child(["SWIFT_BACKTRACE": "enable=no", "HOME": "/h"])["SWIFT_BACKTRACE"] == "enable=no," + ours)
        #expect(child(["SWIFT_BACKTRACE": ""])["SWIFT_BACKTRACE"] == ours)
        #expect(child(["HOME": "/h"])["SWIFT_BACKTRACE"] == ours && child(["HOME": "/h"])["HOME"] == "/h")
    }
}
