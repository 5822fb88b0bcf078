import ArgumentParser
import Foundation
import History
import JSON
import Runs
import Testing

@testable import runtop

@Suite("runtop health")
struct HealthCommandTests {
    private let place = Place(instanceID: "ocid1.aidataplatform.oc1.iad.test", workspaceKey: "workspace")
    /// Monday, 4 May 2026, 12:00.
    private let noon = Date(timeIntervalSince1970: 1_777_896_000)

    private func run(_ key: String, of job: String, _ status: RunStatus, minutesAgo: Double, took: Double?) -> JobRun {
        var run = JobRun(id: RunID(job: JobID(place: place, key: job), key: key), status: status)
        run.created = noon.addingTimeInterval(-60 * minutesAgo)
        run.started = run.created
        run.ended = took.map { noon.addingTimeInterval(60 * ($0 - minutesAgo)) }
        run.launch = .scheduled
        return run
    }

    /// A history of four hourly jobs: one is stuck since 11:00, one has not started since 09:00, one fails, and one
    /// works.
    private func history(_ folder: URL) async throws -> SQLiteHistory {
        let store = SQLiteHistory(path: folder.appendingPathComponent("history.db").path, now: { [noon] in noon })
        let hourly = JobSchedule(quartzCronExpression: "0 0 * * * ?")
        let jobs = ["stuck", "missed", "failing", "fine"].map {
            Job(id: JobID(place: place, key: "key-\($0)"), name: "\($0)\u{1B}[31m", schedule: hourly)
        }
        var runs: [JobRun] = []
        for (job, name) in [("key-stuck", "s"), ("key-missed", "m"), ("key-failing", "f"), ("key-fine", "o")] {
            for hour in 1..<30 {
                let isLast = hour == 1
                if job == "key-missed", hour < 3 { continue }
                let status: RunStatus =
                    job == "key-stuck" && isLast ? .running : job == "key-failing" && isLast ? .failed : .success
                let took = job == "key-stuck" && isLast ? nil : 4 + Double(hour % 3)
                runs.append(run("\(name)\(hour)", of: job, status, minutesAgo: Double(hour) * 60, took: took))
            }
        }
        try await store.record(SeenCycle(place: place, at: noon, placeName: "sales", jobs: jobs, runs: runs))
        return store
    }

    private func judged(jobs: [String] = [], at: Date? = nil, now: Date? = nil) async throws -> [JudgedEntry] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try await history(folder)
        let entries = try await HealthReader(store: store, jobs: jobs, at: at).entries(now: now ?? noon)
        await store.close()
        return entries
    }

    private func printed(_ judged: [JudgedEntry], as format: HealthFormat) throws -> String {
        var text = ""
        try HealthPrinter(format: format) { text += $0 }.print(judged)
        return text
    }

    @Test("JSON has all keys of every job, most urgent job first")
    func json() async throws {
        let text = try await printed(judged(), as: .json)
        guard case .array(let rows) = try JSONParser.parse(Array(text.utf8)) else {
            Issue.record("no array: \(text)")
            return
        }
        try #require(rows.count == 4)
        #expect(rows.map { $0["jobKey"] } == ["failing", "stuck", "missed", "fine"].map { .string("key-\($0)") })
        #expect(rows.map { $0["health"] } == ["broken", "late", "late", "healthy"].map { .string($0) })
        let kinds = rows.map { row -> [JSONValue?] in
            guard case .array(let verdicts)? = row["verdicts"] else { return [] }
            return verdicts.map { $0["kind"] }
        }
        #expect(kinds == [[.string("failing")], [.string("stuck")], [.string("missed")], []])
        let names = [
            "place", "jobKey", "jobName", "health", "verdicts", "runs", "successRate", "medianMilliseconds",
            "p90Milliseconds", "nextStart",
        ]
        for row in rows {
            guard case .object(let members) = row else { continue }
            #expect(members.map(\.name) == names)
        }
        #expect(rows[3]["medianMilliseconds"] == .number("300000"))
        #expect(rows[3]["nextStart"] == .string("2026-05-04T13:00:00Z"))
        #expect(rows[3]["place"] == .string("sales"))
        #expect(text.contains("no start since 09:00 UTC, every 1h by schedule"))
        #expect(!text.contains("\u{1B}"))
    }

    @Test("at an earlier time the jobs are judged by what was known then")
    func earlier() async throws {
        let then = try await judged(at: noon.addingTimeInterval(-59 * 60 - 30))
        let healths = Dictionary(uniqueKeysWithValues: then.map { ($0.entry.id.key, $0.entry.health(at: $0.moment)) })
        #expect(healths["key-stuck"] == .running)
        #expect(healths["key-failing"] == .running, "it had not failed yet")
        #expect(healths["key-missed"] == .late, "it should have started at 10:00")
        let before = try await judged(at: noon.addingTimeInterval(-3 * 3_600 + 600))
        #expect(before.allSatisfy { $0.entry.health(at: $0.moment) == .healthy })
    }

    @Test("time after the last answer does not count")
    func old() async throws {
        let now = try await judged(now: noon.addingTimeInterval(86_400))
        #expect(now.map(\.moment) == Array(repeating: noon, count: 4))
    }

    @Test("a job is found by its key or its name; the table is safe to print")
    func some() async throws {
        #expect(try await judged(jobs: ["key-fine"]).map(\.entry.id.key) == ["key-fine"])
        #expect(try await judged(jobs: ["nothing"]).isEmpty)
        let lines = try await printed(judged(), as: .table).split(separator: "\n")
        try #require(lines.count == 5)
        #expect(lines[0].hasPrefix("HEALTH "))
        #expect(lines[1].hasPrefix("broken"))
        #expect(lines[2].contains("stuck: running"))
        #expect(!lines.joined().contains("\u{1B}"))
        #expect(lines[1].contains("  failed, last OK "), "“failing: failed” would say it twice")
    }

    @Test("a job without runs has no data")
    func noData() throws {
        let entry = JobEntry(job: Job(id: JobID(place: place, key: "new")), history: JobHistory(), at: noon)
        let judged = [JudgedEntry(entry: entry, place: "sales", moment: noon)]
        #expect(try printed(judged, as: .table).contains("\nno data  "))
        #expect(try printed(judged, as: .json).contains("\"noData\""))
    }

    @Test("--at and --since accept a moment, a date and an age")
    func pointsInTime() throws {
        let expected: [(String, Date?)] = [
            ("2026-05-04T12:00:00Z", noon), ("2026-05-04T14:00:00+02:00", noon),
            ("2026-05-04", noon.addingTimeInterval(-12 * 3_600)), ("90m", noon.addingTimeInterval(-5_400)),
            ("2h", noon.addingTimeInterval(-7_200)), ("30d", noon.addingTimeInterval(-30 * 86_400)),
            ("4w", noon.addingTimeInterval(-28 * 86_400)), ("3650d", noon.addingTimeInterval(-3_650 * 86_400)),
            ("3651d", nil), ("0d", nil), ("-1d", nil), ("1s", nil), ("d", nil), ("", nil), ("yesterday", nil),
            ("2026-02-30", nil), ("2026-05", nil), ("+2h", nil),
        ]
        for (text, date) in expected { #expect(PointInTime(text, now: noon)?.date == date, "\(text)") }
        for text in ["2020-01-01", "2h", "2020-01-01T00:00:00Z"] {
            #expect(try HealthCommand.parse(["--at", text]).at != nil)
            #expect(try HistoryExport.parse(["--since", text]).since != nil)
        }
        for text in ["2020", "2y"] {
            #expect(throws: (any Error).self) { try HealthCommand.parse(["--at", text]) }
            #expect(throws: (any Error).self) { try HistoryExport.parse(["--since", text]) }
        }
    }

    @Test("a missing history, a file that is not a history, and an invalid time have their exit statuses")
    func exitStatus() throws {
        let folder = try TemporaryFolder()
        let text = folder.file("text").path
        try Data("no database".utf8).write(to: folder.file("text"))
        func status(_ arguments: String...) throws -> Int32 {
            try Program.run(Program.runtop, ["health"] + arguments).status
        }
        #expect(try status("--history", folder.file("none").path) == 66)
        #expect(try status("--history", text) == 65)
        #expect(try status("--at", "2026-02-30T00:00:00Z") == 64)
        #expect(try String(contentsOfFile: text, encoding: .utf8) == "no database")
    }
}
