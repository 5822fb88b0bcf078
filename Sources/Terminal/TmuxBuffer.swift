import Foundation

/// tmux's own paste buffer, and through it the clipboard of the terminals attached to it.
///
/// By default tmux ignores what programs copy by escape sequences (`set-clipboard external`, and since 3.3
/// `allow-passthrough off`), but not what its own command loads.
enum TmuxBuffer {
    /// The variables that tmux and the search for it need. The others stay here: there may be a pass phrase or a token
    /// among them.
    static func environment(from environment: [String: String]) -> [String: String] {
        let needed: Set = [
            "PATH", "HOME", "USER", "TERM", "TMUX", "TMUX_PANE", "TMUX_TMPDIR", "LANG", "LC_ALL", "LC_CTYPE",
        ]
        return environment.filter { needed.contains($0.key) }
    }

    /// Loads `text`. False where there is no tmux command, or one too old for `-w` (3.2).
    static func load(_ text: String, environment: [String: String]) async -> Bool {
        // A file without a name: nothing blocks and nothing is left behind, whatever tmux does.
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
                // A process that did not start does not end either.
                continuation.resume(returning: false)
            }
        }
    }
}
