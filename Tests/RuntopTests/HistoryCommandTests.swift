import Foundation
import JSON
import TestSupport
import Testing

/// `runtop history` in a script.
@Suite("runtop history", .blocking)
struct HistoryCommandTests {
    private let folder: TemporaryFolder
    private let database: String

    init() throws {
        folder = try TemporaryFolder()
        database = folder.file("state/history.db").path
    }

    private func history(_ arguments: String..., environment: [String: String] = [:]) throws -> Program.Ended {
        let command = ["history", arguments[0]] + ["--history", database] + arguments.dropFirst()
        return try Program.run(Program.runtop, command, environment: environment)
    }

    private func write(_ lines: String, to name: String) throws -> String {
        let file = folder.file(name)
        try lines.write(to: file, atomically: true, encoding: .utf8)
        return file.path
    }

    private static let runs = """
        {"key":"run-1","jobKey":"job-1","jobName":"orders","name":"orders_1","createdBy":"ocid1.user.oc1..ada","createdByName":"Ada","runAs":"ocid1.user.oc1..ada","launched":"SCHEDULED","startTime":1777638401250,"endTime":1777638461500,"executionDuration":60250,"timeCreated":"2026-05-01T12:26:40.000Z","timeUpdated":"2026-05-01T12:27:41.500Z","state":{"status":"FAILED","stateMessage":"Task load failed","errorTrace":"line\\n\\u001b[31mKeyError: 'id'","isUserCanceledOrTimedOut":false}}
        {"key":"run-2","jobKey":"job-1","jobName":"orders","timeCreated":"2026-05-01T12:36:40.007Z","state":{"status":"RUNNING"}}
        {"key":"run-3","jobKey":"job-2","timeCreated":"2026-05-01T13:00:00.000Z","state":{"status":"SUCCESS"}}

        """
    private static let jobs = """
        {"key":"job-1","name":"orders","path":"/jobs/orders","schedule":{"quartzCronExpression":"0 0 2 * * ?","timezoneId":"Europe/Berlin","pauseStatus":"PAUSED"}}
        {"key":"job-2","name":"by hand"}

        """

    @Test("Imported runs are exported unchanged, with every field, and can be imported again")
    func roundTrip() throws {
        let runs = try write(Self.runs, to: "runs.jsonl")
        let jobs = try write(Self.jobs, to: "jobs.jsonl")
        let imported = try history("import", runs, "--jobs", jobs, "--place", "sales")
        #expect(imported.output == "Imported 3 new runs and 2 jobs of sales.\n", "\(imported.errors)")
        #expect((imported.status, imported.errors) == (0, ""))
        let exportedJobs = folder.file("exported.jsonl").path
        let exported = try history("export", "--jobs", exportedJobs)
        #expect(exported.output == Self.runs, "\(exported.errors)")
        #expect(try String(contentsOfFile: exportedJobs, encoding: .utf8) == Self.jobs)
        #expect(try history("export", "--jobs", "-", "--place", "sales").output == Self.jobs)
        // A file is never overwritten.
        #expect(try history("export", "--jobs", exportedJobs).status == 74)

        let other = folder.file("other.db").path
        let again = try Program.run(
            Program.runtop, ["history", "import", try write(exported.output, to: "again.jsonl"), "--history", other])
        #expect(again.output == "Imported 3 new runs of imported.\n")
        #expect(try Program.run(Program.runtop, ["history", "export", "--history", other]).output == Self.runs)
    }

    @Test("The runs of one job, and those since a time")
    func selection() throws {
        _ = try history("import", try write(Self.runs, to: "runs.jsonl"))
        let lines = Self.runs.split(separator: "\n").map { $0 + "\n" }
        #expect(try history("export", "--job", "job-2").output == lines[2])
        #expect(try history("export", "--since", "2026-05-01T12:30:00Z").output == lines[1] + lines[2])
        #expect(try history("export", "--since", "2026-05-02").output == "")
        let unknown = try history("export", "--job", "nothing")
        #expect(unknown.status == 66)
        #expect(unknown.errors.contains("The history has no job “nothing”."))
        #expect(try history("export", "--since", "yesterday").status == 64)
    }

    @Test("Runs that the history has already are counted separately")
    func known() throws {
        let runs = try write(Self.runs, to: "runs.jsonl")
        #expect(try history("import", runs, "--place", "sales").output == "Imported 3 new runs of sales.\n")
        #expect(
            try history("import", runs, "--place", "sales").output
                == "Imported 0 new runs of sales; 3 were known already.\n")
        let ended = Self.runs.replacing(#""state":{"status":"RUNNING"}"#, with: #""state":{"status":"SUCCESS"}"#)
        #expect(
            try history("import", try write(ended, to: "ended.jsonl")).output
                == "Imported 0 new runs of sales; 1 was updated and 2 were known already.\n")
        #expect(
            try history("import", "--jobs", try write(Self.jobs, to: "jobs.jsonl")).output
                == "Imported 2 jobs of sales.\n")
    }

    /// Lines of this many runs.
    private func manyRuns(_ count: Int) -> String {
        (0..<count).map { #"{"key":"run-\#($0)","jobKey":"job","state":{"status":"SUCCESS"}}"# + "\n" }.joined()
    }

    @Test("A damaged history is set aside, and the runs are imported into a new one")
    func damaged() throws {
        let runs = try write(manyRuns(5_000), to: "runs.jsonl")
        try FileManager.default.createDirectory(
            at: folder.file("state"), withIntermediateDirectories: true)
        try Data("no database at all".utf8).write(to: URL(filePath: database))
        let first = try history("import", runs)
        #expect((first.status, first.output) == (0, "Imported 5000 new runs of imported.\n"))
        #expect(first.errors.hasPrefix("runtop: The history was damaged, and kept as history.db.damaged-"))
        #expect(first.errors.hasSuffix("; a new one was created.\n"), "\(first.errors)")

        // The pages of the runs only: reading the places succeeds, and the first write finds the damage.
        var bytes = try Data(contentsOf: URL(filePath: database))
        let page = 4_096
        try #require(bytes.count > 60 * page)
        bytes.replaceSubrange((40 * page)..., with: Data(repeating: 0x5A, count: bytes.count - 40 * page))
        try bytes.write(to: URL(filePath: database))
        let second = try history("import", runs)
        #expect((second.status, second.output) == (0, "Imported 5000 new runs of imported.\n"), "\(second.errors)")
        #expect(second.errors.contains("a new one was created."))
        #expect(try history("export").output.split(separator: "\n").count == 5_000)
    }

    @Test("An import that is interrupted says what it kept")
    func interrupted() throws {
        let pipe = try folder.pipe()
        let descriptor = open(pipe, O_RDWR | O_CLOEXEC)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let (output, errors) = (folder.file("output"), folder.file("errors"))
        let process = try ChildProcess(
            Program.runtop, ["history", "import", pipe, "--history", database, "--place", "sales"],
            environment: Program.inherited, output: output, errors: errors)
        try FileHandle(fileDescriptor: descriptor).write(contentsOf: Data(manyRuns(4_500).utf8))
        _ = try eventually("4000 runs in the history") {
            try history("stats", "--output", "json").output.contains(#""runs": 4000"#) ? true : nil
        }
        kill(process.id, SIGINT)
        #expect(process.wait() == 130)
        #expect(
            try String(contentsOf: errors, encoding: .utf8)
                == "runtop: Interrupted after 4000 runs of sales, which are kept; the same command adds the rest.\n")
        #expect(try String(contentsOf: output, encoding: .utf8) == "")
    }

    @Test("Invalid lines are counted, the first is reported, and the valid ones are stored")
    func badLines() throws {
        let lines = "\n{\"key\":\"no job\"}\nnot json\n" + Self.runs + "[1]\n{\"jobKey\":\"j\"}\n"
        let imported = try history("import", try write(lines, to: "runs.jsonl"))
        #expect(imported.status == 65)
        #expect(imported.output == "Imported 3 new runs of imported.\n")
        #expect(imported.errors.contains("4 lines could not be used."), "\(imported.errors)")
        #expect(imported.errors.contains("runs.jsonl, line 2: it has no “jobKey”."), "\(imported.errors)")
        let flawed = try history(
            "import", try write(#"{"key":"r","jobKey":"j","startTime":"soon"}"#, to: "flawed.jsonl"))
        #expect(flawed.status == 0)
        #expect(flawed.errors.contains("1 field could not be read."), "\(flawed.errors)")
        #expect(flawed.errors.contains("line 1: it.startTime is not an integer"), "\(flawed.errors)")
    }

    @Test("stats and path describe the file; prune says what it removed")
    func statistics() throws {
        #expect(try history("path").output == database + "\n")
        let missing = try history("stats")
        #expect(missing.status == 66)
        #expect(missing.errors.contains("There is no history at \(database)."))
        #expect(!FileManager.default.fileExists(atPath: database))

        _ = try history("import", try write(Self.runs, to: "runs.jsonl"), "--place", "ocid1.aidp.x/workspace-1")
        let json = try JSONParser.parse(Array(try history("stats", "--output", "json").output.utf8))
        #expect(json["runs"] == .number("3"))
        #expect(json["jobs"] == .number("2"))
        #expect(json["first"] == .string("2026-05-01T12:26:40Z"))
        #expect(json["last"] == .string("2026-05-01T13:00:00Z"))
        guard case .array(let places) = json["places"] else {
            Issue.record("places are missing")
            return
        }
        #expect(places.map { $0["instanceId"] } == [.string("ocid1.aidp.x")])
        #expect(places.map { $0["workspaceKey"] } == [.string("workspace-1")])
        let text = try history("stats").output
        #expect(text.contains("Runs    3 of 2 jobs, 2026-05-01T12:26:40Z to 2026-05-01T13:00:00Z"), "\(text)")

        // The runs of the test may be in the past or the future of the machine's clock.
        let pruned = try history("prune", "--older-than", "3650d")
        #expect(pruned.output.hasPrefix("Removed 0 runs and 0 jobs. The file has "), "\(pruned.errors)")
        #expect(try history("prune", "--older-than", "soon").status == 64)
    }

    @Test("Runs that are older than the given age are removed")
    func prune() throws {
        let old = #"{"key":"old","jobKey":"j","timeCreated":"2001-01-01T00:00:00Z","state":{"status":"SUCCESS"}}"#
        let new = #"{"key":"new","jobKey":"j","timeCreated":"2999-01-01T00:00:00.000Z","state":{"status":"SUCCESS"}}"#
        _ = try history("import", try write(old + "\n" + new + "\n", to: "runs.jsonl"))
        #expect(try history("prune", "--older-than", "90d").output.hasPrefix("Removed 1 runs and 0 jobs."))
        #expect(try history("export").output == new + "\n")
    }

    @Test("--place selects one of several places, and is required if the place is ambiguous")
    func places() throws {
        let runs = try write(Self.runs, to: "runs.jsonl")
        for place in ["a", "b"] { #expect(try history("import", runs, "--place", place).status == 0) }
        let unclear = try history("export")
        #expect(unclear.status == 64)
        #expect(unclear.errors.contains("The history has several places: a, b."), "\(unclear.errors)")
        #expect(try history("import", runs).status == 64)
        #expect(try history("export", "--place", "b").output == Self.runs)
        #expect(try history("export", "--place", "c").status == 66)
        // The workspace in the environment is the place that the dashboard shows.
        let environment = ["AIDP_INSTANCE_ID": "ocid1.aidp.y", "AIDP_WORKSPACE_KEY": "w"]
        #expect(
            try history("import", runs, environment: environment).output == "Imported 3 new runs of ocid1.aidp.y/w.\n")
        #expect(try history("export", environment: environment).output == Self.runs)
    }

    @Test("A missing file, and nothing to import")
    func noInput() throws {
        #expect(try history("import", "/no/such").status == 66)
        #expect(try history("import").status == 64)
        #expect(try history("import", folder.url.path).errors.contains("it is a folder"))
        #expect(!FileManager.default.fileExists(atPath: database))
    }

    @Test("The path comes from the flag, the settings file, or the state folder")
    func path() throws {
        func path(_ arguments: [String], _ environment: [String: String]) throws -> String {
            try Program.run(Program.runtop, ["history", "path"] + arguments, environment: environment).output
        }
        #expect(try path([], ["HOME": "/home/ada"]) == "/home/ada/.local/state/runtop/history.db\n")
        #expect(try path([], ["XDG_STATE_HOME": "/state"]) == "/state/runtop/history.db\n")
        let settings = try write("history: {path: ~/mine.db}", to: "config.yaml")
        #expect(try path(["--settings", settings], ["HOME": "/home/ada"]) == "/home/ada/mine.db\n")
    }

    @Test("The output of runtop runs can be imported, and is exported unchanged")
    func runsOfService() throws {
        let service = try Service("--jobs", "5")
        let printed = try service.runtop("runs", "--output", "jsonl")
        _ = try history("import", try write(printed.output, to: "runs.jsonl"))
        let exported = try history("export").output
        func lines(_ text: String) throws -> [String: [String: JSONValue]] {
            var found: [String: [String: JSONValue]] = [:]
            for line in text.split(separator: "\n") {
                guard case .object(let members) = try JSONParser.parse(Array(line.utf8)) else { continue }
                let fields = Dictionary(members.map { ($0.name, $0.value) }) { first, _ in first }
                guard case .string(let key)? = fields["key"] else { continue }
                found[key] = fields
            }
            return found
        }
        let (before, after) = (try lines(printed.output), try lines(exported))
        #expect(!before.isEmpty)
        #expect(Set(before.keys) == Set(after.keys))
        for (key, fields) in after {
            // A duration of 0 counts as missing, as everywhere in runtop.
            for (name, value) in fields { #expect(before[key]?[name] == value, "\(key) \(name)") }
        }
    }
}
