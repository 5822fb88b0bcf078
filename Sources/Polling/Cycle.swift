import AIDP
import Foundation
import Runs

/// One pass over the jobs that are due: the requests still to send, those in flight, and their results.
struct Cycle: Sendable, Equatable {
    /// The cycle ends after this many failures in a row.
    static let mostFailuresInARow = 10

    /// How long other requests wait for the first request of a cycle.
    static let headStart: Duration = .seconds(1)

    /// Why a cycle sends no more requests.
    enum Stop: Sendable, Equatable {
        /// 429: the service asked for fewer requests.
        case rateLimited
        /// The operator paused.
        case paused
        /// All other requests would fail the same way.
        case hopeless
    }

    let began: Duration
    /// Whether the cycle before failed. The first request of this one tests whether the service answers again.
    let isProbe: Bool
    /// Whether the cycle ends if its first request fails, because the circuit breaker is open.
    let endsAtFirstFailure: Bool
    /// How many requests for runs this cycle may start with.
    var allowance: Int
    private(set) var queue: [PollRequest] = []
    private(set) var underWay = 0
    private(set) var done = 0
    /// The jobs that this cycle has requested or will request.
    private(set) var asked: Set<JobID> = []
    /// Set once the queue accepts no more requests.
    private(set) var stop: Stop?
    /// How many requests for runs were answered, including lists of runs.
    private(set) var answers = 0
    /// How many jobs with changes this cycle does not request; `nil` if no lists say which jobs have changes.
    private var leftOut: Int?
    private var failures = 0
    private var failuresInARow = 0
    private var expectedFailures = 0
    private var firstSent: Duration?
    private var tempo: Tempo
    private var hasSucceeded = false
    private var isRateLimited = false
    private var areCredentialsRefused = false
    /// The credentials could not sign a request, so nothing was sent.
    private var cannotSign = false
    /// How many queued jobs were not sent.
    private var unsent = 0
    private var notes: [String] = []

    /// - Parameter target: the longest time the cycle should take; `nil` for as fast as possible.
    init(began: Duration, isProbe: Bool, endsAtFirstFailure: Bool, allowance: Int, target: Duration?) {
        tempo = Tempo(target: target, began: began)
        self.began = began
        self.isProbe = isProbe
        self.endsAtFirstFailure = endsAtFirstFailure
        self.allowance = allowance
    }

    var isOver: Bool { queue.isEmpty && underWay == 0 }
    var total: Int { done + underWay + queue.count }

    /// When the next request may start; `nil` if there is none, or too many are in flight.
    ///
    /// The first request of a cycle is sent alone, because the other requests usually fail for the same reason. If the cycle
    /// before succeeded, the others wait for it for at most one second, so that one slow answer does not delay them.
    func nextOpening(concurrency: Int) -> Duration? {
        guard !queue.isEmpty, underWay < concurrency else { return nil }
        guard let firstSent, done == 0 || (isProbe && !hasSucceeded) else {
            return tempo.opening(waiting: queue.count)
        }
        if isProbe { return underWay == 0 ? began : nil }
        return max(firstSent + Self.headStart, tempo.opening(waiting: queue.count))
    }

    /// The result, from which the pace of the next cycle follows.
    var result: Pace.Result {
        if areCredentialsRefused { return cannotSign ? .cannotSign : .credentialsRefused }
        if isRateLimited { return .rateLimited }
        // The circuit breaker ignores jobs that are known to fail.
        let hasFailed = failures > (endsAtFirstFailure ? 0 : expectedFailures)
        return hasFailed && answers == 0 ? .nothingAnswered : .good
    }

    /// Notes for the operator. `watched` are the jobs watched, `budget` is the number of requests per minute.
    func notes(watched: [JobID], budget: Int) -> [String] {
        let notAsked = leftOut ?? watched.count { !asked.contains($0) }
        switch stop {
        case .rateLimited: return notes + note(unsent + notAsked, because: "the service asks for fewer requests")
        case .paused: return notes + note(unsent + notAsked, because: "paused")
        // The rows of those jobs show the reason.
        case .hopeless: return notes
        case nil: return notes + note(notAsked, because: "the budget is \(budget) requests a minute")
        }
    }

    private func note(_ jobs: Int, because reason: String) -> [String] {
        jobs > 0 ? ["\(jobs) \(jobs == 1 ? "job" : "jobs") not asked for this time: \(reason)"] : []
    }
}

// MARK: - What happens in it

extension Cycle {
    mutating func append(_ request: PollRequest) {
        queue.append(request)
    }

    /// Queues requests for the runs of these chunks.
    mutating func append(_ chunks: [[JobID]]) {
        allowance -= min(allowance, chunks.count)
        for chunk in chunks {
            asked.formUnion(chunk)
            queue.append(.runs(of: chunk))
        }
    }

    /// Queues requests for the jobs selected after the lists of runs.
    mutating func append(_ selection: Watchlist.Selection) {
        append(selection.chunks)
        leftOut = selection.leftOut
    }

    /// Queues the parts of a chunk that was split, before all other requests.
    mutating func retry(_ parts: [[JobID]], note: String) {
        queue.insert(contentsOf: parts.map { .runs(of: $0) }, at: 0)
        if !notes.contains(note) { notes.append(note) }
    }

    /// Splits the chunks in the queue that are larger than the service accepts.
    mutating func cutQueue(largestChunk: Int) {
        queue = queue.flatMap { request -> [PollRequest] in
            guard case .runs(let chunk) = request else { return [request] }
            return stride(from: 0, to: chunk.count, by: largestChunk).map { start in
                .runs(of: Array(chunk[start..<min(start + largestChunk, chunk.count)]))
            }
        }
    }

    /// Removes a request that is no longer needed from the queue.
    mutating func drop(_ request: PollRequest) { queue.removeAll { $0 == request } }

    /// Removes the next request from the queue and counts it as in flight; `nil` if the queue is empty.
    mutating func begin(at now: Duration) -> PollRequest? {
        guard !queue.isEmpty else { return nil }
        underWay += 1
        tempo.began(at: now)
        firstSent = firstSent ?? now
        return queue.removeFirst()
    }

    mutating func succeeded(_ request: PollRequest, at now: Duration) {
        end(at: now)
        hasSucceeded = true
        failuresInARow = 0
        if request.isForRuns { answers += 1 }
    }

    /// Records that the request was refused and that other requests replace it.
    mutating func cut(at now: Duration) { end(at: now) }

    /// Records that the request failed after all retries. Returns the jobs that are not requested because of it.
    ///
    /// `isExpected`: the request is for a job that is known to fail, so the failure does not count against the service.
    mutating func failed(
        _ request: PollRequest, _ error: ServiceError, isExpected: Bool = false, at now: Duration
    ) -> [JobID] {
        end(at: now)
        failures += 1
        if isExpected { expectedFailures += 1 } else { failuresInARow += 1 }
        if error.asksToWait {
            // If only a list is rate-limited, requests for runs do not slow down.
            rateLimited(slowsDown: !request.isList || answers == 0)
            return []
        }
        guard isHopeless(after: error) else { return [] }
        if error.kind.isAboutCredentials {
            areCredentialsRefused = true
            cannotSign = error.attempts == 0
        }
        stop = stop ?? .hopeless
        return dropQueue()
    }

    /// Whether the other queued requests would fail the same way:
    /// - a probe failed, or nothing can be signed: yes, after the first failure;
    /// - the service is unreachable, or does not accept the credentials: yes, before the first success or at the second
    ///   failure in a row;
    /// - any other error: yes, at the tenth failure in a row.
    private func isHopeless(after error: ServiceError) -> Bool {
        if endsAtFirstFailure && !hasSucceeded { return true }
        if error.kind.isAboutCredentials && error.attempts == 0 { return true }
        if error.kind.isUnreachable || error.kind.isAboutCredentials { return !hasSucceeded || failuresInARow > 1 }
        return failuresInARow >= Self.mostFailuresInARow
    }

    /// Ends the cycle because the service asked to wait. The jobs in the queue did not fail; they are requested later.
    mutating func rateLimited(slowsDown: Bool = true) {
        if slowsDown { isRateLimited = true }
        stop = stop ?? .rateLimited
        unsent += dropQueue().count
    }

    /// Ends the cycle because the operator paused.
    mutating func pause() {
        stop = stop ?? .paused
        unsent += dropQueue().count
    }

    private mutating func dropQueue() -> [JobID] {
        defer { queue = [] }
        return queue.flatMap { request -> [JobID] in
            if case .runs(let chunk) = request { chunk } else { [] }
        }
    }

    private mutating func end(at now: Duration) {
        tempo.ended(at: now)
        underWay -= 1
        done += 1
    }
}

extension ServiceError.Kind {
    /// The service, or the proxy in front of it, does not accept the credentials, or they cannot sign a request.
    var isAboutCredentials: Bool {
        switch self {
        case .credentials, .expiredToken, .unauthorized, .clockSkew, .proxyAuthentication: true
        default: false
        }
    }

    /// The service is unreachable: every other request would fail the same way.
    var isUnreachable: Bool {
        switch self {
        case .connectionRefused, .nameResolution, .proxy, .tls: true
        default: false
        }
    }
}

extension ServiceError {
    /// The service asks to wait: with a 429, or with another failure that has `Retry-After`, such as a 503.
    var asksToWait: Bool {
        switch kind {
        case .rateLimited: true
        case .server: retryAt != nil
        default: false
        }
    }

    /// A request for fewer jobs may succeed: the request or its answer was too large, or one of its jobs is not accepted.
    var mayPassInParts: Bool {
        switch kind {
        case .badRequest, .responseTooLarge: true
        default: status == 413 || status == 431
        }
    }

    /// One job of the request may be the cause, rather than the service as a whole.
    var mayBeOneJob: Bool {
        switch kind {
        case .server, .forbidden, .notFound, .badRequest, .uriTooLong, .unexpectedStatus, .malformedResponse,
            .responseTooLarge, .timedOut, .connectionLost:
            true
        default: false
        }
    }
}
