import Testing

@testable import AIDPClient

@Suite struct PageWalkTests {
    private func page(_ key: String, next: String? = nil) -> ScriptedTransport.Line {
        .reply(200, #"{"items":[{"key":"\#(key)"},{}]}"#, next.map { ["opc-next-page": $0] } ?? [:])
    }

    @Test("the walk follows the tokens to the end and adds everything up")
    func complete() async throws {
        let scene = try Scene(page("a", next: "t/1"), .error(500, "E", "m"), page("b", next: "t2"), page("c", next: ""))
        let walk = await scene.client.allRecentJobRuns(RecentJobRunsRequest(jobKeys: ["j"], recordCount: 3))
        #expect(walk.items.map(\.key) == ["a", "b", "c"])
        #expect(walk.flaws.count == 3)
        #expect(walk.end == .complete)
        #expect(walk.requests == 3)
        #expect(walk.attempts == 4)
        let targets = scene.transport.requests.map(\.target)
        #expect(targets.map { $0.contains("page=") } == [false, true, true, true])
        #expect(targets[1].contains("page=t%2F1") && targets[1].contains("recordCount=3"))
    }

    @Test("a token that comes again ends the walk, and it says so", arguments: [["t", "t"], ["t", "u", "t"]])
    func circle(_ tokens: [String]) async throws {
        let transport = ScriptedTransport(tokens.map { page("k", next: $0) })
        let client = AIDPClient(
            endpoint: try .test(), settings: ClientSettings(), signing: .standIn(), transport: transport,
            surroundings: TestTime().surroundings)
        let walk = await client.allJobs()
        #expect(walk.end == .stopped("the service sent the same page token again"))
        #expect(walk.requests == tokens.count)
        #expect(walk.items.count == tokens.count)
    }

    @Test("the walk stops at the page cap, and it says so")
    func cap() async throws {
        let scene = try Scene(page("a", next: "1"), page("b", next: "2"), page("c", next: "3"))
        let walk = await scene.client.allTaskRuns(ListTaskRunsRequest(jobRunKey: "r"), pageCap: 2)
        #expect(walk.end == .stopped("stopped after 2 pages, though there are more"))
        #expect(walk.items.map(\.key) == ["a", "b"])
        #expect(scene.transport.requests.count == 2)
    }

    @Test("an error ends the walk and keeps what came before it")
    func failed() async throws {
        let scene = try Scene(page("a", next: "1"), .error(404, "NotFound", "m"))
        let walk = await scene.client.allJobs()
        #expect(walk.items.map(\.key) == ["a"])
        guard case .failed(let error) = walk.end else {
            Issue.record("the walk ended with \(walk.end)")
            return
        }
        #expect(error.kind == .notFound)
        #expect(walk.attempts == 2)
    }

    @Test("a token too long to be sent back ends the walk as an error, not as the end")
    func hugeToken() async throws {
        let scene = try Scene(page("a", next: String(repeating: "t", count: 5000)))
        let walk = await scene.client.allJobs()
        guard case .failed(let error) = walk.end else {
            Issue.record("the walk ended with \(walk.end)")
            return
        }
        #expect(error.kind == .invalidRequest)
    }
}
