import Foundation
import Testing

@testable import AIDPSimulator

@Suite("Faults") struct FaultTests {
    @Test(
        "are read from text",
        arguments: [
            ("429", Fault(.status(429))), ("429:30", Fault(.status(429, retryAfter: 30))),
            ("500@20%", Fault(.status(500), probability: 0.2)),
            ("status:503,for=jobs", Fault(.status(503), operation: .jobs)),
            ("500,for=listJobRuns", Fault(.status(500), operation: .jobRuns)),
            ("500,for=jobRuns", Fault(.status(500), operation: .jobRuns)),
            ("500,for=getTaskRun", Fault(.status(500), operation: .taskRun)),
            ("slow:250ms", Fault(.slow(.milliseconds(250)))),
            ("slow:1.5s@50%,for=taskRuns", Fault(.slow(.milliseconds(1_500)), probability: 0.5, operation: .taskRuns)),
            ("skew:6m", Fault(.skew(.seconds(360)))), ("drop", Fault(.drop)), ("malformed", Fault(.malformed)),
            ("half", Fault(.half)),
            ("html", Fault(.html)), ("expired-token", Fault(.expiredToken)), ("wrong-key", Fault(.wrongKey)),
            ("hang", Fault(.hang)),
        ])
    func grammar(text: String, fault: Fault) throws {
        #expect(try Fault(text) == fault)
    }

    @Test(
        "that are invalid are rejected with a list of the allowed ones",
        arguments: [
            "", "nonsense", "429:x", "429:-1", "status:600", "status:100", "slow", "slow:3", "slow:25h", "slow:-1s",
            "500@0%", "500@101%",
            "500@20", "500,for=unknown", "500,jobs", "drop:1",
        ])
    func refused(text: String) throws {
        let error = #expect(throws: SimulatorError.self) { try Fault(text) }
        let sentence = try #require(error).description
        #expect(sentence.contains("\"\(text)\""))
        #expect(sentence.contains("expired-token"))
        #expect(sentence.contains("recentJobRuns, jobRuns (or listJobRuns), jobRun (or getJobRun)"))
    }

    @Test("accept every operation by the names that the client has for it")
    func names() {
        let names = ServedOperation.allCases.flatMap { [$0.rawValue, $0.clientName ?? $0.rawValue] }
        #expect(Set(names.map { ServedOperation(named: $0) }) == Set(ServedOperation.allCases))
        #expect(ServedOperation(named: "listRecentJobRuns") == nil)
    }

    @Test("apply to the named operation and fraction of requests", arguments: [0.05, 0.5, 1])
    func shares(probability: Double) {
        let faults = [Fault(.drop, probability: probability, operation: .jobs)]
        var dice = Dice(seed: 1)
        let struck = (0..<4_000).filter { _ in FaultDraw(faults, operation: .jobs, dice: &dice).decisive == .drop }
            .count
        #expect(abs(Double(struck) / 4_000 - probability) < 0.03)
        #expect(
            FaultDraw(faults, operation: .taskRuns, dice: &dice) == FaultDraw([], operation: .taskRuns, dice: &dice))
    }

    @Test("add up their delays; of the others the first applies")
    func sums() {
        var dice = Dice(seed: 1)
        let draw = FaultDraw(
            [
                Fault(.slow(.seconds(1))), Fault(.slow(.seconds(2))), Fault(.skew(.seconds(3))), Fault(.half),
                Fault(.drop),
            ],
            operation: nil, dice: &dice)
        #expect(draw.delay == .seconds(3))
        #expect(draw.skew == 3_000)
        #expect(draw.decisive == .half)
    }

    /// The effect of one fault on a client.
    private func seen(_ fault: Fault) async throws -> Session.Answer {
        try await withSimulator {
            $0.faults = [fault]
        } body: {
            try await $0.get("/jobs?limit=5")
        }
    }

    @Test("have the documented effect over HTTP")
    func wire() async throws {
        let limited = try await seen(Fault(.status(429, retryAfter: 7)))
        #expect(limited.status == 429)
        #expect(limited.code == "TooManyRequests")
        #expect(limited.headers["retry-after"] == "7")
        #expect(try await seen(Fault(.status(500))).code == "InternalServerError")
        let expired = try await seen(Fault(.expiredToken))
        #expect(expired.status == 401)
        #expect(expired.message.contains("expired"))
        #expect(try await seen(Fault(.wrongKey)).message.contains("Failed to verify"))
        let page = try await seen(Fault(.html))
        #expect(page.status == 200)
        #expect(page.headers["content-type"]?.hasPrefix("text/html") == true)
        #expect(page.json.isEmpty)
        for fault in [Fault(.half), Fault(.malformed)] {
            let broken = try await seen(fault)
            #expect(broken.status == 200)
            #expect(!broken.text.isEmpty)
            #expect(broken.json.isEmpty)
        }
        let skewed = try await seen(Fault(.skew(.seconds(600))))
        #expect(skewed.status == 401)
        #expect(skewed.message.contains("clock skew"))
        #expect(HTTPDate.moment(skewed.headers["date"] ?? "") == 1_793_693_645_000)
    }

    @Test("of the connection close it in the middle, or never answer")
    func connection() async throws {
        await #expect(throws: (any Error).self) { try await seen(Fault(.drop)) }
        try await withSimulator {
            $0.faults = [Fault(.hang)]
        } body: { session async throws in
            let target = session.workspace + "/jobs"
            let hanging = Task { try await session.get(target: target) }
            while await session.simulator.requestsServed == 0 { await Task.yield() }
            hanging.cancel()
            await #expect(throws: (any Error).self) { try await hanging.value }
        }
    }

    @Test("can be replaced while it runs")
    func injected() async throws {
        try await withSimulator { session async throws in
            await session.simulator.inject([Fault(.status(503))])
            #expect(try await session.get("/jobs").status == 503)
            await session.simulator.inject([])
            #expect(try await session.get("/jobs").status == 200)
        }
    }

    @Test(
        "accept an argument up to its limit",
        arguments: [
            ("429:0", true), ("429:86400", true), ("429:86401", false), ("status:200", true), ("status:599", true),
            ("status:199", false), ("slow:0s", true), ("slow:1440m", true), ("slow:86400001ms", false),
            ("500@100%", true), ("500@0.1%", true), ("500@100.1%", false), ("half:2", false), ("html@", false),
            ("500,for=jobs", true), ("500,for=Jobs", false), ("500,only=jobs", false), ("429", true), ("skew", false),
        ])
    func faultArguments(_ text: String, _ isAllowed: Bool) {
        #expect(((try? Fault(text)) != nil) == isAllowed)
    }

    @Test("have durations in ms, s or m")
    func durations() throws {
        #expect(try Fault("slow:2ms").effect == .slow(.milliseconds(2)))
        #expect(try Fault("slow:2s").effect == .slow(.seconds(2)))
        #expect(try Fault("skew:2m").effect == .skew(.seconds(120)))
    }

    @Test(
        "with a status have the API's error code for it",
        arguments: [
            (400, "InvalidParameter"), (401, "NotAuthenticated"), (404, "NotAuthorizedOrNotFound"),
            (409, "IncorrectState"), (429, "TooManyRequests"), (500, "InternalServerError"),
            (503, "ServiceUnavailable"), (501, "InternalServerError"), (418, "SimulatedFault"),
        ])
    func statusFaults(_ status: Int, _ code: String) async throws {
        try await withSimulator {
            $0.faults = [Fault(.status(status))]
        } body: { session async throws in
            let answer = try await session.get("/jobs")
            #expect(answer.status == status)
            #expect(answer.code == code)
            #expect(answer.message.contains("\(status)"))
            #expect(answer.headers["retry-after"] == nil)
            #expect(answer.headers["location"] == nil)
            #expect(answer.headers["content-length"] == "\(answer.text.utf8.count)")
        }
    }

    @Test("of one operation do not affect the others, over HTTP as well")
    func faultOfOne() async throws {
        try await withSimulator {
            $0.faults = [Fault(.status(500), operation: .jobs)]
        } body: { session async throws in
            #expect(try await session.get("/jobs").status == 500)
            #expect(try await session.get(session.recentJobRuns(jobs: 1)).status == 200)
        }
    }

    @Test("cut an answer to its first half, or replace its colons")
    func spoiled() async throws {
        let whole = try await withSimulator { try await $0.get("/jobs?limit=2") }
        func spoiled(_ effect: Fault.Effect) async throws -> Session.Answer {
            try await withSimulator {
                $0.faults = [Fault(effect)]
            } body: {
                try await $0.get("/jobs?limit=2")
            }
        }
        let half = try await spoiled(.half)
        #expect(whole.text.hasPrefix(half.text))
        #expect(half.text.utf8.count == (whole.text.utf8.count + 1) / 2)
        #expect(half.headers["content-length"] == "\(half.text.utf8.count)")
        #expect(try await spoiled(.malformed).text == whole.text.replacing(":", with: "="))
    }

    @Test("move the service's clock; with a small skew no signature is rejected")
    func clock() async throws {
        let answer = try await withSimulator {
            $0.faults = [Fault(.skew(.seconds(120)))]
        } body: {
            try await $0.get("/jobs?limit=1")
        }
        #expect(answer.status == 200)
        #expect(HTTPDate.moment(answer.headers["date"] ?? "") == 1_793_693_165_000)
    }
}
