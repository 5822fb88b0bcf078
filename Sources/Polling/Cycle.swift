import AIDPClient
import Runs

/// One pass over the jobs whose turn it is: what is still to be sent, what is under way, what came of it.
struct Cycle: Sendable, Equatable {
    /// Failures in a row after which the rest is given up.
    static let patience = 10

    /// The first request's start on the others.
    static let head: Duration = .seconds(1)

    let began: Duration
    /// Whether the cycle before it ended in trouble, and the first answer must show that it is over.
    let isProbe: Bool
    /// Whether nothing more is sent once its first request fails: the circuit breaker is open.
    let endsAtFirstFailure: Bool
    /// How many requests for runs this cycle may begin with.
    var allowance: Int
    private(set) var queue: [PollRequest] = []
    private(set) var underWay = 0
    private(set) var done = 0
    /// The jobs this cycle has asked for or is going to.
    private(set) var asked: Set<JobKey> = []
    private(set) var chunksAnswered = 0
    private(set) var failures = 0
    private(set) var failuresInARow = 0
    private var firstSent: Duration?
    private var tempo: Tempo
    private var hasSucceeded = false
    /// The operator paused in the middle of it.
    private(set) var isCutShort = false
    private(set) var isRateLimited = false
    private(set) var areCredentialsRefused = false
    /// The credentials could not sign: nothing was sent.
    private(set) var cannotSign = false
    private(set) var notes: [String] = []

    /// - Parameter target: the time to be through in; `nil` as soon as possible.
    init(began: Duration, isProbe: Bool, endsAtFirstFailure: Bool, allowance: Int, target: Duration?) {
        tempo = Tempo(target: target, began: began)
        self.began = began
        self.isProbe = isProbe
        self.endsAtFirstFailure = endsAtFirstFailure
        self.allowance = allowance
    }

    var isOver: Bool { queue.isEmpty && underWay == 0 }
    var total: Int { done + underWay + queue.count }

    /// From when the next request may be under way with the others; `nil` while there is none or no room for it.
    ///
    /// The first request of a cycle goes alone: what it meets, the others would meet as well. When all was well before,
    /// it has a second's start at most, so that one slow chunk does not hold up the others.
    func nextOpening(concurrency: Int) -> Duration? {
        guard !queue.isEmpty, underWay < concurrency else { return nil }
        guard let firstSent, done == 0 || (isProbe && !hasSucceeded) else {
            return tempo.opening(waiting: queue.count)
        }
        if isProbe { return underWay == 0 ? began : nil }
        return max(firstSent + Self.head, tempo.opening(waiting: queue.count))
    }

    /// What the cycle came to, for the pace of the next one.
    var result: Pace.Result {
        if areCredentialsRefused { return cannotSign ? .cannotSign : .credentialsRefused }
        if isRateLimited { return .rateLimited }
        return failures > 0 && chunksAnswered == 0 ? .nothingAnswered : .good
    }
}

// MARK: - What happens in it

extension Cycle {
    mutating func append(_ request: PollRequest) {
        queue.append(request)
    }

    /// Queues chunks of runs to ask for.
    mutating func append(_ chunks: [[JobKey]]) {
        allowance -= min(allowance, chunks.count)
        for chunk in chunks {
            asked.formUnion(chunk)
            queue.append(.runs(of: chunk))
        }
    }

    /// Queues the parts of a chunk that was cut, to go before the rest.
    mutating func retry(_ parts: [[JobKey]], note: String) {
        queue.insert(contentsOf: parts.map { .runs(of: $0) }, at: 0)
        if !notes.contains(note) { notes.append(note) }
    }

    /// Rewrites what waits: jobs that are gone leave it, chunks larger than the service takes are cut.
    mutating func trim(largestChunk: Int, keep: (JobKey) -> Bool) {
        queue = queue.flatMap { request -> [PollRequest] in
            guard case .runs(let keys) = request else { return [request] }
            let kept = keys.filter(keep)
            return stride(from: 0, to: kept.count, by: largestChunk).map { start in
                .runs(of: Array(kept[start..<min(start + largestChunk, kept.count)]))
            }
        }
    }

    /// Takes the next request from the queue; `nil` when it is empty.
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
        if case .runs = request { chunksAnswered += 1 }
    }

    /// The request was refused in a way that asking for less may cure.
    mutating func cut(at now: Duration) { end(at: now) }

    mutating func failed(_ error: ServiceError, at now: Duration) {
        end(at: now)
        failures += 1
        failuresInARow += 1
        switch error.kind {
        case .rateLimited: isRateLimited = true
        case let kind where kind.isAboutCredentials:
            areCredentialsRefused = true
            cannotSign = error.attempts == 0
        default: break
        }
    }

    /// Whether what is left would fail the same way: at once for credentials and when a probe fails, for a service that
    /// cannot be reached when it is the first failure or the second in a row, after ten failures in a row of any kind.
    func isHopeless(after error: ServiceError) -> Bool {
        if error.kind.isAboutCredentials || (endsAtFirstFailure && !hasSucceeded) { return true }
        if error.kind.isUnreachable { return !hasSucceeded || failuresInARow > 1 }
        return failuresInARow >= Self.patience
    }

    /// Takes back what was not sent.
    mutating func dropQueue() -> [JobKey] {
        defer { queue = [] }
        return queue.flatMap { request -> [JobKey] in
            if case .runs(let keys) = request { keys } else { [] }
        }
    }

    /// Sends nothing more after a 429. What waits did not fail; it is merely not asked for yet.
    mutating func holdBack() {
        leave(dropQueue().count, because: "the service asks for fewer requests")
    }

    /// Sends nothing more for now: the operator's wish.
    mutating func cutShort() {
        isCutShort = true
        leave(dropQueue().count, because: "paused")
    }

    mutating func leave(_ jobs: Int, because reason: String) {
        guard jobs > 0 else { return }
        notes.append("\(jobs) \(jobs == 1 ? "job" : "jobs") not asked for this time: \(reason)")
    }

    private mutating func end(at now: Duration) {
        tempo.ended(at: now)
        underWay -= 1
        done += 1
    }
}

extension ServiceError.Kind {
    /// The service, or the proxy before it, does not accept who we are, or we cannot say it.
    var isAboutCredentials: Bool {
        switch self {
        case .credentials, .expiredToken, .unauthorized, .clockSkew, .proxyAuthentication: true
        default: false
        }
    }

    /// There is no way to the service: every other request would meet the same.
    var isUnreachable: Bool {
        switch self {
        case .connectionRefused, .nameResolution, .proxy, .tls: true
        default: false
        }
    }
}
