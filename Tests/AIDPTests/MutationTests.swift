import HTTP
import Testing

@testable import AIDP

/// Operations that change something, with scripted answers.
@Suite("Mutations")
struct MutationTests {
    private let run = #"{"key":"r"}"#

    private func header(_ name: String, _ request: HTTPRequest) -> String? {
        request.headers.first { $0.name == name }?.value
    }

    @Test("a mutation without a given token creates its own, the same in every attempt")
    func token() async throws {
        let scene = try Scene(.error(503, "Busy", "later"), .reply(200, run))
        _ = try await scene.client.cancelJobRun("r", MutationOptions(ifMatch: "v1"))
        let requests = scene.transport.requests
        #expect(requests.count == 2)
        #expect(requests.allSatisfy { $0.method == "POST" })
        #expect(requests.allSatisfy { header("if-match", $0) == "v1" })
        let tokens = requests.compactMap { header("opc-retry-token", $0) }
        #expect(tokens.count == 2)
        #expect(Set(tokens).count == 1)
        #expect(tokens.first?.isEmpty == false)
        #expect(requests[0].target.hasSuffix("/jobRuns/r/actions/cancel"))
    }

    @Test("a mutation is not retried after a 409")
    func conflict() async throws {
        let scene = try Scene(.error(409, "IncorrectState", "it has ended"))
        let error = await #expect(throws: ServiceError.self) { try await scene.client.cancelJobRun("r") }
        #expect(error?.attempts == 1)
        #expect(error?.code == "IncorrectState")
    }

    @Test(
        "only a mutation whose outcome is unknown says that it may have been carried out",
        arguments: [
            (.fails(.timedOut), true), (.fails(.connectionLost), true), (.fails(.responseTooLarge), true),
            (.fails(.malformedResponse), true), (.fails(.connectionRefused), false), (.fails(.nameResolution), false),
            (.error(400, "C", "m"), false), (.error(404, "C", "m"), false),
        ] as [(ScriptedTransport.Line, Bool)])
    func outcomes(_ line: ScriptedTransport.Line, isUnknown: Bool) async throws {
        let scene = try Scene(line)
        let error = await #expect(throws: ServiceError.self) { try await scene.client.runJob("j") }
        #expect(error?.advice.contains("may have been carried out") == isUnknown)
        #expect(error?.mayHaveBeenCarriedOut == isUnknown)
        let read = await #expect(throws: ServiceError.self) { try await scene.client.jobRun("r") }
        #expect(read?.advice.contains("may have been carried out") == false, "it changes nothing")
    }

    @Test("a refusal after a lost answer leaves the outcome unknown: the first attempt may have succeeded")
    func refusedAfterLoss() async throws {
        let scene = try Scene(.fails(.connectionLost), .error(409, "IncorrectState", "it is active"))
        let error = await #expect(throws: ServiceError.self) {
            try await scene.client.repairJobRun(.init(jobRunKey: "r"))
        }
        #expect(error?.status == 409)
        #expect(error?.mayHaveBeenCarriedOut == true)
        let plain = try Scene(.error(412, "NoEtagMatch", "another version"))
        let refused = await #expect(throws: ServiceError.self) { try await plain.client.cancelJobRun("r") }
        #expect(refused?.mayHaveBeenCarriedOut == false)
    }

    @Test("a mutation that may have been carried out was sent with one token")
    func unknownOutcome() async throws {
        let scene = try Scene(.fails(.connectionLost))
        let error = await #expect(throws: ServiceError.self) { try await scene.client.runJob("j") }
        #expect(error?.advice.contains("may have been carried out") == true)
        #expect(Set(scene.transport.requests.compactMap { header("opc-retry-token", $0) }).count == 1)
    }

    @Test("the body contains what the caller gave, and nothing else")
    func bodies() async throws {
        let scene = try Scene(.reply(200, run))
        _ = try await scene.client.runJob("a/b", parameters: [Parameter(name: "n", value: "v\"")])
        _ = try await scene.client.repairJobRun(RepairJobRunRequest(jobRunKey: "r", taskKeys: ["t"], mode: .rerun))
        _ = try await scene.client.repairJobRun(RepairJobRunRequest(jobRunKey: "r"))
        _ = try await scene.client.fetchOutput(FetchOutputRequest(taskRunKey: "t", outputKey: "o"))
        let bodies = scene.transport.requests.map { String(decoding: $0.body ?? [], as: UTF8.self) }
        #expect(
            bodies == [
                #"{"jobKey":"a/b","parameters":[{"name":"n","value":"v\""}]}"#,
                #"{"repairMode":"RERUN","taskKeys":["t"]}"#, #"{"repairMode":"RESUME"}"#, #"{"outputKey":"o"}"#,
            ])
    }

    @Test("a key or a token that cannot be sent is rejected before anything is sent", arguments: ["", ".", ".."])
    func badKeys(key: String) async throws {
        let scene = try Scene(.reply(200, run))
        for call in [
            { try await scene.client.cancelJobRun(key) }, { try await scene.client.jobRun(key) },
            { try await scene.client.cancelJobRun("r", MutationOptions(retryToken: "a\r\nb")) },
        ] as [@Sendable () async throws -> Fetched<JobRunDetails>] {
            let error = await #expect(throws: ServiceError.self) { try await call() }
            #expect(error?.kind == .invalidRequest)
        }
        #expect(scene.transport.requests.isEmpty)
    }
}
