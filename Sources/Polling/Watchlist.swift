import Runs

/// The watched jobs, with the facts that decide which of them to request next.
struct Watchlist: Sendable, Equatable {
    /// The facts about one job. Times count from the start of polling.
    struct Entry: Equatable {
        var isActive = false
        /// Whether a list shows changes that no answer contains yet.
        var mayHaveChanged = false
        /// When a request for the job was last answered.
        var answered: Duration?
        /// When a request for the job was last answered or failed. A request dropped before it was sent does not count.
        var attempted: Duration?
        var failuresInARow = 0
        /// A limit on the size of the requests that contain this job.
        var limit: SizeLimit?

        /// Whether the job goes before the others: it was never requested, is active, or failed once. A job that keeps
        /// failing waits its turn, so that it does not delay the others.
        var isUrgent: Bool {
            attempted == nil || failuresInARow == 1 || isActive && failuresInARow == 0
        }
    }

    /// How many jobs a request may contain, and until when the limit holds.
    struct SizeLimit: Equatable {
        let size: Int
        let until: Duration
        /// The job is requested alone to test whether it is the one that fails; an answer removes the limit.
        var isTrial = false
    }

    /// How long a limit on a request's size holds.
    static let memory: Duration = .seconds(3600)
    /// The share of each cycle's requests for the jobs that are not urgent, if both kinds wait.
    static let quietShare = 0.25

    /// The jobs, in the order of the list.
    private(set) var jobs: [JobID] = []
    var entries: [JobID: Entry] = [:]
    /// The most jobs that a request may contain by the settings.
    let largestChunk: Int
    /// A lower limit for all requests, learned from the service.
    private var sharedLimit: SizeLimit?
    /// The saved fraction of a request for the quiet jobs, which get a quarter of each cycle's requests.
    private var quietCredit = 0.0

    init(largestChunk: Int) { self.largestChunk = max(1, largestChunk) }

    var isEmpty: Bool { jobs.isEmpty }

    /// Replaces the list of jobs: adds new ones and removes those no longer listed. A job listed twice is watched once.
    mutating func watch(_ listed: [JobID]) {
        var kept: [JobID: Entry] = [:]
        kept.reserveCapacity(listed.count)
        jobs = listed.filter { job in
            kept.updateValue(entries[job] ?? Entry(), forKey: job) == nil
        }
        entries = kept
    }

    /// The most jobs that a request may contain now.
    func largestChunk(at now: Duration) -> Int {
        guard let sharedLimit, now < sharedLimit.until else { return largestChunk }
        return min(largestChunk, sharedLimit.size)
    }
}

// MARK: - Which jobs are next

extension Watchlist {
    /// The chunks for `requests` requests: the urgent jobs, then those whose last answer is oldest. If the urgent jobs alone
    /// would fill every request, the others get a quarter of the requests, so that none starves.
    ///
    /// A probe tests whether the service answers at all, so the jobs that have failed come last in it, most failures last.
    mutating func chunks(
        requests: Int, excluding asked: Set<JobID>, isProbe: Bool = false, at now: Duration
    ) -> [[JobID]] {
        guard requests > 0 else { return [] }
        var urgent: [JobID] = []
        var quiet: [JobID] = []
        var failing: [JobID] = []
        for job in jobs where !asked.contains(job) {
            guard let entry = entries[job] else { continue }
            if isProbe && entry.failuresInARow > 0 {
                failing.append(job)
            } else if entry.isUrgent {
                urgent.append(job)
            } else {
                quiet.append(job)
            }
        }
        urgent = oldestFirst(urgent)
        failing = oldestFirst(failing).sorted { failures(of: $0) < failures(of: $1) }
        return grouped(urgent, oldestFirst(quiet) + failing, requests: requests, at: now).chunks
    }

    /// The chunks for `requests` requests: the urgent jobs first, except in the chunks kept for the quiet jobs.
    mutating func grouped(_ urgent: [JobID], _ quiet: [JobID], requests: Int, at now: Duration) -> Grouping {
        let all = grouped(urgent + quiet, at: now)
        if all.chunks.count <= requests { return all }

        var forUrgent = requests
        if !quiet.isEmpty {
            quietCredit += Double(requests) * Self.quietShare
            let kept = quietCredit.rounded(.down)
            quietCredit -= kept
            forUrgent -= min(Int(kept), grouped(quiet, at: now).chunks.count)
        }
        var grouping = Grouping()
        let left = urgent.filter { !grouping.add($0, size: chunkSize(for: $0, at: now), most: forUrgent) }
        for job in quiet + left { _ = grouping.add(job, size: chunkSize(for: job, at: now), most: requests) }
        return grouping
    }

    /// The jobs in chunks as large as each of them allows, in the order of each chunk's first job.
    private func grouped(_ jobs: [JobID], at now: Duration) -> Grouping {
        var grouping = Grouping()
        for job in jobs { _ = grouping.add(job, size: chunkSize(for: job, at: now), most: .max) }
        return grouping
    }

    /// The chunks being filled, one of each size at a time.
    struct Grouping {
        private(set) var chunks: [[JobID]] = []
        /// The index of the chunk with free places, by its size.
        private var open: [Int: Int] = [:]

        /// Adds a job to a chunk of a size; `false` if that needs a new chunk and there are `most` already.
        mutating func add(_ job: JobID, size: Int, most: Int) -> Bool {
            if let index = open[size], chunks[index].count < size {
                chunks[index].append(job)
                return true
            }
            guard chunks.count < most else { return false }
            open[size] = chunks.count
            chunks.append([job])
            return true
        }
    }

    func chunkSize(for job: JobID, at now: Duration) -> Int {
        let largest = largestChunk(at: now)
        guard let limit = entries[job]?.limit, now < limit.until else { return largest }
        return min(largest, limit.size)
    }

    private func failures(of job: JobID) -> Int { entries[job]?.failuresInARow ?? 0 }

    func oldestFirst(_ jobs: [JobID]) -> [JobID] {
        // Swift's sort is stable: jobs with equal times stay in the order of the list.
        jobs.map { (job: $0, attempted: entries[$0]?.attempted ?? .zero - .seconds(1)) }
            .sorted { $0.attempted < $1.attempted }
            .map(\.job)
    }
}

// MARK: - Results of requests

extension Watchlist {
    /// Records that a request for these jobs was answered.
    mutating func answered(_ chunk: [JobID], active: Set<JobID>, at now: Duration) {
        for job in chunk {
            entries[job]?.isActive = active.contains(job)
            entries[job]?.mayHaveChanged = false
            entries[job]?.answered = now
            entries[job]?.attempted = now
            entries[job]?.failuresInARow = 0
            if entries[job]?.limit?.isTrial == true { entries[job]?.limit = nil }
        }
    }

    /// Records that a request for these jobs failed after all retries.
    ///
    /// `mayBeOneJob`: one job may be the cause. Then they go first in the next cycle. If a request for one of them fails
    /// again, each is requested alone until it is answered, so that one bad job does not block the others.
    mutating func failed(_ chunk: [JobID], mayBeOneJob: Bool, at now: Duration) {
        let hasFailedBefore = chunk.contains { failures(of: $0) > 0 }
        for job in chunk {
            entries[job]?.attempted = now
            guard mayBeOneJob else { continue }
            entries[job]?.failuresInARow += 1
            if hasFailedBefore || chunk.count == 1 { setApart(job, at: now) }
        }
    }

    /// Whether the request is for one job that failed alone before: another failure says nothing about the service.
    func isKnownToFail(_ chunk: [JobID]) -> Bool {
        guard chunk.count == 1, let entry = entries[chunk[0]] else { return false }
        return entry.failuresInARow > 0 && entry.limit?.isTrial == true
    }

    /// Splits a chunk that the service refused as too large into two, and remembers the smaller size.
    /// `isForAll`: the cause was the size alone, so the smaller size holds for every request.
    mutating func halve(_ chunk: [JobID], isForAll: Bool, at now: Duration) -> [[JobID]] {
        let half = (chunk.count + 1) / 2
        let limit = SizeLimit(size: half, until: now + Self.memory)
        if isForAll, half < largestChunk(at: now) { sharedLimit = limit }
        for job in chunk { entries[job]?.limit = limit }
        return [Array(chunk.prefix(half)), Array(chunk.dropFirst(half))]
    }

    /// Splits a chunk that got a 404 into single jobs.
    mutating func isolate(_ chunk: [JobID], at now: Duration) -> [[JobID]] {
        for job in chunk { setApart(job, at: now) }
        return chunk.map { [$0] }
    }

    private mutating func setApart(_ job: JobID, at now: Duration) {
        entries[job]?.limit = SizeLimit(size: 1, until: now + Self.memory, isTrial: true)
    }
}
