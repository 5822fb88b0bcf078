import Foundation
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import Dashboard

/// Every string of the terminal corpus, in every field the service fills, on every screen.
@Suite("A hostile service")
struct HostileServiceTests {
    private struct Entry: Decodable { let cat: String, name: String, hex: String }

    /// The corpus as the client would hand it on: strict UTF-8, bad bytes replaced.
    private static let corpus: [String] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "ScreenTests/Fixtures/terminal-corpus.json")
        let entries = (try? JSONDecoder().decode([Entry].self, from: Data(contentsOf: file))) ?? []
        return entries.map { entry in
            let digits = Array(entry.hex)
            let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
                UInt8(String(digits[$0...$0 + 1]), radix: 16)
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }()

    /// A board in which one string is every text of every run of every job.
    private static func state(_ text: String, size: Size) -> DashboardState {
        var state = Sample.state(size, board: false)
        fill(&state, text)
        return state
    }

    private static func fill(_ state: inout DashboardState, _ text: String) {
        let jobs = (0..<3).map { Job(id: JobID("job-\($0)"), name: text, path: text) }
        state.feed(.jobsListed(jobs, at: Sample.now))
        for job in jobs {
            let runs = (0..<2).map { age in
                var run = Sample.run(of: job, index: 1, age: age, status: age == 0 ? .failed : .unknown(text))
                run.name = text
                run.stateMessage = text
                run.errorTrace = "Caused by: \(text)\n\(text)"
                run.createdByName = text
                run.createdBy = text
                run.runAs = text
                run.launch = .unknown(text)
                return run
            }
            state.feed(.runs(runs, of: [job.id], at: Sample.now))
        }
        let error = RequestFailure(
            summary: "recentJobRuns: 500 \(text): \(text)", short: "500 \(text)", advice: text, opcRequestID: text)
        state.feed(.runsFailed(error, of: [jobs[2].id], at: Sample.now))
    }

    private static let screens: [(name: String, keys: [Key])] = [
        ("jobs", []), ("runs", [.enter]), ("run", [.enter, .enter]), ("trace", [.character("e"), .character("w")]),
    ]

    @Test("no unsafe text reaches a cell, and every row is as wide as the screen")
    func cells() throws {
        #expect(Self.corpus.count > 500)
        let size = Size(rows: 30, columns: 100)
        for text in Self.corpus {
            for (name, keys) in Self.screens {
                var state = Self.state(text, size: size)
                for case .poll(.listTasks(let run)) in state.press(keys) {
                    var task = TaskRun(key: text, status: .unknown(text))
                    task.name = text
                    task.stateMessage = text
                    state.feed(.tasksListed([task], of: run, at: Sample.now))
                }
                expectSafe(&state, size, "\(name), \(text.unicodeScalars.map(\.value))")
            }
        }
    }

    private func expectSafe(_ state: inout DashboardState, _ size: Size, _ what: String) {
        let canvas = state.frame()
        for row in 0..<size.rows {
            let columns = canvas[row: row].reduce(0) { $0 + $1.width.rawValue }
            #expect(columns == size.columns, "\(what), row \(row)")
            let unsafe = canvas.text(row: row).unicodeScalars.filter(Self.isUnsafe)
            #expect(unsafe.isEmpty, "\(what), row \(row): \(unsafe.map(\.value))")
        }
    }

    // MARK: Causes, outputs, actions and own commands

    /// What leads to a screen, and fills it with a text.
    private static let views: [(name: String, open: @Sendable (inout DashboardState, String) -> Void)] = [
        ("causes", { state, _ in state.press(.character("C")) }),
        ("page", { state, _ in state.press(.character("d")) }),
        ("copy menu", { state, _ in state.press(.character("Y")) }),
        ("question", { state, _ in state.press(.character("R")) }),
        ("marked", { state, _ in state.press(.character(" "), .character(" "), .character("T")) }),
        (
            "form",
            { state, text in
                guard case .action(.askParameters(let target))? = state.press(.character("T")).first else { return }
                let parameters = [RunParameter(name: text, value: text)]
                _ = state.update(.action(.parameters(own: parameters, ofRun: nil, of: target)), at: state.now)
            }
        ),
        (
            "journal",
            { state, text in
                state.press(.character("J"))
                let job = JobID(text)
                let target = ActionTarget(
                    job: job, jobName: text, run: RunID(text, of: job), known: .init(status: .unknown(text)))
                var record = ActionRecord(
                    id: text, action: RunAction(.repair(RunRepair(.resume, tasks: [text])), of: target),
                    begun: Sample.now, actor: .init(systemUser: text, principal: text), placeName: text,
                    outcome: .unconfirmed, answer: text)
                record.requestID = text
                _ = state.update(.action(.journal([record], note: text)), at: state.now)
                _ = state.update(.action(.record(record, journalProblem: text)), at: state.now)
            }
        ),
        ("refused", { state, text in _ = state.update(.action(.notPermitted(text)), at: state.now) }),
        (
            "tasks",
            { state, text in
                state.press(.enter, .enter)
                fillTasks(&state, text)
            }
        ),
        (
            "output",
            { state, text in
                state.press(.enter, .enter)
                fillTasks(&state, text)
                for case .poll(.inspect(let subject)) in state.press(.enter) {
                    var output = TaskOutput(text: text + "\n" + text)
                    output.errorTrace = "Caused by: \(text)"
                    var attempt = RunAttempt(status: .unknown(text))
                    attempt.message = text
                    output.earlierTries = [attempt]
                    state.feed(.inspected(subject, .output(output), at: Sample.now))
                }
            }
        ),
        ("own question", { state, _ in state.press(.character("M")) }),
        (
            "own output",
            { state, text in
                guard case .ownCommand(.run(let call, _))? = state.press(.character("L")).first else { return }
                // Cut in the middle of a character, as a pipe does.
                let bytes = Array((text + "\n" + text).utf8)
                for part in [bytes.prefix(1), bytes.dropFirst()] {
                    _ = state.update(.ownCommand(.printed(Array(part), number: call.number)), at: Sample.now)
                }
                let end = OwnCommandEnd.notStarted(reason: text)
                _ = state.update(.ownCommand(.ended(end, call, lastLine: text)), at: Sample.now)
            }
        ),
        (
            "own end",
            { state, text in
                guard case .ownCommand(.run(let call, _))? = state.press(.character("N")).first else { return }
                _ = state.update(.ownCommand(.ended(.exited(1), call, lastLine: text)), at: Sample.now)
            }
        ),
    ]

    private static func fillTasks(_ state: inout DashboardState, _ text: String) {
        guard let run = state.shownRun?.run.id else { return }
        var task = TaskRun(key: text, status: .unknown(text))
        (task.taskKey, task.name, task.stateMessage) = (text, text, text)
        state.feed(.tasksListed([task], of: run, at: Sample.now))
        let nodes = [TaskNode(key: text, kind: text, after: [text])]
        state.feed(.inspected(.graph(of: run.job), .graph(nodes), at: Sample.now))
        var details = RunDetails(run: JobRun(id: run, status: .failed))
        (details.parent, details.root) = (text, text)
        details.parameters = [RunParameter(name: text, value: text)]
        state.feed(.inspected(.run(run), .run(details), at: Sample.now))
        state.press(.enter)
    }

    @Test("nothing unsafe reaches a cell on the screens of causes, outputs, actions and own commands")
    func newerCells() {
        let arguments = ["echo", "{job.name}"].compactMap { try? ArgumentTemplate($0) }
        let commands = [("L", OwnCommand.Output.pager, false), ("M", .none, true), ("N", .none, false)].map {
            key, output, changes in
            OwnCommand(
                name: "own-" + key.lowercased(), key: .character(Character(key)), scope: .job, arguments: arguments,
                output: output, changesSomething: changes)
        }
        let size = Size(rows: 30, columns: 100)
        for (number, text) in Self.corpus.enumerated() {
            // An eighth of the corpus for each screen, spread over its kinds: frames take their time in a debug build.
            for (place, (name, open)) in Self.views.enumerated() where (number + place).isMultiple(of: 8) {
                var state = DashboardState(
                    place: PlaceLabel(region: text, workspace: text, profile: text), interval: .seconds(15),
                    appearance: Appearance(theme: Theme(.dark), glyphs: .utf8), ownCommands: commands,
                    clock: WallClock { _ in 0 }, actions: ActionsState(isAllowed: true), size: size, now: Sample.now)
                Self.fill(&state, text)
                open(&state, text)
                expectSafe(&state, size, "\(name), \(text.unicodeScalars.map(\.value))")
            }
        }
    }

    @Test("columns beside hostile text have the same position as beside plain text")
    func columns() {
        // Here every column is as wide as it may get.
        let size = Size(rows: 24, columns: 320)
        // The strip of runs, and the times stand side by side; the age stands behind the hostile trigger.
        func cells(_ text: String) -> [[String]] {
            let state = Self.state(text, size: size)
            // The banner takes as many rows as its words need; the table's rows are those below its titles.
            guard let titles = state.titlesRow, let times = state.columns(from: "RUNS", through: "TIME"),
                let age = state.columns(from: "AGE", through: "AGE")
            else { return [] }
            let canvas = state.drawn()
            return (titles...titles + 3).flatMap { row in
                [times.lowerBound - 1..<times.upperBound, age.lowerBound - 2..<age.upperBound].map { columns in
                    columns.map { canvas[row, $0].text }
                }
            }
        }
        let plain = cells("plain")
        #expect(plain.count == 8)
        for text in Self.corpus {
            #expect(cells(text) == plain, "\(text.unicodeScalars.map(\.value))")
        }
    }

    /// What no cell may hold, told apart here by rules of its own, not by the filter's.
    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0xAD, 0x61C, 0x180E, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF,
            0xFE00...0xFE0F, 0xFFF0...0xFFFB, 0xE000...0xF8FF, 0xE0000...0xE0FFF, 0xF0000...0x10FFFF:
            true
        default: false
        }
    }
}
