import Foundation
import Runs
import Synchronization

@testable import AIDP
@testable import Actions

/// A service with one job and one run. It counts the requests, and loses answers if the test says so.
final class FakeWorkspace: ActionService {
    static let place = Place(instanceID: "instance", workspaceKey: "workspace")
    static let job = JobID(place: place, key: "job")
    static let run = RunID(job: job, key: "run")
    static let moment = Date(timeIntervalSince1970: 1_777_638_896)

    struct State: Sendable {
        var status = "FAILED"
        var attempts = 1
        var etag = "v1"
        /// The job that the run is of.
        var jobKey = "job"
        /// The runs of the job that were started manually.
        var started: [String] = []
        /// The requests, with their tokens and versions.
        var sent: [(action: RunAction, options: MutationOptions)] = []
        /// The answer to each request for the run from now on; `nil` for the run.
        var lookFails: ServiceError?
        /// The answer to the next action; `nil` for success.
        var failure: ServiceError?
        /// Whether the action is carried out, whatever the answer.
        var isCarriedOut = true
        var looks = 0
        /// The number of reads after which a change becomes visible.
        var delay = 0
    }

    private let state: Mutex<State>

    init(_ change: (inout State) -> Void = { _ in }) {
        var state = State()
        change(&state)
        self.state = Mutex(state)
    }

    var sent: [(action: RunAction, options: MutationOptions)] { state.withLock { $0.sent } }

    func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }

    func jobRun(_ key: String, includingTaskRuns: Bool) throws(ServiceError) -> Fetched<JobRunDetails> {
        let (state, isHidden) = state.withLock { state in
            state.looks += 1
            return (state, state.looks <= state.delay)
        }
        if let error = state.lookFails { throw error }
        if isHidden { throw Self.error(.timedOut, status: nil) }
        return Fetched(item: Self.details(key, state), flaws: [], etag: state.etag, opcRequestID: "look", attempts: 1)
    }

    func job(_ key: String) throws(ServiceError) -> Fetched<JobDetails> {
        if let error = state.withLock({ $0.lookFails }) { throw error }
        let details = JobDetails(
            summary: JobSummary(key: key, name: "orders"), parameters: [Parameter(name: "day", value: "1")])
        return Fetched(item: details, flaws: [], attempts: 1)
    }

    func listJobRuns(_ request: ListJobRunsRequest) throws(ServiceError) -> Page<JobRunSummary> {
        let started = state.withLock { $0.started }
        return Page(
            items: (["run"] + started).map { key in
                var run = JobRunSummary(key: key)
                run.launched = key == "run" ? "SCHEDULED" : "MANUAL"
                run.state = RunState(status: "QUEUED")
                return run
            })
    }

    func carryOut(
        _ permitted: PermittedAction, _ options: MutationOptions
    ) throws(ServiceError) -> Fetched<JobRunDetails> {
        let (state, failure) = state.withLock { state in
            state.sent.append((permitted.action, options))
            if state.isCarriedOut {
                state.etag = "v2"
                switch permitted.action.verb {
                case .repair: (state.status, state.attempts) = ("QUEUED", 2)
                case .cancel: state.status = "CANCELING"
                case .trigger: state.started.append("new")
                }
            }
            return (state, state.failure)
        }
        if let failure { throw failure }
        let key = permitted.action.target.run == nil ? "new" : "run"
        return Fetched(item: Self.details(key, state), flaws: [], etag: "v2", opcRequestID: "request", attempts: 1)
    }

    private static func details(_ key: String, _ state: State) -> JobRunDetails {
        var summary = JobRunSummary(key: key)
        summary.jobKey = state.jobKey
        summary.state = RunState(status: key == "run" ? state.status : "QUEUED")
        summary.timeUpdated = moment.addingTimeInterval(state.etag == "v1" ? 0 : 10)
        var details = JobRunDetails(summary: summary)
        details.repairHistory = state.attempts < 2 ? [] : (0..<state.attempts).map { .init(key: Int64($0)) }
        return details
    }

    static func error(_ kind: ServiceError.Kind, status: Int?, isOpen: Bool = false) -> ServiceError {
        var error = ServiceError(
            operation: "repairJobRun", kind: kind, status: status, code: "Code", message: "words",
            opcRequestID: "request", attempts: 1)
        error.mayHaveBeenCarriedOut = isOpen
        return error
    }
}

/// The store of a journal, which records every state that was stored.
final class FakeJournal: ActionJournal {
    private let records = Mutex<[ActionRecord]>([])
    private let isBroken: Bool

    init(isBroken: Bool = false) { self.isBroken = isBroken }

    struct Broken: ReasonedError { var reason: String { "the disk is full." } }

    var outcomes: [ActionRecord.Outcome] { records.withLock { $0.map(\.outcome) } }

    func keep(_ record: ActionRecord) async throws {
        if isBroken { throw Broken() }
        records.withLock { $0.append(record) }
    }

    func newestActions(_ most: Int) async throws -> [ActionRecord] {
        if isBroken { throw Broken() }
        return records.withLock { Array($0.reversed().prefix(most)) }
    }
}
