import Foundation
import TestThreads
import Testing

/// The command line as a script meets it: output, errors, exit statuses.
@Suite("The command line", .blocking)
struct CommandLineTests {
    @Test(
        "what is wrong with the arguments is said, with an exit status of sysexits.h",
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
        ])
    func wrongArguments(_ arguments: [String], _ status: Int32, _ said: String) throws {
        let ended = try Program.run(Program.runtop, arguments)
        #expect(ended.status == status)
        #expect(ended.errors.contains(said), "\(ended.errors)")
        #expect(ended.output.isEmpty)
    }

    @Test("without a terminal the dashboard says so, and names runtop runs", arguments: [[], ["watch"], ["demo"]])
    func noTerminal(_ arguments: [String]) throws {
        let ended = try Program.run(Program.runtop, arguments)
        #expect((64...78).contains(ended.status))
        #expect(ended.errors.contains("runtop runs"))
    }

    @Test("an unknown profile is refused with the profiles there are")
    func unknownProfile() throws {
        let service = try Service("--jobs", "1")
        let ended = try service.runtop("runs", "--profile", "NOBODY")
        #expect(ended.status == 78)
        #expect(ended.errors.contains("NOBODY") && ended.errors.contains("DEFAULT"), "\(ended.errors)")
    }

    /// The objects of JSON lines.
    private func objects(_ lines: String) throws -> [[String: Any]] {
        try lines.split(separator: "\n").map { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
            return try #require(object as? [String: Any])
        }
    }

    @Test("every job's runs are there, for 1, 12 and 500 jobs", arguments: [1, 12, 500])
    func scale(_ count: Int) throws {
        let service = try Service("--jobs", "\(count)")
        let ended = try service.runtop("runs", "--output", "jsonl", "--record-count", "2")
        #expect(ended.status == 0, "\(ended.errors)")
        let runs = try objects(ended.output)
        let jobs = Set(runs.compactMap { $0["jobKey"] as? String })
        #expect(jobs.count == count)
        #expect(runs.count == Set(runs.compactMap { $0["key"] as? String }).count)
        #expect(runs.allSatisfy { $0["timeCreated"] is String && $0["state"] is [String: Any] })
    }

    @Test("the formats: a table for people, the API's own JSON, CSV")
    func formats() throws {
        let service = try Service("--jobs", "3", "--seed", "7")
        let table = try service.runtop("runs")
        #expect(table.output.hasPrefix("STATUS"))
        let json = try service.runtop("runs", "--output", "json")
        let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
        let collection = try #require(object as? [String: Any])
        #expect(collection.keys.sorted() == ["items"])
        let csv = try service.runtop("runs", "--output", "csv")
        #expect(csv.output.hasPrefix("key,jobKey,jobName,name,status,launched,timeCreated"))
    }

    @Test("job keys can be named, and jobs narrowed by name")
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
        "a failing service is said in words, with a status a script can act on",
        arguments: [
            ("429", 75, "429"), ("500", 69, "500"), ("html", 76, "HTML"), ("half", 76, "JSON"),
            ("malformed", 76, "JSON"),
            ("drop", 69, "closed"), ("expired-token", 77, "401"), ("skew:10m", 77, "clock"), ("hang", 75, "within 1 s"),
        ])
    func failures(_ fault: String, _ status: Int32, _ said: String) throws {
        let service = try Service("--jobs", "3", "--fault", fault)
        let ended = try service.runtop("runs", "--timeout", "1")
        #expect(ended.status == status, "\(ended.errors)")
        #expect(ended.errors.contains(said), "\(ended.errors)")
        #expect(ended.output.isEmpty)
    }

    @Test("a wrong workspace, a wrong key, and nobody there, each in its own words")
    func wrongPlaces() throws {
        let (service, other) = (try Service("--jobs", "1"), try Service("--jobs", "1"))
        let workspace = try service.runtop("runs", "--workspace-key", "nowhere")
        #expect(workspace.status == 77 && workspace.errors.contains("workspace key"), "\(workspace.errors)")
        let config = try #require(other.environment["OCI_CLI_CONFIG_FILE"])
        let key = try service.runtop("runs", "--config-file", config)
        #expect(key.status == 77 && key.errors.contains("401"), "\(key.errors)")
        let gone = try #require(service.environment["AIDP_ENDPOINT"])
        service.stop()
        let nobody = try service.runtop("runs", "--endpoint", gone)
        // Its key went with it, so name the other's.
        #expect(nobody.status == 66, "\(nobody.errors)")
        let refused = try other.runtop("runs", "--endpoint", gone)
        #expect(
            refused.status == 69 && refused.errors.contains("Nothing listens") || refused.errors.contains("refused"),
            "\(refused.errors)")
    }

    @Test("a port that is taken is said so, with the port that never is")
    func takenPort() throws {
        let service = try Service("--jobs", "1")
        let port = try #require(service.environment["AIDP_ENDPOINT"]?.split(separator: ":").last)
        let ended = try Program.run(Program.runtop, ["simulate", "--port", "\(port)"])
        #expect(ended.status == 69 && ended.errors.contains("127.0.0.1:\(port): Address already in use."))
        #expect(ended.errors.contains("0 takes any free one"), "\(ended.errors)")
    }

    @Test("a reader that has had enough ends it without a word")
    func closedPipe() throws {
        let service = try Service("--jobs", "40")
        let ended = try Program.run(
            "sh", ["-c", "\"$RUNTOP\" runs --output json --record-count 10 | head -c 10"],
            environment: service.environment.merging(["RUNTOP": Program.runtop]) { $1 })
        #expect(ended.status == 0 && ended.errors.isEmpty, "\(ended.errors.prefix(300))")
        #expect(ended.output.utf8.count == 10)
    }

    @Test("an instance on an older version of the API is a 404 that says so, and is reached by that version")
    func olderVersion() throws {
        let service = try Service("--jobs", "1", "--api-version", "20240831")
        let newer = try service.runtop("runs")
        #expect(newer.status == 77 && newer.errors.contains("older API version"), "\(newer.errors)")
        let newest = try Service("--jobs", "1").runtop("runs", "--api-version", "20240831")
        #expect(newest.errors.contains("newer API version (try --api-version 20260430)"), "\(newest.errors)")
        let older = try service.runtop("runs", "--api-version", "20240831", "--output", "jsonl")
        #expect(older.status == 0 && !older.output.isEmpty, "\(older.errors)")
    }

    @Test("a settings file that is wrong is refused with what is wrong in it")
    func wrongSettings() throws {
        let folder = try TemporaryFolder()
        let cases = [
            ("colour: pink", "colour is no setting"), ("theme: pink", "theme is “pink”"), ("interval: 1s", "2s to 1h"),
            ("limit: 26", "limit is 26"), ("keys: {refresh: [q]}", "would mean"), ("keys: {fly: [x]}", "fly"),
            ("a: [", "line 2"), ("auth: magic", "auth is “magic”"), ("timeout: 0", "timeout is 0, and may be 1 to 600"),
            ("timeout: fast", "timeout must be a number"), ("limit: [1]", "limit must be a single value"),
            ("refresh-session: perhaps", "refresh-session must be true or false"),
        ]
        for (text, said) in cases {
            let file = folder.file("settings.yaml")
            try Data(text.utf8).write(to: file)
            let ended = try Program.run(
                Program.runtop, ["runs", "--instance-id", "i", "--workspace-key", "w", "--settings", file.path])
            #expect(ended.status == 78, "\(text): \(ended.errors)")
            #expect(ended.errors.contains(said) && ended.errors.contains(file.path), "\(text): \(ended.errors)")
        }
    }

    @Test("the settings that come with the source are what they say: the defaults")
    func shippedSettings() throws {
        let service = try Service("--jobs", "1")
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "config/runtop.yaml")
        let ended = try service.runtop("runs", "--settings", file.path)
        #expect(ended.status == 0, "\(ended.errors)")
    }
}
