import AIDP
import Foundation
import Runs
import TestSupport

@testable import Polling

/// A plan living through days in an instant: time jumps from one event to the next, and a function plays the service.
struct PlanSimulation {
    enum Reply {
        case jobs([JobID])
        /// The jobs with a run that is not over.
        case runs(active: Set<JobID>)
        /// An incomplete answer, without a run of some jobs.
        case part(missing: [JobID])
        case tasks
        case failure(ServiceError)
        /// What each job's newest runs are, or what a list contains.
        case these([JobRun])
    }

    struct Sent {
        let at: Duration
        let request: PollRequest

        var jobs: [JobID] {
            if case .runs(let jobs) = request { jobs } else { [] }
        }
    }

    struct Ended {
        let at: Duration
        let notes: [String]
        /// The interval in effect from here.
        let interval: Duration
        let phase: PollingPlan.Phase
        /// When the next cycle begins.
        var next: Duration? {
            switch phase {
            case .waiting(let next), .backingOff(let next, _): next
            case .polling, .pausing, .paused: nil
            }
        }
    }

    /// The wall clock when the monotonic one says zero.
    static let epoch = Date(timeIntervalSince1970: 1_800_000_000)

    var plan: PollingPlan
    var now: Duration = .zero
    var latency: Duration = .milliseconds(80)
    /// How long a request takes that is not like the others.
    var latencyOf: (PollRequest) -> Duration? = { _ in nil }
    /// What each request costs.
    var cost = RequestCost()
    var service: (PollRequest, Duration) -> Reply
    private(set) var sent: [Sent] = []
    private(set) var began: [Duration] = []
    private(set) var ended: [Ended] = []
    private(set) var failed: [JobID] = []
    private(set) var givenUp: [JobID] = []
    /// When each job was last answered.
    private(set) var answered: [JobID: Duration] = [:]
    /// All moments at which each job was answered.
    private(set) var answers: [JobID: [Duration]] = [:]
    /// When lists confirmed each job last.
    private(set) var confirmed: [JobID: Duration] = [:]
    private(set) var confirmations: [(at: Duration, jobs: [JobID])] = []
    /// What lists contained that was news.
    private(set) var found: [JobRun] = []
    private(set) var backfill: [BackfillProgress] = []
    /// The longest list of new runs.
    private(set) var mostListed = 0
    /// How much this machine's clock is ahead, in seconds.
    var wallError: TimeInterval = 0
    /// What the service's answers say of its time.
    var serviceDate: (Duration) -> Date? = { _ in nil }
    /// Why an answer is incomplete, if it is.
    var gap: (PollRequest, Duration) -> String? = { _, _ in nil }
    private(set) var mostUnderWay = 0
    private var underWay: [(request: PollRequest, due: Duration)] = []
    private var noise = Noise(seed: 7)

    init(_ settings: PollingSettings, service: @escaping (PollRequest, Duration) -> Reply) {
        plan = PollingPlan(settings: settings, place: .test)
        self.service = service
    }

    /// A plan that asks for every job in turn, whatever lists there are.
    static func askingForAll(
        _ settings: PollingSettings, service: @escaping (PollRequest, Duration) -> Reply
    ) -> PlanSimulation {
        var settings = settings
        settings.usesSweep = false
        return PlanSimulation(settings, service: service)
    }

    /// Counts anew how many requests are under way at once.
    mutating func forgetMost() { mostUnderWay = 0 }

    /// Lives until a moment.
    mutating func run(until end: Duration) {
        while true {
            let wake = takeSteps()
            let arrival = underWay.map(\.due).min()
            guard let next = [wake, arrival].compactMap({ $0 }).min(), next <= end else { break }
            now = max(now, next)
            while let index = underWay.firstIndex(where: { $0.due <= now }) {
                deliver(underWay.remove(at: index).request)
            }
        }
        now = end
    }

    /// Lives through so many more cycles, an hour each at the most.
    mutating func run(cycles: Int) {
        let goal = ended.count + cycles
        let limit = now + .seconds(3600 * cycles)
        while ended.count < goal, now < limit { run(until: now + .milliseconds(100)) }
    }

    private mutating func takeSteps() -> Duration? {
        while true {
            switch plan.next(at: now, random: { noise.next(in: $0) }) {
            case .begin: began.append(now)
            case .ask(let request):
                sent.append(Sent(at: now, request: request))
                underWay.append((request, now + (latencyOf(request) ?? latency)))
                mostUnderWay = max(mostUnderWay, underWay.count)
            case .end(let notes):
                ended.append(Ended(at: now, notes: notes, interval: plan.pace.effective, phase: plan.phase))
            case .wait(let moment): return moment
            }
        }
    }

    private mutating func deliver(_ request: PollRequest) {
        let content = content(of: service(request, now), to: request)
        let wall = Self.epoch.addingTimeInterval(now / .seconds(1) + wallError)
        let outcome = plan.apply(
            Answer(content: content, gap: gap(request, now), cost: cost, serviceDate: serviceDate(now)), at: now,
            wall: wall)
        failed += outcome.failure?.failed ?? []
        givenUp += outcome.failure?.givenUp ?? []
        if outcome.confirmedAt != nil {
            for job in outcome.confirmed { confirmed[job] = now }
            confirmations.append((now, outcome.confirmed))
        }
        found += outcome.found
        if case .listed(let runs, .newRuns) = content { mostListed = max(mostListed, runs.count) }
        if let progress = outcome.backfill { backfill.append(progress) }
        if case .runs(let found) = content {
            for job in found.answered {
                answered[job] = now
                answers[job, default: []].append(now)
            }
        }
    }

    private func content(of reply: Reply, to request: PollRequest) -> Answer.Content {
        switch (reply, request) {
        case (.jobs(let jobs), _): return .jobs(jobs.map { Job(id: $0) })
        case (.runs(let active), .runs(let jobs)):
            let runs = jobs.filter(active.contains).map { JobRun(id: RunID("r", of: $0), status: .running) }
            return .runs(ChunkRuns(jobs: jobs, runs: runs))
        case (.part(let missing), .runs(let jobs)): return .runs(ChunkRuns(jobs: jobs, missing: missing))
        case (.failure(let error), _): return .failed(request, error)
        case (.these(let runs), .runs(let jobs)): return .runs(ChunkRuns(jobs: jobs, runs: runs))
        case (.these(let runs), _): return .listed(runs, request)
        case (_, .tasks(let run)): return .tasks([], of: run)
        default: return .jobs([])
        }
    }

    /// The requests sent from a moment on.
    func sent(from moment: Duration) -> [Sent] { sent.filter { $0.at >= moment } }

    /// The oldest answer of these jobs: how long ago, or `nil` when one was never answered.
    func oldestAnswer(of jobs: [JobID]) -> Duration? {
        let ages = jobs.compactMap { job in answered[job].map { now - $0 } }
        return ages.count == jobs.count ? ages.max() : nil
    }

    /// The requests of each cycle.
    var requestsPerCycle: [Int] {
        began.indices.map { index in
            let end = index + 1 < began.count ? began[index + 1] : now + .seconds(1)
            return sent.count { $0.at >= began[index] && $0.at < end }
        }
    }

    /// The most requests begun within any window of a length.
    func mostRequests(within window: Duration) -> Int {
        var most = 0
        var first = 0
        for last in sent.indices {
            while sent[last].at - sent[first].at > window { first += 1 }
            most = max(most, last - first + 1)
        }
        return most
    }

    /// How long each job waited between two requests for it, the longest of all; `nil` when one was never asked for.
    func longestGap(of jobs: [JobID], until end: Duration) -> Duration? {
        var last: [JobID: Duration] = [:]
        var longest: Duration = .zero
        for request in sent {
            for job in request.jobs {
                longest = max(longest, request.at - (last[job] ?? .zero))
                last[job] = request.at
            }
        }
        for job in jobs {
            guard let asked = last[job] else { return nil }
            longest = max(longest, end - asked)
        }
        return longest
    }
}

/// Numbers that look random and are the same every time.
struct Noise {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next(in range: ClosedRange<Double>) -> Double {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return range.lowerBound + Double(state >> 11) / Double(1 << 53) * (range.upperBound - range.lowerBound)
    }
}

/// `job-0`, `job-1`, …
func jobIDs(_ count: Int) -> [JobID] { (0..<count).map { JobID("job-\($0)") } }

func serviceError(_ kind: ServiceError.Kind, status: Int? = nil, retryAt: Date? = nil) -> ServiceError {
    ServiceError(operation: "recentJobRuns", kind: kind, status: status, retryAt: retryAt, attempts: 1)
}

/// A 429, and the moment it names to come back, if it names one.
func tooManyRequests(until moment: Date? = nil) -> ServiceError {
    var error = serviceError(.rateLimited, status: 429)
    error.retryAt = moment
    return error
}

extension PollingSettings.Scope {
    /// These jobs of the workspace of tests.
    static func jobs(_ jobs: [JobID]) -> Self { .keys(jobs.map(\.key)) }
}
