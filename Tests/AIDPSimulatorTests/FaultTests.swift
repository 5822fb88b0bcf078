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
        "that cannot be read are refused with all that could",
        arguments: [
            "", "nonsense", "429:x", "429:-1", "status:600", "status:100", "slow", "slow:3", "slow:25h", "slow:-1s",
            "500@0%", "500@101%",
            "500@20", "500,for=unknown", "500,jobs", "drop:1",
        ])
    func refused(text: String) throws {
        let error = #expect(throws: SimulatorError.self) { try Fault(text) }
        let sentence = try #require(error).description
        #expect(
            sentence.contains("\"\(text)\"") && sentence.contains("expired-token") && sentence.contains("recentJobRuns")
        )
    }

    @Test("apply to the operation and the share that they name", arguments: [0.05, 0.5, 1])
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
        #expect(draw.delay == .seconds(3) && draw.skew == 3_000 && draw.decisive == .half)
    }

    /// The effect of one fault on a client.
    private func seen(_ fault: Fault) async throws -> Session.Answer {
        try await withSimulator {
            $0.faults = [fault]
        } story: {
            try await $0.get("/jobs?limit=5")
        }
    }

    @Test("have the documented effect over HTTP")
    func wire() async throws {
        let limited = try await seen(Fault(.status(429, retryAfter: 7)))
        #expect(limited.status == 429 && limited.code == "TooManyRequests" && limited.headers["retry-after"] == "7")
        #expect(try await seen(Fault(.status(500))).code == "InternalServerError")
        let expired = try await seen(Fault(.expiredToken))
        #expect(expired.status == 401 && expired.message.contains("expired"))
        #expect(try await seen(Fault(.wrongKey)).message.contains("Failed to verify"))
        let page = try await seen(Fault(.html))
        #expect(page.status == 200 && page.headers["content-type"]?.hasPrefix("text/html") == true && page.json.isEmpty)
        for fault in [Fault(.half), Fault(.malformed)] {
            let broken = try await seen(fault)
            #expect(broken.status == 200 && !broken.text.isEmpty && broken.json.isEmpty)
        }
        let skewed = try await seen(Fault(.skew(.seconds(600))))
        #expect(skewed.status == 401 && skewed.message.contains("clock skew"))
        #expect(HTTPDate.moment(skewed.headers["date"] ?? "") == 1_793_693_645_000)
    }

    @Test("of the connection drop it in the middle, or never answer")
    func connection() async throws {
        await #expect(throws: (any Error).self) { try await seen(Fault(.drop)) }
        try await withSimulator {
            $0.faults = [Fault(.hang)]
        } story: { session async throws in
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
}
