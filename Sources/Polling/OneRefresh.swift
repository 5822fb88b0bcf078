import AIDP
import Foundation
import Runs

/// The result of one pass over the jobs: all that came, and all that went wrong.
package struct Refresh: Sendable, Equatable {
    package var jobs: [Job] = []
    /// Chunk by chunk in the order of the jobs; within a chunk as the service sent them.
    package var runs: [JobRun] = []
    /// The same as the service sent them, those that belong to no job included.
    package var items: [JobRunSummary] = []
    /// The jobs that were not answered, or not in an answer that is not whole: their runs are unknown, not absent.
    package var unanswered: [JobID] = []
    package var errors: [ServiceError] = []
    /// Items and fields that could not be read, and runs of no job that was asked for.
    package var flaws = 0
    /// What else an operator should know.
    package var notes: [String] = []
    package var requests = 0
    package var retries = 0

    package init() {}
}

/// Lists the jobs if the settings do not name them, and asks for the runs of every one, a few requests at once.
///
/// It is one cycle of the plan that the dashboard polls by, without a budget: a chunk that is refused is cut, and a
/// service that fails or asks for fewer requests is not asked for the rest. `now` places the moment of a 429.
package func oneRefresh(
    of service: any WorkflowService, place: Place, settings: PollingSettings, now: @Sendable () -> Date = { Date() }
) async -> Refresh {
    let fetcher = Fetcher(service: service, place: place, settings: settings)
    var pass = SinglePass(settings: settings, place: place)
    await withTaskGroup(of: SinglePass.Arrival.self) { group in
        var underWay = 0
        while true {
            while let request = pass.next() {
                underWay += 1
                group.addTask { await SinglePass.Arrival(of: request, from: fetcher) }
            }
            guard underWay > 0, let arrival = await group.next() else { return }
            underWay -= 1
            pass.handle(arrival, at: now())
        }
    }
    return pass.result()
}

/// The state of the pass: the plan, and what has come so far.
private struct SinglePass {
    /// An answer, with the request it belongs to.
    enum Arrival: Sendable {
        case jobs(Fetcher.Answer<[Job]>)
        case runs([JobID], Fetcher.Answer<Fetcher.ChunkRuns>)

        /// Carries a request out.
        init(of request: SinglePass.Request, from fetcher: Fetcher) async {
            switch request {
            case .jobs: self = .jobs(await fetcher.jobs())
            case .runs(let chunk): self = .runs(chunk, await fetcher.runs(of: chunk))
            }
        }
    }

    enum Request: Sendable {
        case jobs
        case runs(of: [JobID])
    }

    private var plan: PollingPlan
    private var refresh = Refresh()
    private var answered: [(chunk: [JobID], found: Fetcher.ChunkRuns)] = []
    private var isOver = false

    init(settings: PollingSettings, place: Place) {
        plan = PollingPlan(settings: settings, place: place, unmetered: true)
        refresh.jobs = plan.watched.map { Job(id: $0) }
    }

    /// The next request; `nil` when an answer must come first, or nothing is left.
    mutating func next() -> Request? {
        while !isOver {
            // No time passes for the plan: a single pass waits for nothing.
            switch plan.next(at: .zero, random: { $0.lowerBound }) {
            case .begin: continue
            case .ask(.jobs): return .jobs
            case .ask(.runs(let chunk)): return .runs(of: chunk)
            case .ask(.tasks), .wait: return nil
            case .end(let end):
                refresh.notes += end.notes
                isOver = true
            }
        }
        return nil
    }

    mutating func handle(_ arrival: Arrival, at date: Date) {
        switch arrival {
        case .jobs(let answer):
            count(answer)
            switch answer.result {
            case .success(let jobs):
                refresh.jobs = jobs
                plan.listed(jobs.map(\.id), cost: answer.cost, at: .zero)
            case .failure(let error):
                refresh.errors.append(error)
                _ = plan.failed(.jobs, error, cost: answer.cost, at: .zero, wall: date)
            }
        case .runs(let chunk, let answer):
            count(answer)
            switch answer.result {
            case .success(let found):
                answered.append((chunk.filter { !found.missing.contains($0) }, found))
                plan.answered(chunk, active: [], missing: found.missing, cost: answer.cost, at: .zero)
            case .failure(let error):
                let failure = plan.failed(.runs(of: chunk), error, cost: answer.cost, at: .zero, wall: date)
                if !failure.isRetriedInParts { refresh.errors.append(error) }
            }
        }
    }

    private mutating func count<Value>(_ answer: Fetcher.Answer<Value>) {
        refresh.requests += answer.cost.requests
        refresh.retries += answer.cost.retries
        refresh.flaws += answer.flaws.count
        refresh.notes.appendNew([answer.note, answer.gap])
    }

    /// The whole result, in the order of the jobs, whatever the order the answers came in.
    func result() -> Refresh {
        var result = refresh
        let positions = Dictionary(
            refresh.jobs.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        func position(_ chunk: [JobID]) -> Int { chunk.first.flatMap { positions[$0] } ?? .max }
        for (_, found) in answered.sorted(by: { position($0.chunk) < position($1.chunk) }) {
            result.runs += found.runs
            result.items += found.items
        }
        let known = Set(answered.flatMap(\.chunk))
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
