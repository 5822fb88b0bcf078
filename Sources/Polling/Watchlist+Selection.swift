import Runs

// Which jobs to request next when lists show which jobs may have changed.

extension Watchlist {
    /// The jobs that a cycle requests after its lists.
    struct Selection: Sendable, Equatable {
        var chunks: [[JobID]] = []
        /// How many jobs should be requested but do not fit.
        var leftOut = 0
    }

    /// The chunks for `requests` requests: the jobs with changes, those never answered or failed, then those whose turn it
    /// is, so that each job has one turn per ``Sweep/rotation``. The next jobs in turn fill the free places in the chunks.
    ///
    /// The pause before a failing job is retried doubles each time.
    ///
    /// - Parameters:
    ///   - followsActive: a list shows which active runs have changed; if `false`, every active job is requested.
    ///   - interval: the effective interval.
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
            } else if entry.mayHaveChanged || entry.failuresInARow == 1 || entry.isActive && !followsActive {
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

    /// The jobs that are requested only in turn. A job must be requested within ``Sweep/rotation`` of its newest answer, and
    /// waits for its turn after half of that; the turns are spread evenly over the time left.
    private struct Turns {
        /// A little less than the rotation, because no cycle begins exactly when a job is due.
        private static let round = Sweep.rotation * 9 / 10
        private static let steps = 27

        private let interval: Duration
        private var waiting: [(job: JobID, age: Duration)] = []
        /// How many jobs wait, by age: steps of equal length, starting at half of the round.
        private var byAge = [Int](repeating: 0, count: steps)

        init(interval: Duration) { self.interval = interval }

        mutating func add(_ job: JobID, age: Duration) {
            let waited = age - Self.round / 2
            guard waited >= .zero else { return }
            waiting.append((job, age))
            byAge[min(Int(waited / (Self.round / 2) * Double(Self.steps)), Self.steps - 1)] += 1
        }

        /// How many jobs have their turn in this cycle: as many as each cycle must request so that the jobs of every age are
        /// requested in time.
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

        /// The `most` jobs that have waited longest, in order.
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

    /// Marks the jobs for which lists show changes.
    mutating func markChanged(_ jobs: some Sequence<JobID>) {
        for job in jobs { entries[job]?.mayHaveChanged = true }
    }

    func mayHaveChanged(_ job: JobID) -> Bool { entries[job]?.mayHaveChanged ?? false }

    func contains(_ job: JobID) -> Bool { entries[job] != nil }

    /// The jobs whose newest answer is still current if the lists show no changes for them.
    func confirmed(followsActive: Bool) -> [JobID] {
        jobs.filter { job in
            guard let entry = entries[job], entry.answered != nil else { return false }
            return entry.failuresInARow == 0 && !entry.mayHaveChanged && (followsActive || !entry.isActive)
        }
    }

    /// The time of the oldest of the jobs' newest answers; `nil` if there is none, or a job was not requested since
    /// `moment`. Jobs that keep failing do not count.
    func oldestAnswer(since moment: Duration) -> Duration? {
        var oldest: Duration?
        for job in jobs {
            guard let entry = entries[job], let attempted = entry.attempted, attempted >= moment else { return nil }
            guard let answered = entry.answered, entry.failuresInARow == 0 else { continue }
            oldest = min(oldest ?? answered, answered)
        }
        return oldest
    }

    /// Whether every job was requested at least once.
    var isWhole: Bool { entries.values.allSatisfy { $0.attempted != nil } }

    /// How many requests it takes to request every job.
    func requestsForAll(at now: Duration) -> Int {
        let size = largestChunk(at: now)
        return (jobs.count + size - 1) / size
    }
}
