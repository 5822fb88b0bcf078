import Foundation
import GRDB
import Glibc
import TestSupport
import Testing

@testable import History

/// Kills a program that writes cycles, again and again, at random times. Each new process must find all committed
/// cycles complete, and continue.
@Suite("Killed while it writes", .blocking)
struct KillTests {
    @Test("A thousand times, on two files: no committed cycle is lost", arguments: [1, 2])
    func killed(_ seed: UInt64) throws {
        let folder = try HistoryFolder()
        var committed = 0
        for attempt in 0..<500 {
            let probe = try Probe(folder.path)
            // Some processes die before they open the file, some after a few cycles. During a long pause the log is copied.
            let lines = attempt % 50 == 49 ? 300 : Int.random(in: 0...5)
            probe.read(lines: lines)
            probe.kill()
            guard let kept = probe.kept else {
                #expect(probe.lines == [], "attempt \(attempt)")
                continue
            }
            // The last cycle may have been committed just before its number was printed.
            #expect(kept == committed || kept == committed + 1, "attempt \(attempt): \(kept) after \(committed)")
            committed = max(kept, probe.numbers.last ?? 0)
            #expect(probe.numbers == Array(kept + 1..<kept + 1 + probe.numbers.count), "attempt \(attempt)")
        }
        #expect(committed > 1_000)
        #expect(folder.files.filter { $0.contains("damaged") } == [])
        let queue = try DatabaseQueue(path: folder.path)
        try queue.read { database in
            #expect(try String.fetchAll(database, sql: "PRAGMA integrity_check") == ["ok"])
            // Every cycle added a run to each of the three jobs.
            let counts = try Int.fetchAll(database, sql: "SELECT count(*) FROM run GROUP BY job")
            #expect(counts == Array(repeating: counts[0], count: 3))
            #expect(counts[0] == committed || counts[0] == committed + 1)
        }
    }
}

/// The running program `HistoryProbe`, and its output.
private final class Probe {
    private let id: pid_t
    private let output: Int32
    private var bytes: [UInt8] = []

    init(_ path: String) throws {
        let program = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appending(path: "HistoryProbe").path
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        output = ends[0]
        defer { close(ends[1]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        var arguments = [strdup(program), strdup(path), nil]
        defer { for argument in arguments { free(argument) } }
        var id = pid_t()
        try #require(posix_spawn(&id, program, &actions, nil, &arguments, environ) == 0)
        self.id = id
    }

    deinit { close(output) }

    /// Waits until it has printed this many lines, or failed.
    func read(lines: Int) {
        while self.lines.count < lines, self.lines.last?.hasPrefix("failed") != true, readMore() {}
    }

    private func readMore() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = Glibc.read(output, &buffer, buffer.count)
        guard count > 0 else { return false }
        bytes += buffer.prefix(count)
        return true
    }

    /// Kills it, and reads the rest of its output.
    func kill() {
        Glibc.kill(id, SIGKILL)
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0 && errno == EINTR {}
        // Another process that was started at the same time may keep the pipe open.
        _ = fcntl(output, F_SETFL, O_NONBLOCK)
        while readMore() {}
    }

    /// The complete lines of its output.
    var lines: [String] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            .map(String.init)
    }

    /// The number of cycles that it found.
    var kept: Int? { lines.first.flatMap { $0.hasPrefix("kept ") ? Int($0.dropFirst(5)) : nil } }

    /// The numbers of the cycles that it has committed.
    var numbers: [Int] { lines.dropFirst().compactMap { Int($0) } }
}
