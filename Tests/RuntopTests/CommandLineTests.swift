import Foundation
import TestSupport
import Testing

/// The command line in a script: output, errors, exit statuses.
@Suite("The command line", .blocking)
struct CommandLineTests {
    @Test(
        "the error for invalid arguments names them, with an exit status of sysexits.h",
        arguments: [
            (["runs", "--record-count", "11"], 64, "--record-count is 11, and may be 1 to 10"),
            (["runs", "--limit", "0"], 64, "--limit is 0, and may be 1 to 25"),
            (["runs", "--sort-by", "colour"], 64, "sort-by"),
            (["runs", "--output", "xml"], 64, "output"),
            (["runs"], 64, "--instance-id"),
            (["runs", "--instance-id", "i"], 64, "--workspace-key"),
            (
                ["runs", "--instance-id", "i", "--workspace-key", "w", "--endpoint", "http://example.com"], 64,
                "not https"
            ),
            (["runs", "--instance-id", "i", "--workspace-key", "w", "--config-file", "/no/such"], 66, "/no/such"),
            (["runs", "--instance-id", "i", "--workspace-key", "w", "--settings", "/no/such"], 66, "/no/such"),
            (["simulate", "--fault", "pink"], 64, "pink"),
            (["watch", "--interval", "1s"], 64, "interval"),
            (["wacth"], 64, "Did you mean “watch”?"), (["wacth"], 64, "Usage: runtop <command>"),
            (["help", "wacth"], 64, "There is no command “wacth”. Did you mean “watch”?"),
            (["runs", "--raw"], 64, "--output csv"),
            (["simulate", "--fault", "pink"], 64, "wrong-key"), (["simulate", "--fault", "pink"], 64, "for=OPERATION"),
        ])
    func wrongArguments(_ arguments: [String], _ status: Int32, _ text: String) throws {
        let ended = try Program.run(Program.runtop, arguments)
        #expect(ended.status == status)
        #expect(ended.errors.contains(text), "\(ended.errors)")
        #expect(ended.output.isEmpty)
    }

    @Test("without a terminal the dashboard suggests runtop runs", arguments: [[], ["watch"], ["demo"]])
    func noTerminal(_ arguments: [String]) throws {
        let ended = try Program.run(Program.runtop, arguments)
        #expect((64...78).contains(ended.status))
        #expect(ended.errors.contains("runtop runs"))
    }

    @Test("an unknown profile is rejected, and the error lists the existing profiles")
    func unknownProfile() throws {
        let service = try Service("--jobs", "1")
        let ended = try service.runtop("runs", "--profile", "NOBODY")
        #expect(ended.status == 78)
        #expect(ended.errors.contains("NOBODY"), "\(ended.errors)")
        #expect(ended.errors.contains("DEFAULT"), "\(ended.errors)")
    }

    /// The objects of JSON lines.
    private func objects(_ lines: String) throws -> [[String: Any]] {
        try lines.split(separator: "\n").map { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
            return try #require(object as? [String: Any])
        }
    }

    @Test("the runs of every job are printed, for 1, 12 and 500 jobs", arguments: [1, 12, 500])
    func scale(_ count: Int) throws {
        let service = try Service("--jobs", "\(count)")
        let ended = try service.runtop("runs", "--output", "jsonl", "--record-count", "2")
        #expect(ended.status == 0, "\(ended.errors)")
        let runs = try objects(ended.output)
        let jobs = Set(runs.compactMap { $0["jobKey"] as? String })
        #expect(jobs.count == count)
        #expect(runs.count == Set(runs.compactMap { $0["key"] as? String }).count)
        #expect(runs.allSatisfy { $0["timeCreated"] is String })
        #expect(runs.allSatisfy { $0["state"] is [String: Any] })
    }

    @Test("JSON, table and CSV agree on every run that has ended")
    func formats() throws {
        let service = try Service("--jobs", "12", "--seed", "7")
        let json = try service.runtop("runs", "--output", "json")
        let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
        let collection = try #require(object as? [String: Any])
        #expect(collection.keys.sorted() == ["items"])
        let items = try #require(collection["items"] as? [[String: Any]])
        func text(_ item: [String: Any], _ name: String) -> String { item[name].map { "\($0)" } ?? "" }
        func state(_ item: [String: Any], _ name: String) -> String {
            text(item["state"] as? [String: Any] ?? [:], name)
        }
        let ended = Dictionary(
            items.filter { $0["endTime"] != nil }.map { (text($0, "key"), $0) }, uniquingKeysWith: { first, _ in first }
        )
        #expect(ended.count > 20)
        #expect(Set(ended.values.map { state($0, "status") }).count > 1)
        let created = items.map { text($0, "timeCreated") }
        #expect(created == created.sorted(by: >), "newest first, over all requests")

        let rows = CSVReader.rows(try service.runtop("runs", "--output", "csv").output)
        let names = try #require(rows.first)
        var compared = 0
        for row in rows.dropFirst() {
            let cells = Dictionary(zip(names, row)) { first, _ in first }
            guard let item = ended[cells["key"] ?? ""] else { continue }
            compared += 1
            for name in ["jobKey", "jobName", "name", "launched", "createdBy", "createdByName", "runAs"] {
                #expect(cells[name] == text(item, name), "\(name)")
            }
            #expect(cells["executionDuration"] == text(item, "executionDuration"))
            #expect(cells["status"] == state(item, "status"))
            #expect(cells["stateMessage"] == state(item, "stateMessage"))
            // The service formats its times with milliseconds, in the same format.
            #expect(cells["timeCreated"] == text(item, "timeCreated"), "\(cells["timeCreated"] ?? "")")
            #expect(cells["timeUpdated"] == text(item, "timeUpdated"))
            for name in ["startTime", "endTime"] {
                let date = try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(cells[name] ?? "")
                let milliseconds = date.map { Int64(($0.timeIntervalSince1970 * 1_000).rounded()) }
                #expect(milliseconds.map(String.init) ?? "" == text(item, name))
            }
        }
        #expect(compared > 20)

        let table = try service.runtop("runs").output.split(separator: "\n")
        let title = try #require(table.first)
        let places = ["STATUS", "JOB", "RUN", "CREATED", "TIME", "TRIGGER", "WHO", "CAUSE"].compactMap { name in
            title.range(of: name).map { title.distance(from: title.startIndex, to: $0.lowerBound) }
        }
        #expect(places.count == 8)
        compared = 0
        for line in table.dropFirst() {
            let ends = places.dropFirst() + [line.count]
            let cells = zip(places, ends).map { start, end in
                String(line.dropFirst(start).prefix(end - start)).trimmingCharacters(in: .whitespaces)
            }
            guard let item = ended[cells[2]] else { continue }
            compared += 1
            #expect(cells[0] == state(item, "status"))
            #expect(cells[1] == text(item, "jobName"))
            #expect(cells[3].dropLast() == text(item, "timeCreated").prefix(19), "\(cells)")
            #expect(cells[5] == text(item, "launched"))
            #expect(cells[6] == text(item, "createdByName"))
            #expect(cells[7] == "-" || !["SUCCESS", "CANCELED", "SKIPPED"].contains(cells[0]), "\(cells)")
        }
        #expect(compared > 20)
    }

    @Test("a job key or job name that does not exist is an error with status 66")
    func nothingThere() throws {
        let service = try Service("--jobs", "3")
        let key = try service.runtop("runs", "--job-key", "nope")
        #expect(key.status == 66, "\(key.errors)")
        #expect(key.errors.contains("Check --job-key: nope."), "\(key.errors)")
        #expect(key.output.hasPrefix("STATUS  JOB"))
        let name = try service.runtop("runs", "--job-name", "nope", "--output", "json")
        #expect(name.status == 66, "\(name.errors)")
        #expect(name.errors.contains("no job has a name that contains “nope”."), "\(name.errors)")
        let all = try objects(try service.runtop("runs", "--output", "jsonl", "--record-count", "1").output)
        let known = try #require(all.first?["jobKey"] as? String)
        let partly = try service.runtop("runs", "--output", "jsonl", "--job-key", known, "--job-key", "nope")
        #expect(partly.status == 66, "\(partly.errors)")
        #expect(partly.errors.contains("Check --job-key: nope."), "\(partly.errors)")
        #expect(try !objects(partly.output).isEmpty)
        #expect(partly.output.contains(known))
        #expect(try Program.run(Program.runtop, ["runs", "--help"]).output.contains("66 when"))
        let none = try Service("--jobs", "0").runtop("runs")
        #expect(none.status == 0, "\(none.errors)")
        #expect(none.errors == "runtop: the workspace lists no jobs.\n", "\(none.errors)")
    }

    @Test("--job-key and --job-name select jobs")
    func scopes() throws {
        let service = try Service("--jobs", "40")
        let all = try service.runtop("runs", "--output", "jsonl", "--record-count", "1")
        let run = try #require(try objects(all.output).first)
        let (key, name) = (try #require(run["jobKey"] as? String), try #require(run["jobName"] as? String))
        let one = try service.runtop("runs", "--output", "jsonl", "--record-count", "3", "--job-key", key)
        #expect(one.output.split(separator: "\n").count == 3)
        let named = try service.runtop("runs", "--output", "jsonl", "--record-count", "1", "--job-name", name)
        #expect(named.output.contains(key))
        #expect(named.output.split(separator: "\n").count < 40)
    }

    @Test(
        "each fault of the service has its message and its exit status",
        arguments: [
            ("429", 75, "429"), ("500", 69, "500"), ("html", 76, "HTML"), ("half", 76, "JSON"),
            ("malformed", 76, "JSON"),
            ("drop", 69, "closed"), ("expired-token", 77, "401"), ("skew:10m", 77, "clock"), ("hang", 75, "within 1 s"),
        ])
    func failures(_ fault: String, _ status: Int32, _ text: String) throws {
        let service = try Service("--jobs", "3", "--fault", fault)
        let ended = try service.runtop("runs", "--timeout", "1")
        #expect(ended.status == status, "\(ended.errors)")
        #expect(ended.errors.contains(text), "\(ended.errors)")
        #expect(ended.output.isEmpty)
    }

    @Test("a wrong workspace, a wrong key and an unreachable service have different messages")
    func wrongPlaces() throws {
        let (service, other) = (try Service("--jobs", "1"), try Service("--jobs", "1"))
        let workspace = try service.runtop("runs", "--workspace-key", "nowhere")
        #expect(workspace.status == 77, "\(workspace.errors)")
        #expect(workspace.errors.contains("workspace key"), "\(workspace.errors)")
        let key = try service.runtop("runs", "--config-file", other.configFile.path)
        #expect(key.status == 77, "\(key.errors)")
        #expect(key.errors.contains("401"), "\(key.errors)")
        service.stop()
        let nobody = try service.runtop("runs", "--endpoint", service.address)
        #expect(nobody.status == 69, "\(nobody.errors)")
        let refused = try other.runtop("runs", "--endpoint", service.address)
        #expect(refused.status == 69)
        #expect(refused.errors.contains(/Nothing listens|refused/), "\(refused.errors)")
    }

    @Test("the error for a port in use names it, and suggests port 0")
    func takenPort() throws {
        let service = try Service("--jobs", "1")
        let state = try TemporaryFolder()
        let ended = try Program.run(
            Program.runtop, ["simulate", "--port", "\(service.port)"], environment: ["XDG_STATE_HOME": state.url.path])
        #expect(ended.status == 69)
        #expect(ended.errors.contains("127.0.0.1:\(service.port): Address already in use."))
        #expect(ended.errors.contains("0 takes any free one"), "\(ended.errors)")
    }

    @Test("when the reader closes the pipe, the program ends without a message")
    func closedPipe() throws {
        let service = try Service("--jobs", "40")
        let ended = try Program.run(
            "sh", ["-c", "\"$RUNTOP\" runs --output json --record-count 10 | head -c 10"],
            environment: service.environment.merging(["RUNTOP": Program.runtop]) { $1 })
        #expect(ended.status == 0, "\(ended.errors.prefix(300))")
        #expect(ended.errors.isEmpty, "\(ended.errors.prefix(300))")
        #expect(ended.output.utf8.count == 10)
    }

    @Test("a 404 suggests the other API version, which reaches the instance")
    func olderVersion() throws {
        let service = try Service("--jobs", "1", "--api-version", "20240831")
        let newer = try service.runtop("runs")
        #expect(newer.status == 77, "\(newer.errors)")
        #expect(newer.errors.contains("older API version"), "\(newer.errors)")
        let newest = try Service("--jobs", "1").runtop("runs", "--api-version", "20240831")
        #expect(newest.errors.contains("newer API version (try --api-version 20260430)"), "\(newest.errors)")
        let older = try service.runtop("runs", "--api-version", "20240831", "--output", "jsonl")
        #expect(older.status == 0, "\(older.errors)")
        #expect(!older.output.isEmpty, "\(older.errors)")
    }

    @Test("an invalid settings file is rejected with the reason")
    func wrongSettings() throws {
        let folder = try TemporaryFolder()
        let cases = [
            ("colour: pink", "unknown setting colour; known: instance-id, "), ("theme: pink", "theme is “pink”"),
            ("interval: 1s", "2s to 1h"),
            ("limit: 26", "limit is 26"), ("keys: {refresh: [q]}", "would mean"), ("keys: {fly: [x]}", "fly"),
            ("a: [", "line 2"), ("auth: magic", "auth is “magic”"), ("timeout: 0", "timeout is 0, and may be 1 to 600"),
            ("timeout: fast", "timeout must be a number"), ("limit: [1]", "limit must be a single value"),
            ("refresh-session: perhaps", "refresh-session must be true or false"),
            ("- a\n- b", "it is a list, and must be a mapping"),
            ("hello", "it is a single value, and must be a mapping"),
            ("limit: 1\nlimit: 2", "line 1: limit is set twice"), ("keys: [a]", "keys must be a mapping"),
            ("keys: {refresh: {r: r}}", "keys.refresh must be a list"),
            ("keys: {refrsh: [r]}", "unknown action refrsh; known: up,"),
            ("keys: {refrsh: r}", "unknown action refrsh; known: up,"),
            ("keys: {refresh: [ctrl-foo]}", "unknown key ctrl-foo; a key is a single character"),
            ("log-level: loud", "log-level is “loud”, and may be trace, debug"),
            ("profile: {a: b}", "profile must be a single value"),
            ("a: \u{1}", "it is not a text file: control characters are not allowed"),
            ("a: \0", "it is not a text file in UTF-8"),
            (String(repeating: "#", count: 70_000), "it is larger than 64 KiB"),
            (String(repeating: "[", count: 20_000), "nesting level"),
            (String(repeating: "- ", count: 20_000), "nesting level"),
            (Self.aliasBomb, "it has more than 8 aliases"),
        ]
        for (text, problem) in cases {
            let file = folder.file("settings.yaml")
            try Data(text.utf8).write(to: file)
            let ended = try Program.run(
                "timeout",
                ["60", Program.runtop, "runs", "--instance-id", "i", "--workspace-key", "w", "--settings", file.path])
            #expect(ended.status == 78, "\(text.prefix(80)): \(ended.status) \(ended.errors)")
            #expect(ended.errors.contains(problem), "\(text.prefix(80)): \(ended.errors)")
            #expect(ended.errors.contains(file.path), "\(text.prefix(80)): \(ended.errors)")
        }
    }

    /// A setting whose name is a nested list with 2^40 values. A parser that compares names would visit all of them.
    private static let aliasBomb =
        "a0: &a0 [x, x]\n" + (1...40).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]\n" }.joined() + "? *a40\n: 1\n"

    @Test(
        "a settings file that is not a regular file is rejected with the reason",
        arguments: ["folder", "pipe", "device"])
    func unreadableSettings(_ kind: String) throws {
        let folder = try TemporaryFolder()
        let pipe = try folder.pipe()
        let path = ["folder": folder.url.path, "pipe": pipe, "device": "/dev/zero"][kind] ?? ""
        let ended = try Program.run("timeout", ["60", Program.runtop, "runs", "--settings", path])
        #expect(ended.status == 66, "\(ended.errors)")
        #expect(
            ended.errors.hasPrefix("runtop: The settings file \(path) cannot be read: it is not a regular file.\n"),
            "\(ended.errors)")
    }

    @Test("the settings file in the source is accepted")
    func shippedSettings() throws {
        let service = try Service("--jobs", "1")
        let ended = try service.runtop("runs", "--settings", repositoryFile("config/runtop.yaml").path)
        #expect(ended.status == 0, "\(ended.errors)")
    }
}
