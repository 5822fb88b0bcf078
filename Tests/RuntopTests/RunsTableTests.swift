import Foundation
import TestSupport
import Testing

@testable import runtop

/// `runtop runs` on a terminal, where a long cause would go on in the next row of the screen.
@Suite("The table of runs on a terminal", .blocking)
struct RunsTableTests {
    @Test("on a wide terminal every run is one row of the screen; in a pipe the causes are whole")
    func oneRowEach() throws {
        let service = try Service("--jobs", "12")
        let piped = try service.runtop("runs").output.split(separator: "\n").map(String.init)
        let longest = piped.map(\.count).max() ?? 0
        let others = try #require(piped.first?.count) - "CAUSE".count
        // Wide enough for the other columns and a part of the longest cause.
        let columns = others + 20
        try #require(longest > columns)
        let terminal = try Tmux(columns: columns, rows: piped.count + 12, environment: service.environment)
        try terminal.run("clear; \(Tmux.quoted(Program.runtop)) runs; echo st''atus $?")
        let screen = try terminal.wait(for: "status 0").split(separator: "\n").map(String.init)
        let begin = try #require(screen.firstIndex { $0.hasPrefix("STATUS ") })
        let end = try #require(screen.firstIndex { $0.hasPrefix("status 0") })
        // What goes on in the next row of the screen begins with something else.
        #expect(screen[begin..<end].allSatisfy { $0.prefixMatch(of: /[A-Z_]{6,} +\S/) != nil }, "\(screen)")
        #expect(screen[begin..<end].contains { $0.hasSuffix("…") })
        #expect(piped.allSatisfy { !$0.hasSuffix("…") })
    }
}
