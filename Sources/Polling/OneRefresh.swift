import AIDP
import Foundation
import Runs

/// The result of one pass over the jobs: all values and all errors.
package struct Refresh: Sendable, Equatable {
    package var jobs: [Job] = []
    /// In the order of the jobs, request by request; within a request, in the order in which the service sent them.
    package var runs: [JobRun] = []
    /// The same runs as the service sent them, including those that belong to no requested job.
    package var items: [JobRunSummary] = []
    /// The jobs without an answer, or without a run in an incomplete answer: their runs are unknown, not absent.
    package var unanswered: [JobID] = []
    package var errors: [ServiceError] = []
    /// How many items and fields could not be read, plus the runs of jobs that were not requested.
    package var flaws = 0
    /// Other notes for the operator.
    package var notes: [String] = []

    package init() {}
}

/// Lists the jobs if the settings do not name them, and requests the runs of every job, a few requests at once.
///
/// It is one cycle of the plan that the dashboard uses, without a budget. It splits a chunk that the service refuses, and
/// stops if the service fails or asks to wait. `now` returns the wall-clock time.
package func oneRefresh(
    of service: any WorkflowService, place: Place, settings: PollingSettings, now: @Sendable () -> Date = { Date() }
) async -> Refresh {
    let fetcher = Fetcher(service: service, place: place, settings: settings, keepsItems: true)
    var pass = SinglePass(settings: settings, place: place)
    await withTaskGroup(of: Answer.self) { group in
        var underWay = 0
        while true {
            while let request = pass.next() {
                underWay += 1
                group.addTask { await fetcher.answer(to: request) }
            }
            guard underWay > 0, let answer = await group.next() else { return }
            underWay -= 1
            pass.handle(answer, at: now())
        }
    }
    return pass.result()
}

/// The state of the pass: the plan, and the results so far.
private struct SinglePass {
    private var plan: PollingPlan
    private var refresh = Refresh()
    private var answers: [ChunkRuns] = []
    private var isOver = false

    init(settings: PollingSettings, place: Place) {
        plan = PollingPlan(settings: settings, place: place, unmetered: true)
        refresh.jobs = plan.watched.map { Job(id: $0) }
    }

    /// The next request; `nil` if an answer must arrive first, or no request is left.
    mutating func next() -> PollRequest? {
        while !isOver {
            // For the plan, no time passes: a single pass waits only for answers.
            switch plan.next(at: .zero, random: { $0.lowerBound }) {
            case .begin: continue
            case .ask(let request): return request
            case .wait: return nil
            case .end(let notes):
                refresh.notes += notes
                isOver = true
            }
        }
        return nil
    }

    mutating func handle(_ answer: Answer, at date: Date) {
        refresh.flaws += answer.flaws.count
        refresh.notes.appendNew([answer.note, answer.gap])
        let failure = plan.apply(answer, at: .zero, wall: date).failure
        switch answer.content {
        case .jobs(let jobs): refresh.jobs = jobs
        case .runs(let found): answers.append(found)
        case .tasks, .listed: break
        case .failed(_, let error): if failure?.isRetriedInParts != true { refresh.errors.append(error) }
        }
    }

    /// The whole result, in the order of the jobs, independent of the order of the answers.
    func result() -> Refresh {
        var result = refresh
        let positions = Dictionary(
            refresh.jobs.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        func position(_ found: ChunkRuns) -> Int { found.answered.first.flatMap { positions[$0] } ?? .max }
        for found in answers.sorted(by: { position($0) < position($1) }) {
            result.runs += found.runs
            result.items += found.items
        }
        let known = Set(answers.flatMap(\.answered))
        result.unanswered = refresh.jobs.map(\.id).filter { !known.contains($0) }
        return result
    }
}

extension [String] {
    /// Appends the notes that the array does not contain yet.
    mutating func appendNew(_ notes: [String?]) {
        for case let note? in notes where !contains(note) { append(note) }
    }
}
