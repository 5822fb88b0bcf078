import AIDP
import Foundation
import JSON
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import runtop

/// The output of `runtop runs` for values that differ in every field.
@Suite("Printed output")
struct OutputTests {
    private static func item(_ key: String) -> JobRunSummary {
        var item = JobRunSummary(key: key)
        (item.jobKey, item.jobName, item.name) = ("job-1", "orders", "orders_0424")
        (item.createdBy, item.createdByName, item.runAs) = ("ocid1.user.a", "Ada", "ocid1.user.b")
        item.launched = "MANUAL"
        (item.startTime, item.endTime, item.executionDuration) = (1_777_000_001_002, 1_777_000_063_004, 61_005)
        item.timeCreated = Date(timeIntervalSince1970: 1_777_000_000.5)
        item.timeUpdated = Date(timeIntervalSince1970: 1_777_000_064.25)
        item.state = RunState(
            status: "FAILED", stateMessage: "no, \"really\"", errorTrace: "line 1\r\nline 2\n",
            isUserCanceledOrTimedOut: true)
        return item
    }

    private static func refresh(_ items: [JobRunSummary]) -> Refresh {
        var refresh = Refresh()
        (refresh.items, refresh.jobs) = (items, [Job(id: JobID("job-1"))])
        return refresh
    }

    private static func run(_ key: String, job: String = "job-1", status: RunStatus = .failed) -> JobRun {
        var run = JobRun(id: RunID(key, of: JobID(job)), status: status)
        run.created = Date(timeIntervalSince1970: 1_777_000_000.5)
        run.started = Date(timeIntervalSince1970: 1_777_000_001)
        run.ended = Date(timeIntervalSince1970: 1_777_000_372)
        run.launch = .manual
        (run.createdBy, run.createdByName) = ("ocid1.user.a", "Ada")
        return run
    }

    /// The complete output.
    private func printed(
        _ refresh: Refresh, _ format: OutputFormat, sortBy: RecentJobRunsRequest.SortBy = .timeCreated,
        isAscending: Bool = false, isRaw: Bool = false, width: Int? = nil,
        at now: Date = Date(timeIntervalSince1970: 1_777_001_000)
    ) throws -> String {
        let output = Lines()
        let order = PrintedOrder(sortBy: sortBy, isAscending: isAscending)
        try RefreshPrinter(format: format, order: order, isRaw: isRaw, width: width) { output.add($0) }
            .print(refresh, at: now)
        return output.all.joined()
    }

    @Test("every field of a CSV row is below its title")
    func csvFields() throws {
        let rows = CSVReader.rows(try printed(Self.refresh([Self.item("run-1")]), .csv))
        #expect(rows.count == 2)
        #expect(rows[0].count == rows[1].count)
        let row = Dictionary(zip(rows[0], rows[1])) { first, _ in first }
        #expect(
            row == [
                "key": "run-1", "jobKey": "job-1", "jobName": "orders", "name": "orders_0424", "status": "FAILED",
                "launched": "MANUAL", "timeCreated": "2026-04-24T03:06:40.500Z",
                "startTime": "2026-04-24T03:06:41.002Z", "endTime": "2026-04-24T03:07:43.004Z",
                "executionDuration": "61005", "timeUpdated": "2026-04-24T03:07:44.250Z", "createdBy": "ocid1.user.a",
                "createdByName": "Ada", "runAs": "ocid1.user.b", "isUserCanceledOrTimedOut": "true",
                "stateMessage": "no, \"really\"", "errorTrace": "line 1\nline 2",
            ])
    }

    @Test("a missing value is an empty field; an invalid time stays a number")
    func csvGaps() throws {
        #expect(CSVReader.rows(try printed(Self.refresh([JobRunSummary(key: "bare")]), .csv))[1].joined() == "bare")
        var odd = JobRunSummary(key: "odd")
        (odd.startTime, odd.endTime) = (0, 253_402_300_800_000)
        odd.timeCreated = Date(timeIntervalSince1970: 0.001)
        odd.timeUpdated = Date(timeIntervalSince1970: 253_402_300_799.999)
        let row = CSVReader.rows(try printed(Self.refresh([odd]), .csv))[1]
        #expect(row[6] == "1970-01-01T00:00:00.001Z", "\(row)")
        #expect(row[10] == "9999-12-31T23:59:59.999Z", "\(row)")
        #expect(row[7] == "0", "\(row)")
        #expect(row[8] == "253402300800000", "\(row)")
    }

    @Test(
        "CSV quotes values that would break a row, and values that a spreadsheet would treat as a formula",
        arguments: [
            ("plain", "plain"), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("a\nb", "\"a\nb\""), ("a\rb", "\"a\rb\""),
            ("a\r\nb", "\"a\r\nb\""), ("=1+1", "\"'=1+1\""), ("+1", "\"'+1\""), ("-1", "\"'-1\""), ("@x", "\"'@x\""),
            ("\tx", "\"'\tx\""), ("\rx", "\"'\rx\""), ("\r\nx", "\"'\r\nx\""), ("a=b", "a=b"), ("", ""), ("é", "é"),
        ])
    func csvField(_ text: String, _ field: String) {
        #expect(CSV.row([text, "z"]) == field + ",z\r\n")
        #expect(CSV.row(["a", text]) == "a," + field + "\r\n")
    }

    @Test("escape sequences are printed as visible text in CSV, unless raw text is requested")
    func csvIsSafe() throws {
        var item = JobRunSummary(key: "k")
        item.state = RunState(stateMessage: "\u{1B}[31mred\u{202E}\u{9B}2J", errorTrace: "a\u{7F}\nb\u{07}")
        let safe = try printed(Self.refresh([item]), .csv)
        #expect(safe.contains("<U+001B>[31mred<U+202E><U+009B>2J"), "\(safe)")
        #expect(safe.contains("a<U+007F>\nb<U+0007>"), "\(safe)")
        let raw = try printed(Self.refresh([item]), .csv, isRaw: true)
        #expect(raw.contains("\u{1B}[31mred\u{202E}\u{9B}2J"))
        #expect(raw.contains("a\u{7F}\nb\u{07}"))
    }

    @Test(
        "JSON has no byte that could control a terminal, and the same data", arguments: [OutputFormat.json, .jsonl])
    func jsonIsSafe(_ format: OutputFormat) throws {
        let text = "a\u{1B}[31m\u{202E}b\u{9B}2J\u{7F}\u{85}é 😀\u{E0041}\u{2028}\"\\"
        var (item, plain) = (JobRunSummary(key: "k"), JobRunSummary(key: "l"))
        item.json = SentJSON(.object([.init("name", .string(text)), .init("n", .number("1.50"))]))
        plain.json = SentJSON(.object([.init("name", .string("\u{1B}"))]))
        let output = try printed(Self.refresh([item, plain, JobRunSummary(key: "unread")]), format)
        for scalar in output.unicodeScalars where scalar != "\n" {
            #expect(SafeText(String(scalar)).visibleEscapes.isEmpty, "U+\(String(scalar.value, radix: 16))")
        }
        #expect(output.contains("é 😀"))
        #expect(output.contains("1.50"))
        #expect(output.hasSuffix("\n"))
        let escapes = output.lowercased()
        #expect(["202e", "009b", "007f"].allSatisfy { escapes.contains("\\u" + $0) }, "\(output)")
        let objects =
            format == .jsonl
            ? try output.split(separator: "\n").map { try Self.object($0) }
            : try #require(Self.object(output[...])["items"] as? [[String: Any]])
        #expect(objects.map { $0["name"] as? String } == [text, "\u{1B}"])
    }

    @Test("JSON escapes every character that could control a terminal")
    func jsonEscapes() {
        // All planes that contain characters or controls.
        let values = Array(0x7F...0x3_FFFF) + Array(0xE_0000...0xE_0FFF) + [0xF_0000, 0x10_FFFF]
        let combining: [Unicode.GeneralCategory] = [.nonspacingMark, .enclosingMark, .spacingMark, .otherLetter]
        let missed = values.compactMap(Unicode.Scalar.init).filter { scalar in
            // Combining marks, letters and parts of emoji are printed as visible text if they stand alone. They control
            // nothing.
            !combining.contains(scalar.properties.generalCategory)
                && !scalar.properties.isEmojiPresentation && !SafeText(String(scalar)).visibleEscapes.isEmpty
                && JSONValue.string(String(scalar)).text().unicodeScalars.contains(scalar)
        }
        #expect(missed.isEmpty, "\(missed.prefix(20).map { String($0.value, radix: 16) })")
    }

    private static func object(_ text: Substring) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test("every cell of the table is below its title")
    func table() throws {
        var refresh = Refresh()
        refresh.jobs = [Job(id: JobID("job-1"), name: "日本の注文"), Job(id: JobID("job-2"))]
        var second = Self.run("run-2", job: "job-2", status: .running)
        (second.jobName, second.created) = ("refunds", Date(timeIntervalSince1970: 1_776_990_000))
        (second.ended, second.createdByName, second.launch) = (nil, nil, .unknown("API"))
        var third = JobRun(id: RunID("r", of: JobID("job-3")), status: .missing)
        third.started = nil
        refresh.runs = [second, third, Self.run("run-1-longer")]
        let lines = try printed(refresh, .table).split(separator: "\n").map(String.init)
        #expect(
            lines == [
                "STATUS   JOB         RUN           CREATED               TIME    TRIGGER  WHO           CAUSE",
                "FAILED   日本の注文  run-1-longer  2026-04-24T03:06:40Z  6m11s   MANUAL   Ada           -",
                "RUNNING  refunds     run-2         2026-04-24T00:20:00Z  16m39s  API      ocid1.user.a  -",
                "-        job-3       r             -                     -       -        -             -",
            ])
    }

    @Test(
        "on a terminal the cause has what the other columns leave of the row they end in, or of the next; in a pipe it is whole",
        arguments: [(nil, 100), (81, 16), (80, 95), (60, 55), (200, 100), (1, 16)] as [(Int?, Int)])
    func cause(width: Int?, shown: Int) throws {
        var run = Self.run("run-1", status: .failed)
        run.errorTrace = "KeyError: " + String(repeating: "x", count: 90)
        var refresh = Refresh()
        refresh.runs = [run]
        let lines = try printed(refresh, .table, width: width).split(separator: "\n").map(String.init)
        // "FAILED  job-1  run-1  2026-04-24T03:06:40Z  6m11s  MANUAL   Ada  " has 65 columns.
        #expect(lines[1].hasPrefix("FAILED  "))
        #expect(
            lines[1].distance(from: lines[1].startIndex, to: try #require(lines[1].range(of: "KeyErr")).lowerBound)
                == 65)
        #expect(lines[1].count == 65 + shown, "\(lines[1])")
        #expect(lines[1].hasSuffix(shown == 100 ? "x" : "…"))
    }

    @Test(
        "without runs only the titles are printed; after a failed request nothing is, because titles alone would mean no runs"
    )
    func emptyTable() throws {
        #expect(try printed(Refresh(), .table) == "STATUS  JOB  RUN  CREATED  TIME  TRIGGER  WHO  CAUSE\n")
        var failed = Refresh()
        failed.errors = [ServiceError(operation: "listJobs", kind: .server)]
        #expect(try printed(failed, .table).isEmpty)
        failed.runs = [Self.run("run-1")]
        #expect(try printed(failed, .table).contains("run-1"))
    }

    @Test(
        "rows have the requested order across the answers to all requests; rows without the sort value come last",
        arguments: [
            (RecentJobRunsRequest.SortBy.timeCreated, false, "d c b a e"), (.timeCreated, true, "a b c d e"),
            (.displayName, true, "c b a d e"), (.displayName, false, "d a c b e"),
            (.status, true, "b d a c e"), (.status, false, "c d a b e"),
        ])
    func order(_ sortBy: RecentJobRunsRequest.SortBy, _ isAscending: Bool, _ expected: String) throws {
        // Created in the same second. Equal names and statuses are ordered by time, newest first, then by key.
        let rows: [(key: String, name: String?, status: RunStatus, created: Double?)] = [
            ("b", "alpha", .canceled, 2), ("a", "beta", .failed, 1), ("e", nil, .missing, nil),
            ("d", "gamma", .failed, 4), ("c", "alpha", .success, 3),
        ]
        var refresh = Refresh()
        for row in rows {
            var run = JobRun(id: RunID(row.key, of: JobID("job-1")), status: row.status)
            (run.name, run.created) = (row.name, row.created.map { Date(timeIntervalSince1970: $0) })
            refresh.runs.append(run)
            var item = JobRunSummary(key: row.key)
            item.name = row.name
            item.state = RunState(status: row.status == .missing ? nil : row.status.wireValue)
            item.timeCreated = run.created
            item.json = SentJSON(.string(row.key))
            refresh.items.append(item)
        }
        func printedKeys(_ format: OutputFormat) throws -> String {
            try printed(refresh, format, sortBy: sortBy, isAscending: isAscending)
        }
        let table = try printedKeys(.table).split(separator: "\n").dropFirst().map { $0.split(separator: " ")[2] }
        #expect(table.joined(separator: " ") == expected)
        let csv = CSVReader.rows(try printedKeys(.csv)).dropFirst().map { $0[0] }
        #expect(csv.joined(separator: " ") == expected)
        let json = try printedKeys(.jsonl).split(separator: "\n").map { $0.filter { $0 != "\"" } }
        #expect(json.joined(separator: " ") == expected)
    }

    @Test("runs created at the same time are ordered by key; a run without a creation time is ordered by its start")
    func ties() throws {
        var refresh = Refresh()
        refresh.items = ["c", "a", "b"].map { key in
            var item = JobRunSummary(key: key)
            item.timeCreated = key == "b" ? nil : Date(timeIntervalSince1970: 5)
            if key == "b" { item.startTime = 6_000 }
            return item
        }
        let keys = CSVReader.rows(try printed(refresh, .csv)).dropFirst().map { $0[0] }
        #expect(Array(keys) == ["b", "a", "c"])
    }
}

/// The errors and gaps of a refresh, as printed on standard error.
@Suite("The report of a refresh")
struct RefreshReportTests {
    private func report(
        _ refresh: Refresh, scope: PollingSettings.Scope = .workspace(nameContains: nil)
    ) -> (lines: [String], status: runtop.ExitStatus?) {
        let lines = Lines()
        let status = RefreshReport(refresh: refresh, scope: scope) { lines.add($0.plainText) }.print()
        return (lines.all, status)
    }

    /// The jobs a, b, c…; only the first has a run.
    private func refresh(jobs count: Int) -> Refresh {
        var refresh = Refresh()
        refresh.jobs = "abcdefgh".prefix(count).map { Job(id: JobID(String($0))) }
        refresh.runs = [JobRun(id: RunID("r", of: JobID("a")), status: .success)]
        return refresh
    }

    @Test("nothing is printed if there are no errors or gaps")
    func silent() {
        let (lines, status) = report(refresh(jobs: 1))
        #expect(lines.isEmpty)
        #expect(status == nil)
        #expect(report(refresh(jobs: 1), scope: .keys(["a"])).status == nil)
    }

    @Test("every error is printed with its attempts, its advice and its request id; the first sets the exit status")
    func errors() {
        var refresh = refresh(jobs: 3)
        refresh.errors = [
            ServiceError(
                operation: "recentJobRuns", kind: .rateLimited, status: 429, code: "Busy",
                message: "later\u{1B}", opcRequestID: "id-1", attempts: 3, advice: "Wait."),
            ServiceError(operation: "listJobs", kind: .forbidden, status: 403, attempts: 1),
        ]
        refresh.unanswered = [JobID("b")]
        (refresh.flaws, refresh.notes) = (2, ["a note"])
        let (lines, status) = report(refresh)
        #expect(status == .temporaryFailure)
        #expect(
            lines.prefix(4) == [
                "runtop: recentJobRuns: 429 Busy: later<U+001B>", "        This was attempt 3, the last.",
                "        Wait.", "        opc-request-id id-1",
            ])
        #expect(lines[4].hasPrefix("runtop: listJobs: 403: "), "\(lines)")
        #expect(
            lines.dropFirst(5) == [
                "runtop: 1 of 3 jobs were not answered; their runs are unknown.",
                "runtop: 2 fields or items could not be read.", "runtop: a note",
                // This is c; the runs of b are unknown, not missing.
                "runtop: no data for 1 of 3 jobs: the service sent no runs.",
            ])
    }

    @Test("a job of the workspace without runs is mentioned; a job that was requested by key and has none is an error")
    func silentJobs() {
        let line = "runtop: no data for 2 of 3 jobs: the service sent no runs."
        let workspace = report(refresh(jobs: 3))
        #expect(workspace.lines == [line])
        #expect(workspace.status == nil)
        let keys = report(refresh(jobs: 3), scope: .keys("abc".map { String($0) }))
        #expect(keys.lines == [line, "        Check --job-key: b, c."])
        #expect(keys.status == .noInput)
        let many = report(refresh(jobs: 8), scope: .keys([]))
        #expect(many.lines.last == "        Check --job-key: b, c, d, e, f and 2 more.")
    }

    @Test("a name that matches no job is an error; an empty workspace is not")
    func noJobs() {
        let named = report(Refresh(), scope: .workspace(nameContains: "nope"))
        #expect(named.lines == ["runtop: no job has a name that contains “nope”."])
        #expect(named.status == .noInput)
        let empty = report(Refresh())
        #expect(empty.lines == ["runtop: the workspace lists no jobs."])
        #expect(empty.status == nil)
        var failed = Refresh()
        failed.errors = [ServiceError(operation: "listJobs", kind: .tls)]
        let list = report(failed, scope: .workspace(nameContains: "nope"))
        #expect(list.status == .unavailable, "\(list.lines)")
        #expect(list.lines.count == 1, "\(list.lines)")
    }

    @Test(
        "every kind of error has its exit status",
        arguments: [
            (.invalidRequest, 64), (.badRequest, 64), (.uriTooLong, 64), (.credentials, 78), (.expiredToken, 77),
            (.clockSkew(seconds: 9), 77), (.unauthorized, 77), (.proxyAuthentication, 77), (.forbidden, 77),
            (.notFound, 77), (.rateLimited, 75), (.timedOut, 75), (.cancelled, 75),
            (.malformedResponse, 76), (.responseTooLarge, 76), (.unexpectedStatus, 76), (.server, 69),
            (.nameResolution, 69), (.connectionRefused, 69), (.proxy, 69), (.connectionLost, 69), (.tls, 69),
        ] as [(ServiceError.Kind, Int32)])
    func statuses(_ kind: ServiceError.Kind, _ status: Int32) {
        #expect(runtop.ExitStatus.noInput.rawValue == 66, "nothing matches what was named")
        #expect(runtop.ExitStatus(kind).rawValue == status)
        var refresh = refresh(jobs: 1)
        refresh.errors = [ServiceError(operation: "recentJobRuns", kind: kind)]
        #expect(report(refresh).status?.rawValue == status)
    }
}

/// Collects the output of a printer.
private final class Lines {
    private(set) var all: [String] = []
    func add(_ text: String) { all.append(text) }
}

/// Parses CSV by RFC 4180, independently of the program.
enum CSVReader {
    static func rows(_ text: String) -> [[String]] {
        var (rows, row, field) = ([[String]](), [String](), "")
        var (isQuoted, isFresh) = (false, true)
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"" where isQuoted && rest.first == "\"":
                rest.removeFirst()
                field.unicodeScalars.append("\"")
            case "\"" where isQuoted: isQuoted = false
            case "\"" where isFresh: isQuoted = true
            case "," where !isQuoted:
                row.append(field)
                (field, isFresh) = ("", true)
                continue
            case "\r" where !isQuoted && rest.first == "\n":
                rest.removeFirst()
                rows.append(row + [field])
                (row, field, isFresh) = ([], "", true)
                continue
            default: field.unicodeScalars.append(scalar)
            }
            isFresh = false
        }
        return rows
    }
}
