import AIDP
import Foundation
import Runs

/// The result of one pass over the jobs: all that came, and all that went wrong.
package struct Refresh: Sendable, Equatable {
    package var jobs: [Job] = []
    /// In the order of the jobs, request by request; the runs of one request as the service sent them.
    package var runs: [JobRun] = []
    /// The same runs as the service sent them, with those that belong to no job.
    package var items: [JobRunSummary] = []
    /// The jobs without an answer, or without a run in an incomplete one: their runs are unknown, not absent.
    package var unanswered: [JobID] = []
    package var errors: [ServiceError] = []
    /// Items and fields that could not be read, and runs of no job that was asked for.
    package var flaws = 0
    /// What else an operator should know.
    package var notes: [String] = []

    package init() {}
}

/// Lists the jobs if the settings do not name them, and asks for the runs of every one, a few requests at once.
///
/// It is one cycle of the plan that the dashboard polls by, without a budget: a chunk that is refused is cut, and a
/// service that fails or asks for fewer requests is not asked for the rest. `now` is the time of the wall clock.
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

/// The state of the pass: the plan, and what has come so far.
private struct SinglePass {
    private var plan: PollingPlan
    private var refresh = Refresh()
    private var answers: [ChunkRuns] = []
    private var isOver = false

    init(settings: PollingSettings, place: Place) {
        plan = PollingPlan(settings: settings, place: place, unmetered: true)
        refresh.jobs = plan.watched.map { Job(id: $0) }
    }

    /// The next request; `nil` when an answer must come first, or nothing is left.
    mutating func next() -> PollRequest? {
        while !isOver {
            // For the plan no time passes: a single pass waits for nothing but answers.
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

    /// The whole result, in the order of the jobs, whatever the order the answers came in.
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
    /// Appends the notes that are not there yet.
    mutating func appendNew(_ notes: [String?]) {
        for case let note? in notes where !contains(note) { append(note) }
    }
}
