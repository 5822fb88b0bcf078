import AIDP
import Foundation
import Runs

/// One pass over the jobs that are due: what is still to be sent, what is under way, what came of it.
struct Cycle: Sendable, Equatable {
    /// Failures in a row after which the rest is given up.
    static let mostFailuresInARow = 10

    /// How long the first request of a cycle is under way before others may start.
    static let headStart: Duration = .seconds(1)

    /// Why a cycle sends nothing more.
    enum Stop: Sendable, Equatable {
        /// 429: the service asked for fewer requests.
        case rateLimited
        /// The operator paused.
        case paused
        /// Every other request would fail the same way.
        case hopeless
    }

    let began: Duration
    /// Whether the cycle before it ended in trouble: its first request finds out whether that is over.
    let isProbe: Bool
    /// Whether nothing more is sent once its first request fails: the circuit breaker is open.
    let endsAtFirstFailure: Bool
    /// How many requests for runs this cycle may begin with.
    var allowance: Int
    private(set) var queue: [PollRequest] = []
    private(set) var underWay = 0
    private(set) var done = 0
    /// The jobs this cycle has asked for or is going to.
    private(set) var asked: Set<JobID> = []
    /// Set once nothing more may be queued.
    private(set) var stop: Stop?
    /// Requests for runs answered, lists of runs among them.
    private(set) var answers = 0
    /// The jobs that should be asked for in this cycle, and are not, where lists say which those are.
    private var leftOut: Int?
    private var failures = 0
    private var failuresInARow = 0
    private var expectedFailures = 0
    private var firstSent: Duration?
    private var tempo: Tempo
    private var hasSucceeded = false
    private var isRateLimited = false
    private var areCredentialsRefused = false
    /// The credentials could not sign: nothing was sent.
    private var cannotSign = false
    /// The jobs that were queued and not sent.
    private var unsent = 0
    private var notes: [String] = []

    /// - Parameter target: the time the cycle should take at most; `nil` for as little as possible.
    init(began: Duration, isProbe: Bool, endsAtFirstFailure: Bool, allowance: Int, target: Duration?) {
        tempo = Tempo(target: target, began: began)
        self.began = began
        self.isProbe = isProbe
        self.endsAtFirstFailure = endsAtFirstFailure
        self.allowance = allowance
    }

    var isOver: Bool { queue.isEmpty && underWay == 0 }
    var total: Int { done + underWay + queue.count }

    /// When the next request may start; `nil` while there is none, or too many are under way.
    ///
    /// The first request of a cycle goes alone, because what makes it fail usually makes the others fail too. If the cycle
    /// before was good, the others wait for it for a second at most, so that one slow answer does not delay them.
    func nextOpening(concurrency: Int) -> Duration? {
        guard !queue.isEmpty, underWay < concurrency else { return nil }
        guard let firstSent, done == 0 || (isProbe && !hasSucceeded) else {
            return tempo.opening(waiting: queue.count)
        }
        if isProbe { return underWay == 0 ? began : nil }
        return max(firstSent + Self.headStart, tempo.opening(waiting: queue.count))
    }

    /// The outcome, for the pace of the next cycle.
    var result: Pace.Result {
        if areCredentialsRefused { return cannotSign ? .cannotSign : .credentialsRefused }
        if isRateLimited { return .rateLimited }
        // The circuit breaker does not look at jobs that are known to fail.
        let hasFailed = failures > (endsAtFirstFailure ? 0 : expectedFailures)
        return hasFailed && answers == 0 ? .nothingAnswered : .good
    }

    /// What an operator should know of it; `watched` is how many jobs there are, `budget` the requests a minute.
    func notes(watched: [JobID], budget: Int) -> [String] {
        let notAsked = leftOut ?? watched.count { !asked.contains($0) }
        switch stop {
        case .rateLimited: return notes + note(unsent + notAsked, because: "the service asks for fewer requests")
        case .paused: return notes + note(unsent + notAsked, because: "paused")
        // The rows of those jobs say why.
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

    /// Queues chunks of runs to ask for.
    mutating func append(_ chunks: [[JobID]]) {
        allowance -= min(allowance, chunks.count)
        for chunk in chunks {
            asked.formUnion(chunk)
            queue.append(.runs(of: chunk))
        }
    }

    /// Queues the chunks of the jobs that lists say to ask for.
    mutating func append(_ selection: Watchlist.Selection) {
        append(selection.chunks)
        leftOut = selection.leftOut
    }

    /// Queues the parts of a chunk that was cut, to go before the rest.
    mutating func retry(_ parts: [[JobID]], note: String) {
        queue.insert(contentsOf: parts.map { .runs(of: $0) }, at: 0)
        if !notes.contains(note) { notes.append(note) }
    }

    /// Cuts the chunks in the queue that are larger than the service takes.
    mutating func cutQueue(largestChunk: Int) {
        queue = queue.flatMap { request -> [PollRequest] in
            guard case .runs(let chunk) = request else { return [request] }
            return stride(from: 0, to: chunk.count, by: largestChunk).map { start in
                .runs(of: Array(chunk[start..<min(start + largestChunk, chunk.count)]))
            }
        }
    }

    /// Takes a request that is not needed any more from the queue.
    mutating func drop(_ request: PollRequest) { queue.removeAll { $0 == request } }

    /// Removes the next request from the queue and counts it as under way; `nil` when the queue is empty.
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

    /// The request was refused, and others take its place.
    mutating func cut(at now: Duration) { end(at: now) }

    /// The request failed for good. Returns the jobs that are not asked for because of it.
    ///
    /// `isExpected`: it is for a job that is known to fail, and says nothing of the service.
    mutating func failed(
        _ request: PollRequest, _ error: ServiceError, isExpected: Bool = false, at now: Duration
    ) -> [JobID] {
        end(at: now)
        failures += 1
        if isExpected { expectedFailures += 1 } else { failuresInARow += 1 }
        if error.asksToWait {
            // A limit on a list alone does not slow the runs down.
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

    /// Whether the rest of the queue would fail the same way:
    /// - a probe failed, or nothing can be signed: at once;
    /// - the service cannot be reached, or does not accept the credentials: before the first success, or at the second
    ///   failure in a row;
    /// - anything else: at the tenth failure in a row.
    private func isHopeless(after error: ServiceError) -> Bool {
        if endsAtFirstFailure && !hasSucceeded { return true }
        if error.kind.isAboutCredentials && error.attempts == 0 { return true }
        if error.kind.isUnreachable || error.kind.isAboutCredentials { return !hasSucceeded || failuresInARow > 1 }
        return failuresInARow >= Self.mostFailuresInARow
    }

    /// An answer asked to wait: nothing more is sent. The jobs in the queue did not fail; they are not asked for yet.
    mutating func rateLimited(slowsDown: Bool = true) {
        if slowsDown { isRateLimited = true }
        stop = stop ?? .rateLimited
        unsent += dropQueue().count
    }

    /// The operator paused: nothing more is sent.
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
    /// The service, or the proxy before it, does not accept the credentials, or nothing can be signed with them.
    var isAboutCredentials: Bool {
        switch self {
        case .credentials, .expiredToken, .unauthorized, .clockSkew, .proxyAuthentication: true
        default: false
        }
    }

    /// The service cannot be reached: every other request would fail the same way.
    var isUnreachable: Bool {
        switch self {
        case .connectionRefused, .nameResolution, .proxy, .tls: true
        default: false
        }
    }
}

extension ServiceError {
    /// The service wants no request for a while: a 429, or a failure with `Retry-After`, such as a 503.
    var asksToWait: Bool {
        switch kind {
        case .rateLimited: true
        case .server: retryAt != nil
        default: false
        }
    }

    /// A request for fewer jobs may be answered: it, or its answer, was too large, or a job in it is not accepted.
    var mayPassInParts: Bool {
        switch kind {
        case .badRequest, .responseTooLarge: true
        default: status == 413 || status == 431
        }
    }

    /// A single job of the request may be the reason, and not the service as a whole.
    var mayBeOneJob: Bool {
        switch kind {
        case .server, .forbidden, .notFound, .badRequest, .uriTooLong, .unexpectedStatus, .malformedResponse,
            .responseTooLarge, .timedOut, .connectionLost:
            true
        default: false
        }
    }
}
