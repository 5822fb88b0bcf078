import Foundation
import JSON
import Testing

@testable import AIDP

@Suite struct LenientDecodingTests {
    private func runs(_ items: String, keepsJSON: Bool = false) throws -> DecodedItems<JobRunSummary> {
        try DecodedItems(Array(#"{"items":[\#(items)]}"#.utf8), keepsJSON: keepsJSON)
    }

    @Test("every field of a job run and its state is decoded")
    func complete() throws {
        let decoded = try runs(
            """
            {"key":"k","jobKey":"j","jobName":"jn","name":"n","createdBy":"cb","createdByName":"cbn","runAs":"ra",
             "launched":"SCHEDULED","startTime":1777639000123,"endTime":"1777639001123","executionDuration":1000,
             "timeCreated":"2026-05-01T12:36:40Z","timeUpdated":"2026-05-01T14:36:41.5+02:00",
             "state":{"status":"FAILED","stateMessage":"sm","errorTrace":"et","isUserCanceledOrTimedOut":true}}
            """)
        var expected = JobRunSummary(key: "k")
        expected.jobKey = "j"
        expected.jobName = "jn"
        expected.name = "n"
        expected.createdBy = "cb"
        expected.createdByName = "cbn"
        expected.runAs = "ra"
        expected.launched = "SCHEDULED"
        expected.startTime = 1_777_639_000_123
        expected.endTime = 1_777_639_001_123
        expected.executionDuration = 1000
        expected.timeCreated = Date(timeIntervalSince1970: 1_777_639_000)
        expected.timeUpdated = Date(timeIntervalSince1970: 1_777_639_001.5)
        expected.state = RunState(
            status: "FAILED", stateMessage: "sm", errorTrace: "et", isUserCanceledOrTimedOut: true)
        #expect(decoded.items == [expected])
        #expect(decoded.flaws.isEmpty)
    }

    @Test("jobs and task runs are decoded")
    func otherItems() throws {
        let jobs = try DecodedItems<JobSummary>(
            Array(#"{"items":[{"key":"k","name":"n","path":"/p","createdByName":"c","timeCreated":null}]}"#.utf8),
            keepsJSON: false)
        #expect(jobs.items.first?.path == "/p")
        #expect(jobs.items.first?.name == "n")
        let tasks = try DecodedItems<TaskRunSummary>(
            Array(#"{"items":[{"key":"k","taskKey":"t","retryAttempt":2,"state":{"status":"NEW_ONE"}}]}"#.utf8),
            keepsJSON: false)
        #expect(tasks.items.first?.retryAttempt == 2)
        #expect(tasks.items.first?.state?.status == "NEW_ONE")
        #expect(jobs.flaws.isEmpty)
        #expect(tasks.flaws.isEmpty)
    }

    @Test("only the key is required, and null counts as absent")
    func minimal() throws {
        let decoded = try runs(#"{"key":"k","state":null,"startTime":null,"somethingNew":{"deep":[1]}}"#)
        #expect(decoded.items == [JobRunSummary(key: "k")])
        #expect(decoded.flaws.isEmpty)
    }

    @Test(
        "an item without a usable key adds a flaw, and the page is kept",
        arguments: [
            ("{}", "items[1].key is missing"), (#"{"key":null}"#, "items[1].key is missing"),
            (#"{"key":""}"#, "items[1].key is empty"), (#"{"key":5}"#, "items[1].key is a number, not a string"),
            ("7", "items[1] is a number, not an object"), ("null", "items[1] is null, not an object"),
            ("[]", "items[1] is an array, not an object"),
        ])
    func noKey(_ item: String, _ reason: String) throws {
        let decoded = try runs(#"{"key":"before"},\#(item),{"key":"after"}"#)
        #expect(decoded.items.map(\.key) == ["before", "after"])
        #expect(decoded.flaws == [ItemFlaw(index: 1, reason: reason, isItemLost: true)])
    }

    @Test(
        "an integer is a number or a numeric string, and nil if it is out of range",
        arguments: [
            ("1777639000123", 1_777_639_000_123), (#""1777639000123""#, 1_777_639_000_123), ("12.0", 12), ("1.2e1", 12),
            ("-1", -1), ("9223372036854775807", .max), ("9223372036854775808", nil), ("1e400", nil), ("-1e400", nil),
            ("1e18", nil), ("1.5", nil), (#""""#, nil), (#""soon""#, nil), (#""NaN""#, nil), (#""inf""#, nil),
            ("true", nil), ("[]", nil), ("{}", nil),
        ] as [(String, Int64?)])
    func integers(_ json: String, _ expected: Int64?) throws {
        let decoded = try runs(#"{"key":"k","startTime":\#(json)}"#)
        #expect(decoded.items.first?.startTime == expected)
        #expect(decoded.flaws.count == (expected == nil ? 1 : 0))
        #expect(decoded.flaws.allSatisfy { $0.reason.hasPrefix("items[0].startTime is ") })
    }

    @Test("a field of the wrong type is nil and named in the flaws, and the other fields are kept")
    func wrongTypes() throws {
        let decoded = try runs(
            """
            {"key":"k","jobKey":1,"name":"n","timeCreated":"yesterday","state":{"status":["FAILED"],"stateMessage":"m",
             "isUserCanceledOrTimedOut":"yes"}},{"key":"l","state":"FAILED"}
            """)
        #expect(decoded.items.map(\.name) == ["n", nil])
        #expect(decoded.items.first?.state == RunState(stateMessage: "m"))
        #expect(
            decoded.flaws.map(\.reason) == [
                "items[0].jobKey is a number, not a string",
                "items[0].timeCreated is not a date and time: yesterday",
                "items[0].state.status is an array, not a string",
                "items[0].state.isUserCanceledOrTimedOut is a string, not a boolean",
                "items[1].state is a string, not an object",
            ])
    }

    @Test("in a list, a map or an array a field of the wrong type adds a flaw, and only that field is missing")
    func wrongTypesWithin() throws {
        let jobs = try DecodedItems<JobSummary>(
            Array(
                #"{"items":[{"key":"k","clusters":["a",1,"b"],"jobClusters":[{"clusterKey":5,"clusterName":"n"},7]}]}"#
                    .utf8),
            keepsJSON: false)
        #expect(jobs.items.first?.clusters == ["a", "b"])
        #expect(jobs.items.first?.jobClusters == [JobCluster(clusterKey: nil, clusterName: "n")])
        #expect(
            jobs.flaws == [
                ItemFlaw(index: 0, reason: "items[0].clusters[1] is a number, not a string"),
                ItemFlaw(index: 0, reason: "items[0].jobClusters[0].clusterKey is a number, not a string"),
                ItemFlaw(index: 0, reason: "items[0].jobClusters[1] is a number, not an object"),
            ])
        let odd = try DecodedItems<JobSummary>(
            Array(#"{"items":[{"key":"k","clusters":"a","jobClusters":{}}]}"#.utf8), keepsJSON: false)
        #expect(odd.items.first?.clusters == [])
        #expect(
            odd.flaws.map(\.reason) == [
                "items[0].clusters is a string, not an array", "items[0].jobClusters is an object, not an array",
            ])
    }

    @Test("the flaws of the objects in a map name their path, in the order of the names")
    func maps() throws {
        var fields = FieldReader(
            try JSONParser.parse(Array(#"{"m":{"b":{"t":1},"a":{"t":"x"},"c":2}}"#.utf8)), path: "answer")
        let texts = fields.map("m") { $0.text("t") }
        #expect(texts == ["x", nil])
        #expect(fields.flaws == ["answer.m.b.t is a number, not a string", "answer.m.c is a number, not an object"])
        var wrong = FieldReader(try JSONParser.parse(Array(#"{"m":[]}"#.utf8)), path: "answer")
        #expect(wrong.map("m") { $0.text("t") }.isEmpty)
        #expect(wrong.flaws == ["answer.m is an array, not an object"])
        #expect(wrong.map("none") { $0.text("t") }.isEmpty)
        #expect(wrong.flaws.count == 1)
    }

    @Test("every field of a job and of a task run is decoded")
    func completeJobAndTask() throws {
        let job = try DecodedItems<JobSummary>(
            Array(
                #"""
                {"items":[{"key":"k","name":"n","path":"p","createdBy":"cb","createdByName":"cbn","updatedBy":"ub",
                "updatedByName":"ubn","runAs":"ra","timeCreated":"2026-05-01T12:36:40Z","timeUpdated":"2026-05-01T12:36:41Z",
                "schedule":{"quartzCronExpression":"q","timezoneId":"tz","pauseStatus":"ps"},"clusters":["c"],
                "jobClusters":[{"clusterKey":"ck","clusterName":"cn"}]}]}
                """#.utf8), keepsJSON: false)
        var expected = JobSummary(key: "k", name: "n")
        (expected.path, expected.createdBy, expected.createdByName) = ("p", "cb", "cbn")
        (expected.updatedBy, expected.updatedByName, expected.runAs) = ("ub", "ubn", "ra")
        expected.timeCreated = Date(timeIntervalSince1970: 1_777_639_000)
        expected.timeUpdated = Date(timeIntervalSince1970: 1_777_639_001)
        expected.schedule = Schedule(quartzCronExpression: "q", timezoneID: "tz", pauseStatus: "ps")
        expected.clusters = ["c"]
        expected.jobClusters = [JobCluster(clusterKey: "ck", clusterName: "cn")]
        #expect(job.items == [expected])
        let task = try DecodedItems<TaskRunSummary>(
            Array(
                #"""
                {"items":[{"key":"k","name":"n","taskKey":"t","jobRunKey":"r","startTime":1,"endTime":2,
                "state":{"status":"FAILED"},"retryAttempt":3}]}
                """#.utf8), keepsJSON: false)
        var expectedTask = TaskRunSummary(key: "k")
        (expectedTask.name, expectedTask.taskKey, expectedTask.jobRunKey) = ("n", "t", "r")
        (expectedTask.startTime, expectedTask.endTime, expectedTask.retryAttempt) = (1, 2, 3)
        expectedTask.state = RunState(status: "FAILED")
        #expect(task.items == [expectedTask])
    }

    @Test(
        "a body that is not a list is rejected with a sentence",
        arguments: [
            ("", "the answer is empty"), (" \n", "the answer is empty"),
            ("[]", "the answer is an array, not an object with “items”"),
            ("{}", "the answer has no “items”: it is not a list"),
            (#"{"items":null}"#, "“items” in the answer is null, not an array"),
            (#"{"items":{}}"#, "“items” in the answer is an object, not an array"),
            (#"{"items":[{"key":"a"}"#, "the answer is not valid JSON: it ends in the middle, at byte 21"),
            (
                "<!doctype html><html><head><TITLE>Sign in\n here</TITLE>",
                "the answer is HTML, not the service's JSON (a proxy or login page?): Sign in here"
            ),
            ("<html>", "the answer is HTML, not the service's JSON (a proxy or login page?)"),
        ])
    func noList(_ body: String, _ reason: String) {
        #expect(throws: DecodedItems<JobRunSummary>.Failure(reason: reason)) {
            try DecodedItems<JobRunSummary>(Array(body.utf8), keepsJSON: false)
        }
    }

    @Test("the JSON of an item is kept only if requested, with unknown fields and in the original order")
    func keptJSON() throws {
        let item = #"{"zeta":1.50,"key":"k","state":{"new":[]},"endTime":99999999999999999999}"#
        #expect(try runs(item, keepsJSON: true).items.first?.json?.text() == item)
        #expect(try runs(item).items.first?.json == nil)
    }
}
