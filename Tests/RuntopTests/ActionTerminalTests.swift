import Foundation
import TestSupport
import Testing

/// What goes wrong at other dashboards when keys act on runs, tried in a real terminal against a real service: keys that
/// were not meant as an answer.
@Suite("Accidents with the keys of actions, in a terminal", .blocking)
struct ActionTerminalTests {
    @Test("R and y repair the run: the row turns green by the operator's own hand, from the first screen on")
    func repaired() throws {
        let terminal = try Tmux()
        try terminal.run("\(Tmux.quoted(Program.runtop)) demo")
        try terminal.wait(for: "actions on")
        try terminal.wait(for: "FAILED")
        // The worst job is the first row: one key asks, and one says yes. A run that has changed meanwhile is refused, and one
        // that takes long may still run when its job starts again: then the next is repaired.
        try terminal.until("a repaired run succeeds", within: .seconds(400)) { _ in
            try terminal.press("g")
            try terminal.askToRepair()
            try terminal.answer("y")
            return try? terminal.until("its row is green", within: .seconds(60)) { screen in
                screen.split(separator: "\n").contains { $0.contains("SUCCESS") && $0.contains("repaired") }
                    ? true : nil
            }
        }
    }

    @Test("a key typed ahead is no answer: what comes with the key that asks, or soon after it")
    func typedAhead() throws {
        let terminal = try Tmux.watching(try Service())
        try terminal.askToRepair()
        try terminal.escape()
        // All at once: the key that asks, and what would be the answer.
        try terminal.type("Ry")
        try terminal.wait(for: "Repair this run?")
        usleep(2_000_000)
        #expect(try terminal.screen().contains("Repair this run?"), "the y was no answer")
        // A key that repeats is no answer, whether the question hears the first one or not.
        try terminal.type(String(repeating: "y", count: 20))
        usleep(500_000)
        try terminal.escape()
        try terminal.expectNothingSent()
    }

    @Test("Enter is never a yes, however often it comes: at the question, and from the form to the question")
    func enterHeld() throws {
        let terminal = try Tmux.watching(try Service())
        try terminal.askToRepair()
        try terminal.answer("Enter")
        // Enter is a No.
        try terminal.waitUntilGone("Repair this run?")
        for _ in 0..<5 { try terminal.press("Enter") }
        for _ in 0..<3 { try terminal.escape() }
        // Enter leads from the form to the question, and no further.
        try terminal.until("the form") { screen in
            if screen.contains("NAME=VALUE") { return true }
            try terminal.press("T")
            return try? terminal.wait(for: "NAME=VALUE", within: .seconds(10)).isEmpty
        }
        usleep(600_000)
        for _ in 0..<10 {
            try terminal.press("Enter")
            usleep(50_000)
        }
        try terminal.until("an Enter that counts is a No") { screen in
            guard screen.contains("Run this job now?") else { return true }
            usleep(600_000)
            try terminal.press("Enter")
            return nil
        }
        try terminal.expectNothingSent()
    }

    @Test("a text pasted in marks or without them repairs nothing: not at the question, not before it")
    func pasted() throws {
        let terminal = try Tmux.watching(try Service())
        for text in ["y", "yes, please\r", "RyRyRy\r"] {
            // Before the question: in marks it is no key at all; without them, the keys come in a burst.
            for marked in [true, false] {
                try terminal.paste(text, marked: marked)
                usleep(600_000)
                for _ in 0..<4 { try terminal.escape() }
            }
        }
        for text in ["y", "yes, please\r"] {
            try terminal.askToRepair()
            usleep(600_000)
            try terminal.paste(text, marked: true)
            usleep(300_000)
            #expect(try terminal.screen().contains("Repair this run?"), "a paste in its marks is no key")
            try terminal.escape()
        }
        try terminal.askToRepair()
        usleep(600_000)
        try terminal.paste("yes, please\r", marked: false)
        // The burst of keys is no answer.
        try terminal.waitUntilGone("Repair this run?")
        usleep(500_000)
        try terminal.expectNothingSent()
    }
}
