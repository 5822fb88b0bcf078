import Foundation
import Runs
import Synchronization
import Testing

@testable import AIDP
@testable import Actions

/// What is sent, what is not sent, and how the outcome is found.
@Suite("Carrying out actions")
struct SenderTests {
    private let pauses = Pauses()

    final class Pauses: Sendable {
        let all = Mutex<[Duration]>([])
    }

    private func sender(_ service: FakeWorkspace, _ store: (any ActionJournal)? = nil) -> ActionSender {
        ActionSender(
            service: service, journal: SessionJournal(store: store),
            actor: .init(systemUser: "ada", principal: "ocid1.user.oc1..ada"),
            environment: .init(
                now: { FakeWorkspace.moment }, newToken: { "token" },
                sleep: { [pauses] pause in pauses.all.withLock { $0.append(pause) } }))
    }

    private func permitted(_ verb: RunAction.Verb, known status: RunStatus = .failed) throws -> PermittedAction {
        let isTrigger = if case .trigger = verb { true } else { false }
        let target = ActionTarget(
            job: FakeWorkspace.job, jobName: "orders", run: isTrigger ? nil : FakeWorkspace.run,
            known: isTrigger ? nil : .init(status: status, updated: FakeWorkspace.moment))
        let gate = ActionGate(allowsActions: true, place: FakeWorkspace.place, placeName: "prod")
        return try gate.permission(for: ActionRequest(RunAction(verb, of: target), confirmed: .yes))
    }

    @Test("an action is sent once, with its token and the version of the run, and confirmed by reading the run")
    func once() async throws {
        for (verb, status) in [
            (RunAction.Verb.repair(RunRepair(.rerun, tasks: ["load"])), "FAILED"), (.cancel, "RUNNING"),
            (.trigger([RunParameter(name: "day", value: "2")]), "FAILED"),
        ] {
            let service = FakeWorkspace { $0.status = status }
            let action = try permitted(verb, known: RunStatus(wireValue: status))
            let record = await sender(service).carryOut(action, placeName: "prod")
            #expect(record.outcome == .confirmed, "\(record.answer)")
            #expect(record.requestID == "request")
            #expect(service.sent.count == 1)
            #expect(service.sent.first?.action == action.action)
            #expect(service.sent.first?.options.retryToken == "token")
            #expect(service.sent.first?.options.ifMatch == (record.action.target.run == nil ? nil : "v1"))
            #expect(record.startedRun == (record.action.target.run == nil ? "new" : nil))
        }
    }

    @Test("a run that has changed since the question is refused, and nothing is sent")
    func changed() async throws {
        for change: @Sendable (inout FakeWorkspace.State) -> Void in [
            { $0.status = "RUNNING" }, { $0.etag = "v2" },
        ] {
            let service = FakeWorkspace(change)
            let record = await sender(service).carryOut(try permitted(.repair(RunRepair())), placeName: "prod")
            #expect(record.outcome == .refused)
            #expect(record.answer.contains("FAILED when you were asked"), "\(record.answer)")
            #expect(service.sent.isEmpty)
        }
    }

    @Test("a run of another job than the one that was shown is refused, and nothing is sent")
    func otherJob() async throws {
        let service = FakeWorkspace { $0.jobKey = "other" }
        let record = await sender(service).carryOut(try permitted(.repair(RunRepair())), placeName: "prod")
        #expect(record.outcome == .refused)
        #expect(record.answer == "The run is of another job, other.")
        #expect(service.sent.isEmpty)
    }

    @Test("a missing run or job is refused, an unreadable one is a failure; nothing is sent for either")
    func gone() async throws {
        for verb in [RunAction.Verb.repair(RunRepair()), .trigger([])] {
            let gone = FakeWorkspace { $0.lookFails = FakeWorkspace.error(.notFound, status: 404) }
            let record = await sender(gone).carryOut(try permitted(verb), placeName: "prod")
            #expect(record.outcome == .refused)
            #expect(record.answer.contains("gone"))
            let silent = FakeWorkspace { $0.lookFails = FakeWorkspace.error(.timedOut, status: nil) }
            #expect(await sender(silent).carryOut(try permitted(verb), placeName: "prod").outcome == .failed)
            #expect(gone.sent.isEmpty && silent.sent.isEmpty)
        }
    }

    @Test(
        "what the service rejects is refused, and what never reached the service has failed",
        arguments: [
            (.unexpectedStatus, 412, .refused), (.unexpectedStatus, 409, .refused), (.forbidden, 403, .refused),
            (.badRequest, 400, .refused), (.unauthorized, 401, .refused), (.clockSkew(seconds: 600), 401, .refused),
            (.expiredToken, nil, .failed), (.rateLimited, 429, .failed), (.connectionRefused, nil, .failed),
        ] as [(ServiceError.Kind, Int?, ActionRecord.Outcome)])
    func refused(_ kind: ServiceError.Kind, _ status: Int?, _ outcome: ActionRecord.Outcome) async throws {
        let service = FakeWorkspace {
            ($0.failure, $0.isCarriedOut) = (FakeWorkspace.error(kind, status: status), false)
        }
        let record = await sender(service).carryOut(try permitted(.repair(RunRepair())), placeName: "prod")
        #expect(record.outcome == outcome)
        #expect(record.requestID == "request")
        #expect(service.sent.count == 1)
        #expect(pauses.all.withLock { $0.isEmpty }, "there is nothing to wait for")
    }

    @Test("after a lost answer an action is “sent, not confirmed” until the run shows that it was carried out")
    func lostThenFound() async throws {
        for (verb, status) in [
            (RunAction.Verb.repair(RunRepair()), "FAILED"), (.cancel, "RUNNING"), (.trigger([]), ""),
        ] {
            let service = FakeWorkspace {
                $0.status = status
                $0.failure = FakeWorkspace.error(.timedOut, status: nil, isOpen: true)
            }
            let journal = FakeJournal()
            let states = Mutex<[ActionRecord.Outcome]>([])
            let record = await sender(service, journal).carryOut(
                try permitted(verb, known: RunStatus(wireValue: status)), placeName: "prod"
            ) { record, _ in states.withLock { $0.append(record.outcome) } }
            #expect(record.outcome == .confirmed, "\(record.answer)")
            #expect(states.withLock { $0 } == [.sent, .unconfirmed, .confirmed])
            #expect(journal.outcomes == [.sent, .unconfirmed, .confirmed])
            #expect(service.sent.count == 1, "it is not sent again")
        }
    }

    @Test("after a lost answer it stays “sent, not confirmed” if the run shows nothing for a minute")
    func lost() async throws {
        for verb in [RunAction.Verb.repair(RunRepair()), .trigger([])] {
            let service = FakeWorkspace {
                ($0.failure, $0.isCarriedOut) = (
                    FakeWorkspace.error(.connectionLost, status: nil, isOpen: true), false
                )
            }
            let record = await sender(service).carryOut(try permitted(verb), placeName: "prod")
            #expect(record.outcome == .unconfirmed)
            #expect(record.answer.contains("words"), "\(record.answer)")
            #expect(service.sent.count == 1)
        }
        #expect(pauses.all.withLock { $0.reduce(.zero, +) } == .seconds(120), "a minute each")
    }

    @Test("a run that ends before it could be canceled is not reported as canceled")
    func endedByItself() async throws {
        let service = FakeWorkspace {
            $0.status = "RUNNING"
            ($0.failure, $0.isCarriedOut) = (FakeWorkspace.error(.timedOut, status: nil, isOpen: true), false)
        }
        let action = try permitted(.cancel, known: .running)
        let record = await sender(service).carryOut(action, placeName: "prod") { record, _ in
            if record.outcome == .unconfirmed { service.change { ($0.status, $0.etag) = ("SUCCESS", "v2") } }
        }
        #expect(record.outcome == .refused)
        #expect(record.answer.contains("SUCCESS"))
    }

    @Test("the journal contains the action before it is sent, so that a crash in between leaves “sent, not confirmed”")
    func journal() async throws {
        let (service, journal) = (FakeWorkspace(), FakeJournal())
        let before = Mutex<[Int]>([])
        _ = await sender(service, journal).carryOut(try permitted(.repair(RunRepair())), placeName: "prod") {
            record, _ in
            if record.outcome == .sent { before.withLock { $0 = [journal.outcomes.count, service.sent.count] } }
        }
        #expect(before.withLock { $0 } == [1, 0])
        let sent = ActionRecord(
            id: "t", action: try permitted(.cancel).action, begun: FakeWorkspace.moment,
            actor: .init(systemUser: "ada", principal: "p"), placeName: "prod")
        #expect(sent.outcomeWords == "sent, not confirmed")
    }

    @Test("a journal that cannot be written does not prevent a repair, and is reported")
    func brokenJournal() async throws {
        let service = FakeWorkspace()
        let said = Mutex<String?>(nil)
        let record = await sender(service, FakeJournal(isBroken: true)).carryOut(
            try permitted(.repair(RunRepair())), placeName: "prod"
        ) { _, problem in said.withLock { $0 = problem } }
        #expect(record.outcome == .confirmed)
        #expect(said.withLock { $0 } == "The journal is not written: the disk is full.")
    }

    @Test("without a history the journal of the session is in memory, and says so")
    func memoryOnly() async throws {
        let journal = SessionJournal(store: nil)
        let action = try permitted(.cancel).action
        for (id, seconds) in [("a", 0.0), ("b", 5)] {
            var record = ActionRecord(
                id: id, action: action, begun: FakeWorkspace.moment.addingTimeInterval(seconds),
                actor: .init(systemUser: "ada", principal: "p"), placeName: "prod")
            await journal.keep(record)
            record.outcome = .confirmed
            await journal.keep(record)
        }
        let contents = await journal.contents()
        #expect(contents.records.map(\.id) == ["b", "a"])
        #expect(contents.records.allSatisfy { $0.outcome == .confirmed })
        #expect(contents.note?.contains("ends with the session") == true)
    }
}
