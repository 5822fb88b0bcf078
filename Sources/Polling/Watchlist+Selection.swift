import Runs

// Which jobs are next where lists say what can have changed.

extension Watchlist {
    /// What a cycle asks for after its lists.
    struct Selection: Sendable, Equatable {
        var chunks: [[JobID]] = []
        /// The jobs that should be asked for, and are not: there is no room.
        var leftOut = 0
    }

    /// The chunks for so many requests: the jobs with news, those never answered or that failed, then those whose turn it
    /// is, so that each has one in ``Sweep/rotation``. What room is left in the chunks goes to the next ones in turn.
    ///
    /// A job that keeps failing is tried again after twice the time, each time.
    ///
    /// - Parameters:
    ///   - followsActive: a list says which active runs have changed; else every active job is asked for.
    ///   - interval: the interval in effect.
    mutating func selection(
        requests: Int, excluding asked: Set<JobID>, followsActive: Bool, interval: Duration, at now: Duration
    ) -> Selection {
        var urgent: [JobID] = []
        var failing: [JobID] = []
        var turns = Turns(interval: interval)
        for job in jobs where !asked.contains(job) {
            guard let entry = entries[job] else { continue }
            guard let attempted = entry.attempted else {
                urgent.append(job)
                continue
            }
            if entry.failuresInARow > 1 {
                let pause = min(interval * Double(1 << min(entry.failuresInARow - 1, 16)), Sweep.rotation)
                if now - attempted >= pause - interval / 2 { failing.append(job) }
            } else if entry.hasNews || entry.failuresInARow == 1 || entry.isActive && !followsActive {
                urgent.append(job)
            } else {
                turns.add(job, age: now - attempted)
            }
        }
        let due = oldestFirst(urgent) + oldestFirst(failing)
        let share = turns.due
        let next = turns.oldest(share + largestChunk)
        var grouping = grouped(due, Array(next.prefix(share)), requests: max(0, requests), at: now)
        let chosen = grouping.chunks.reduce(0) { $0 + $1.count }
        let room = grouping.chunks.count
        for job in next.dropFirst(share) {
            guard grouping.add(job, size: chunkSize(for: job, at: now), most: room) else { break }
        }
        return Selection(chunks: grouping.chunks, leftOut: due.count + min(share, next.count) - chosen)
    }

    /// The jobs that nothing but their turn asks for. One is due within ``Sweep/rotation`` of its newest answer, and waits
    /// for its turn from half of that on; the turns are spread evenly over the time left.
    private struct Turns {
        /// A little less than the rotation, because no cycle begins at a job's very moment.
        private static let round = Sweep.rotation * 9 / 10
        private static let steps = 27

        private let interval: Duration
        private var waiting: [(job: JobID, age: Duration)] = []
        /// How many wait, by age: from half of the round on, in steps of equal length.
        private var byAge = [Int](repeating: 0, count: steps)

        init(interval: Duration) { self.interval = interval }

        mutating func add(_ job: JobID, age: Duration) {
            let waited = age - Self.round / 2
            guard waited >= .zero else { return }
            waiting.append((job, age))
            byAge[min(Int(waited / (Self.round / 2) * Double(Self.steps)), Self.steps - 1)] += 1
        }

        /// How many have their turn in this cycle: as many as each cycle must ask for, so that those of every age are done
        /// in time.
        var due: Int {
            var older = 0
            var most = 0
            for step in byAge.indices.reversed() {
                older += byAge[step]
                let left = Self.round / 2 * Double(Self.steps - 1 - step) / Double(Self.steps)
                let cycles = max(1, left / interval)
                most = max(most, Int((Double(older) / cycles).rounded(.up)))
            }
            return most
        }

        /// So many of those that have waited longest, in order.
        func oldest(_ most: Int) -> [JobID] {
            var found: [(job: JobID, age: Duration)] = []
            for candidate in waiting {
                if found.count == most {
                    guard let last = found.last, candidate.age > last.age else { continue }
                    found.removeLast()
                }
                var (low, high) = (0, found.count)
                while low < high {
                    let middle = (low + high) / 2
                    if found[middle].age >= candidate.age { low = middle + 1 } else { high = middle }
                }
                found.insert(candidate, at: low)
            }
            return found.map(\.job)
        }
    }

    /// Lists have news of these jobs.
    mutating func hasNews(_ jobs: some Sequence<JobID>) {
        for job in jobs { entries[job]?.hasNews = true }
    }

    func hasNews(_ job: JobID) -> Bool { entries[job]?.hasNews ?? false }

    func contains(_ job: JobID) -> Bool { entries[job] != nil }

    /// The jobs whose newest answer still holds when the lists have no news of them.
    func confirmed(followsActive: Bool) -> [JobID] {
        jobs.filter { job in
            guard let entry = entries[job], entry.answered != nil else { return false }
            return entry.failuresInARow == 0 && !entry.hasNews && (followsActive || !entry.isActive)
        }
    }

    /// When the job longest without an answer got one; `nil` when there is none, or a job was not asked for since a moment.
    /// Jobs that keep failing do not count.
    func oldestAnswer(since moment: Duration) -> Duration? {
        var oldest: Duration?
        for job in jobs {
            guard let entry = entries[job], let attempted = entry.attempted, attempted >= moment else { return nil }
            guard let answered = entry.answered, entry.failuresInARow == 0 else { continue }
            oldest = min(oldest ?? answered, answered)
        }
        return oldest
    }

    /// Whether every job was asked for.
    var isWhole: Bool { entries.values.allSatisfy { $0.attempted != nil } }

    /// How many requests asking for every job takes.
    func requestsForAll(at now: Duration) -> Int {
        let size = largestChunk(at: now)
        return (jobs.count + size - 1) / size
    }
}
