import Runs
import Testing

@Suite("Statuses")
struct StatusTests {
    struct Expected: Sendable, CustomTestStringConvertible {
        let wire: String
        let status: RunStatus
        let meaning: RunStatus.Meaning
        var isWaiting = false

        var testDescription: String { wire }
    }

    static let table: [Expected] = [
        Expected(wire: "PENDING", status: .pending, meaning: .active, isWaiting: true),
        Expected(wire: "QUEUED", status: .queued, meaning: .active, isWaiting: true),
        Expected(wire: "RUNNING", status: .running, meaning: .active),
        Expected(wire: "SKIPPED", status: .skipped, meaning: .inconclusive),
        Expected(wire: "INTERNAL_ERROR", status: .internalError, meaning: .failed),
        Expected(wire: "BLOCKED", status: .blocked, meaning: .active, isWaiting: true),
        Expected(wire: "SUCCESS", status: .success, meaning: .succeeded),
        Expected(wire: "FAILED", status: .failed, meaning: .failed),
        Expected(wire: "CANCELING", status: .canceling, meaning: .active),
        Expected(wire: "CANCELED", status: .canceled, meaning: .inconclusive),
        Expected(wire: "UPSTREAM_CANCELED", status: .upstreamCanceled, meaning: .inconclusive),
        Expected(wire: "UPSTREAM_FAILED", status: .upstreamFailed, meaning: .failed),
        Expected(wire: "EXCLUDED", status: .excluded, meaning: .inconclusive),
        Expected(wire: "TIMED_OUT", status: .timedOut, meaning: .failed),
        Expected(wire: "PAUSED_MAINTENANCE", status: .pausedMaintenance, meaning: .active, isWaiting: true),
    ]

    @Test("reads and writes each documented value, with its meaning", arguments: table)
    func documented(expected: Expected) {
        let status = RunStatus(wireValue: expected.wire)
        #expect(status == expected.status)
        #expect(status.wireValue == expected.wire)
        #expect(status.meaning == expected.meaning)
        #expect(status.isActive == (expected.meaning == .active))
        #expect(status.isFailure == (expected.meaning == .failed))
        #expect(status.isWaiting == expected.isWaiting)
    }

    @Test("the documented values are these fifteen, in the order of the reference page")
    func fifteen() {
        #expect(RunStatus.documented.map(\.wireValue) == Self.table.map(\.wire))
    }

    @Test(
        "an unknown value keeps its text, and is neither finished nor a success",
        arguments: ["MELTED", "success", " SUCCESS", "SUCCESS\u{0}", "\u{1B}[31mFAILED"])
    func unknown(value: String) {
        let status = RunStatus(wireValue: value)
        #expect(status == .unknown(value))
        #expect(status.wireValue == value)
        #expect(status.meaning == .unknown)
        #expect(!status.isActive)
        #expect(!status.isFailure)
        #expect(!status.isWaiting)
    }

    @Test("a run without a status has the status “missing”", arguments: [nil, ""] as [String?])
    func missing(value: String?) {
        #expect(RunStatus(wireValue: value) == .missing)
        #expect(RunStatus(wireValue: value).meaning == .unknown)
    }

    @Test("every status has its own rank: failures first, unknown statuses next, success last")
    func severity() {
        let all = RunStatus.documented + [.unknown("X"), .missing]
        #expect(Set(all.map(\.severity)).count == all.count)
        let meanings = all.sorted { $0.severity < $1.severity }.map(\.meaning)
        var order: [RunStatus.Meaning] = []
        for meaning in meanings where order.last != meaning { order.append(meaning) }
        #expect(order == [.failed, .unknown, .active, .inconclusive, .succeeded])
    }

    @Test("a launch is known, unknown or absent; the documented default is not assumed")
    func launch() {
        #expect(Launch(wireValue: "SCHEDULED") == .scheduled)
        #expect(Launch(wireValue: "MANUAL") == .manual)
        #expect(Launch(wireValue: "API") == .unknown("API"))
        #expect(Launch(wireValue: nil) == nil)
        #expect(Launch(wireValue: "") == nil)
        #expect(Launch(wireValue: "API")?.wireValue == "API")
    }
}
