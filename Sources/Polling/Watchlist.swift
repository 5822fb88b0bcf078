import Runs

/// The jobs watched, with what decides whose turn it is.
struct Watchlist: Sendable, Equatable {
    /// What is known of one job; moments count from the beginning of polling.
    private struct Entry: Equatable {
        var isActive = false
        /// When a request for it was last answered or failed; being given up unsent does not count.
        var attempted: Duration?
        var failuresInARow = 0
        /// How many jobs a request that has this one may carry, until when.
        var company: Company?
        /// Whether it was asked for alone because a request for several found nothing.
        var wasTriedAlone = false

        /// Goes before the others: never asked for, at work, or failed once. What keeps failing waits its turn, so that
        /// jobs that cannot be had do not keep the others from being asked for.
        var isUrgent: Bool {
            attempted == nil || failuresInARow == 1 || isActive && failuresInARow == 0
        }
    }

    private struct Company: Equatable {
        let size: Int
        let until: Duration
    }

    /// How long a smaller request is remembered to be what the service takes.
    static let memory: Duration = .seconds(3600)
    /// The part of each cycle kept for the jobs that are not urgent, when both kinds wait.
    static let quietShare = 0.25

    /// The keys in the order of the list.
    private(set) var keys: [JobKey] = []
    private var entries: [JobKey: Entry] = [:]
    /// The most jobs a request may carry.
    private(set) var largestChunk: Int
    /// What the quiet jobs are owed of cycles too small to be shared.
    private var quietCredit = 0.0

    init(largestChunk: Int) { self.largestChunk = max(1, largestChunk) }

    var isEmpty: Bool { keys.isEmpty }

    /// Takes the list of jobs: new ones come, vanished ones go. A key listed twice is one job.
    mutating func watch(_ listed: [JobKey]) {
        var kept: [JobKey: Entry] = [:]
        kept.reserveCapacity(listed.count)
        keys = listed.filter { key in
            kept.updateValue(entries[key] ?? Entry(), forKey: key) == nil
        }
        entries = kept
    }

    /// Whether the key is still on the list.
    func contains(_ key: JobKey) -> Bool { entries[key] != nil }
}

// MARK: - Whose turn it is

extension Watchlist {
    /// The chunks for so many requests: the urgent jobs, then those whose last answer is oldest. When the urgent ones
    /// alone would fill every request, a quarter is kept for the others, so that nothing starves.
    mutating func chunks(requests: Int, excluding asked: Set<JobKey>, at now: Duration) -> [[JobKey]] {
        guard requests > 0 else { return [] }
        let waiting = keys.filter { !asked.contains($0) }
        let urgent = oldestFirst(waiting.filter { entries[$0]?.isUrgent == true })
        let quiet = oldestFirst(waiting.filter { entries[$0]?.isUrgent == false })
        let capacity = requests * largestChunk
        var forUrgent = capacity
        if !quiet.isEmpty, urgent.count + quiet.count > capacity {
            quietCredit += Double(requests) * Self.quietShare
            let requestsKept = quietCredit.rounded(.down)
            quietCredit -= requestsKept
            forUrgent -= min(Int(requestsKept) * largestChunk, quiet.count)
        }
        let first = urgent.prefix(forUrgent)
        let chosen = first + quiet.prefix(capacity - first.count)
        return Array(grouped(Array(chosen), at: now).prefix(requests))
    }

    /// Keys in chunks as large as each of them stands, in the order of each chunk's first key.
    private func grouped(_ chosen: [JobKey], at now: Duration) -> [[JobKey]] {
        var open: [Int: Int] = [:]
        var chunks: [[JobKey]] = []
        for key in chosen {
            let size = chunkSize(for: key, at: now)
            if let index = open[size], chunks[index].count < size {
                chunks[index].append(key)
            } else {
                open[size] = chunks.count
                chunks.append([key])
            }
        }
        return chunks
    }

    private func chunkSize(for key: JobKey, at now: Duration) -> Int {
        guard let company = entries[key]?.company, now < company.until else { return largestChunk }
        return min(largestChunk, company.size)
    }

    private func oldestFirst(_ keys: [JobKey]) -> [JobKey] {
        // Swift's sort is stable: equal ones stay in the order of the list.
        keys.map { (key: $0, attempted: entries[$0]?.attempted ?? .zero - .seconds(1)) }
            .sorted { $0.attempted < $1.attempted }
            .map(\.key)
    }
}

// MARK: - What became of it

extension Watchlist {
    /// A request for these was answered.
    mutating func answered(_ chunk: [JobKey], active: Set<JobKey>, at now: Duration) {
        for key in chunk {
            entries[key]?.isActive = active.contains(key)
            entries[key]?.attempted = now
            entries[key]?.failuresInARow = 0
            if chunk.count == 1, entries[key]?.wasTriedAlone == true {
                entries[key]?.wasTriedAlone = false
                entries[key]?.company = nil
            }
        }
    }

    /// A request for these failed for good.
    mutating func failed(_ chunk: [JobKey], at now: Duration) {
        for key in chunk {
            entries[key]?.attempted = now
            entries[key]?.failuresInARow += 1
        }
    }

    /// Cuts a chunk that the service took for too large into two, and remembers the smaller size.
    /// `isForAll`: the size alone was at fault, so it holds for every request.
    mutating func halve(_ chunk: [JobKey], isForAll: Bool, at now: Duration) -> [[JobKey]] {
        let half = (chunk.count + 1) / 2
        if isForAll { largestChunk = min(largestChunk, half) }
        for key in chunk { entries[key]?.company = Company(size: half, until: now + Self.memory) }
        return [Array(chunk.prefix(half)), Array(chunk.dropFirst(half))]
    }

    /// Cuts a chunk in which something was not found into single jobs; `nil` once each of them was tried alone.
    mutating func isolate(_ chunk: [JobKey]) -> [[JobKey]]? {
        guard chunk.count > 1, !chunk.allSatisfy({ entries[$0]?.wasTriedAlone ?? true }) else { return nil }
        for key in chunk { entries[key]?.wasTriedAlone = true }
        return chunk.map { [$0] }
    }

    /// The job was not found by itself: it goes alone, so that the others can go together again.
    mutating func setApart(_ key: JobKey, at now: Duration) {
        entries[key]?.company = Company(size: 1, until: now + Self.memory)
    }
}
