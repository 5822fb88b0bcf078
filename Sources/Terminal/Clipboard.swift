import Foundation
import Glibc

/// The clipboard of the operator's terminal, reached through any number of ssh and tmux sessions (OSC 52).
enum Clipboard {
    /// The longest text that is copied. Terminals accept different lengths (tmux: 1 MiB) and cut longer texts silently.
    static let mostBytes = 1 << 20

    /// The bytes that copy `text` as base64: `ESC ] 52 ; c ; Zm9v BEL` for `foo`. `nil` if the text is too long.
    ///
    /// tmux accepts the plain sequence with `set-clipboard on` and forwards a wrapped one with `allow-passthrough on`, so it
    /// gets both. GNU screen does not know OSC 52, so it gets wrapped pieces.
    static func sequence(copying text: String, environment: [String: String]) -> [UInt8]? {
        guard text.utf8.count <= mostBytes else { return nil }
        let plain = Array("\u{1B}]52;c;\(Data(text.utf8).base64EncodedString())\u{07}".utf8)
        if isInsideTmux(environment) { return plain + passedThroughTmux(plain) }
        return environment["STY"] == nil ? plain : passedThroughScreen(plain)
    }

    /// Whether the terminal belongs to tmux.
    static func isInsideTmux(_ environment: [String: String]) -> Bool {
        !environment["TMUX", default: ""].isEmpty
    }

    /// Wraps a sequence in tmux's own DCS, whose content tmux forwards. Every ESC in it is doubled.
    private static func passedThroughTmux(_ sequence: [UInt8]) -> [UInt8] {
        deviceControlString(Array("tmux;".utf8) + sequence.flatMap { $0 == 0x1B ? [0x1B, 0x1B] : [$0] })
    }

    /// Wraps a sequence in DCS pieces, whose content GNU screen forwards; it accepts at most 768 bytes per piece.
    private static func passedThroughScreen(_ sequence: [UInt8]) -> [UInt8] {
        stride(from: 0, to: sequence.count, by: 512).flatMap { start in
            deviceControlString(sequence[start..<min(start + 512, sequence.count)])
        }
    }

    /// `ESC P`, the content, `ESC \`.
    private static func deviceControlString(_ content: some Sequence<UInt8>) -> [UInt8] {
        Array("\u{1B}P".utf8) + content + Array("\u{1B}\\".utf8)
    }
}

/// tmux's own paste buffer, which tmux copies to the clipboards of the attached terminals.
///
/// By default tmux ignores texts that programs copy by escape sequences (`set-clipboard external`, and since 3.3
/// `allow-passthrough off`), but it accepts texts from its own command `load-buffer`.
enum TmuxBuffer {
    /// The variables that tmux and the search for it need. It does not get the others, because they may contain a pass
    /// phrase or a token.
    static func environment(from environment: [String: String]) -> [String: String] {
        let needed: Set = [
            "PATH", "HOME", "USER", "TERM", "TMUX", "TMUX_PANE", "TMUX_TMPDIR", "LANG", "LC_ALL", "LC_CTYPE",
        ]
        return environment.filter { needed.contains($0.key) }
    }

    /// Loads `text`; returns `false` if there is no tmux command, or if it is too old for `-w` (3.2).
    static func load(_ text: String, environment: [String: String]) async -> Bool {
        // An unnamed file instead of a pipe: writing does not block, and a tmux that ends early causes no SIGPIPE.
        guard let file = tmpfile() else { return false }
        defer { fclose(file) }
        let bytes = Array(text.utf8)
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count, fflush(file) == 0 else { return false }
        rewind(file)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["tmux", "load-buffer", "-w", "-"]
        process.environment = Self.environment(from: environment)
        process.standardInput = FileHandle(fileDescriptor: fileno(file))
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        return await withCheckedContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus == 0) }
            do {
                try process.run()
            } catch {
                // The termination handler is not called for a process that did not start.
                continuation.resume(returning: false)
            }
        }
    }
}
