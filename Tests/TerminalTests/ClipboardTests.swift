import Foundation
import TestSupport
import Testing

@testable import Terminal

@Suite("The clipboard")
struct ClipboardTests {
    @Test(
        "sends a text as base64 in an OSC 52",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"), (">>>", "Pj4+"), ("\u{0}~?~\u{7F}", "AH4/fn8="),
            ("Größe: 世界", "R3LDtsOfZTog5LiW55WM"),
            ("a\n\u{1B}[0m", "YQobWzBt"),
        ])
    func base64(_ text: String, _ encoded: String) {
        #expect(Clipboard.sequence(copying: text, environment: [:]) == Array("\u{1B}]52;c;\(encoded)\u{7}".utf8))
    }

    @Test("an empty variable means no tmux, and the longest text is accepted")
    func boundaries() throws {
        #expect(Clipboard.isInsideTmux(["TMUX": "x"]))
        #expect(!Clipboard.isInsideTmux(["TMUX": ""]))
        #expect(!Clipboard.isInsideTmux([:]))
        let longest = String(repeating: "x", count: Clipboard.mostBytes)
        let sequence = try #require(Clipboard.sequence(copying: longest, environment: [:]))
        #expect(sequence.count == "\u{1B}]52;c;\u{7}".utf8.count + (Clipboard.mostBytes + 2) / 3 * 4)
        #expect(Clipboard.sequence(copying: "", environment: [:]) == Array("\u{1B}]52;c;\u{7}".utf8))
    }

    @Test("sends a text in an OSC 52, in pieces through GNU screen, and not if it is too long")
    func sequences() throws {
        let hostile = "\u{1B}]0;x\u{7}"
        let plain = try #require(Clipboard.sequence(copying: hostile, environment: ["TMUX": "/tmp/x", "STY": "1"]))
        let once = "]52;c;G10wO3gH\u{7}"
        #expect(String(decoding: plain, as: UTF8.self) == "\u{1B}\(once)\u{1B}Ptmux;\u{1B}\u{1B}\(once)\u{1B}\\")
        #expect(Clipboard.sequence(copying: hostile, environment: [:]) == Array("\u{1B}\(once)".utf8))
        let long = String(repeating: "x", count: 2_000)
        let pieces = try #require(Clipboard.sequence(copying: long, environment: ["STY": "1.pts"]))
        let text = String(decoding: pieces, as: UTF8.self)
        #expect(text.hasPrefix("\u{1B}P\u{1B}]52;c;"))
        #expect(text.hasSuffix("\u{7}\u{1B}\\"))
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

    @Test("gets the text on its input, and no variable that may be secret", arguments: [0, 1])
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

    @Test("loads nothing without a tmux command")
    func noTmux() async {
        #expect(await !TmuxBuffer.load("x", environment: ["PATH": "/nonexistent", "HOME": "/"]))
    }
}
