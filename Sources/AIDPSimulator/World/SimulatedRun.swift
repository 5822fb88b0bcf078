/// One run as the service shows it at one time.
struct SimulatedRun: Sendable {
    let key: SimulatedRunKey
    let launch: Launch
    /// The attempts created so far; the current one is last. Never empty.
    let attempts: [Attempt]
    /// The time of this view. It does not include later events.
    let seen: Milliseconds
    let status: Status
    /// When it entered its current status.
    let updated: Milliseconds

    /// The run at a time; `nil` before its creation.
    init?(key: SimulatedRunKey, launch: Launch, attempts: [Attempt], at moment: Milliseconds) {
        self.key = key
        self.launch = launch
        self.attempts = attempts.filter { $0.created <= moment }
        guard let present = self.attempts.last else { return nil }
        seen = moment
        (status, updated) = Self.status(of: present.timeline, created: present.created, at: moment)
    }

    var created: Milliseconds { attempts[0].created }
    /// The current attempt, or the last one of a run that has ended.
    var present: Attempt { attempts[attempts.count - 1] }
    var timeline: RunTimeline { present.timeline }

    /// The run at the end of the attempt before the current one; `nil` if there was none.
    var beforeRepair: SimulatedRun? {
        guard attempts.count > 1 else { return nil }
        let earlier = Array(attempts.dropLast())
        return SimulatedRun(
            key: key, launch: launch, attempts: earlier, at: max(present.created, earlier[earlier.count - 1].end))
    }

    /// When the current attempt started; `nil` before that.
    var started: Milliseconds? {
        let start = present.created + timeline.waiting
        return timeline.running != nil && start <= seen ? start : nil
    }

    /// When it ended; `nil` before that.
    var ended: Milliseconds? { status.isTerminal ? present.end : nil }

    /// The value of `executionDuration`: the running time until now or the end; 0 if the run ended without starting.
    var duration: Milliseconds? {
        guard let started else { return status.isTerminal ? 0 : nil }
        return (ended ?? seen) - started
    }

    /// The version that `if-match` is compared with. It changes with each status and each attempt.
    func etag(seed: UInt64) -> String {
        let word = key.plain ^ Dice.mix(UInt64(bitPattern: updated) ^ Dice.mix(seed ^ UInt64(attempts.count)))
        return Dice.mix(word).hex(16)
    }

    private static func status(
        of timeline: RunTimeline, created: Milliseconds, at moment: Milliseconds
    ) -> (Status, since: Milliseconds) {
        var since = created
        for step in timeline.steps.dropLast() {
            if moment < since + step.length { return (step.status, since) }
            since += step.length
        }
        return (timeline.outcome, since)
    }
}

/// One attempt of a run: the original or a repair. A run that was never repaired has one attempt.
struct Attempt: Sendable, Equatable {
    let created: Milliseconds
    var timeline: RunTimeline
    /// The tasks that this attempt runs; `nil` for all. The others keep the state of the previous attempt.
    var tasks: Set<String>?
    var parameters: [RunParameter] = []

    /// When it ends.
    var end: Milliseconds { created + timeline.length }
}

struct RunParameter: Sendable, Equatable, Codable {
    let name: String
    let value: String
}

/// A run's key: a UUID that contains the job, the slot and the number, encrypted with the seed. With it, the world
/// finds a run without storing runs.
struct SimulatedRunKey: Sendable, Hashable {
    /// Below 2¹⁶.
    let job: Int
    /// Below 2⁴⁴.
    let slot: Int
    /// Below 2⁴: 0 for the scheduled run, 1 for the one that a person started after it failed, 2 and more for runs that
    /// were started with the API.
    let number: Int

    init(job: Int, slot: Int, number: Int) {
        self.job = job
        self.slot = slot
        self.number = number
    }

    /// The key as text, in the form of a random UUID (version 4).
    func text(seed: UInt64) -> String {
        let check = Dice.mix(plain ^ Dice.mix(seed))
        return Self.spelled(plain, seed: seed, variant: "a", tail: (check >> 16).hex(12))
    }

    /// Parses a key; `nil` if this world did not create it.
    init?(_ text: String, seed: UInt64) {
        guard let plain = Self.plain(of: text, seed: seed) else { return nil }
        self.init(plain: plain)
        guard self.text(seed: seed) == text else { return nil }
    }

    /// All fields in one 64-bit word.
    var plain: UInt64 { UInt64(job) << 48 | UInt64(slot) << 4 | UInt64(number) }

    init(plain: UInt64) {
        self.init(job: Int(plain >> 48), slot: Int(plain >> 4 & 0xFFF_FFFF_FFFF), number: Int(plain & 0xF))
    }

    /// A UUID that contains the encrypted word around the version and the variant, and ends with `tail`.
    static func spelled(_ plain: UInt64, seed: UInt64, variant: Character, tail: String) -> String {
        let high = scramble(plain, seed: seed)
        let check = Dice.mix(plain ^ Dice.mix(seed)) & 0xFF
        let groups = [
            (high >> 32).hex(8), (high >> 16 & 0xFFFF).hex(4), "4" + (high >> 4 & 0xFFF).hex(3),
            String(variant) + (high & 0xF).hex(1) + check.hex(2), tail,
        ]
        return groups.joined(separator: "-")
    }

    /// Decrypts the word in a UUID without checking that this world created it.
    static func plain(of text: String, seed: UInt64) -> UInt64? {
        let digits = text.utf8.filter { $0 != UInt8(ascii: "-") }
        guard text.utf8.count == 36, digits.count == 32 else { return nil }
        let hex = String(decoding: digits, as: UTF8.self)
        let high = hex.prefix(12) + hex.dropFirst(13).prefix(3) + hex.dropFirst(17).prefix(1)
        return UInt64(high, radix: 16).map { unscramble($0, seed: seed) }
    }

    /// A four-round Feistel network: a permutation of 64-bit words that only the seed can reverse.
    private static func scramble(_ word: UInt64, seed: UInt64) -> UInt64 {
        var (left, right) = (word >> 32, word & 0xFFFF_FFFF)
        for round in UInt64(0)..<4 { (left, right) = (right, left ^ half(right, round: round, seed: seed)) }
        return left << 32 | right
    }

    private static func unscramble(_ word: UInt64, seed: UInt64) -> UInt64 {
        var (left, right) = (word >> 32, word & 0xFFFF_FFFF)
        for round in (UInt64(0)..<4).reversed() { (left, right) = (right ^ half(left, round: round, seed: seed), left) }
        return left << 32 | right
    }

    private static func half(_ word: UInt64, round: UInt64, seed: UInt64) -> UInt64 {
        Dice.mix(word ^ seed ^ round << 56) & 0xFFFF_FFFF
    }
}

/// A task run's key: the key of its run, and the index of the task in the job's list.
struct SimulatedTaskRunKey: Sendable, Equatable {
    let run: SimulatedRunKey
    /// Below 2⁸.
    let place: Int

    init(run: SimulatedRunKey, place: Int) {
        self.run = run
        self.place = place
    }

    /// The key as text: a UUID with another variant than run keys, so that the two cannot be confused.
    func text(seed: UInt64) -> String {
        let check = Dice.mix(run.plain ^ Dice.mix(seed ^ UInt64(place + 1)))
        return SimulatedRunKey.spelled(
            run.plain, seed: seed, variant: "b", tail: UInt64(place).hex(2) + (check >> 24).hex(10))
    }

    /// Parses a key; `nil` if this world did not create it.
    init?(_ text: String, seed: UInt64) {
        guard let plain = SimulatedRunKey.plain(of: text, seed: seed),
            let place = Int(text.suffix(12).prefix(2), radix: 16)
        else { return nil }
        self.init(run: SimulatedRunKey(plain: plain), place: place)
        guard self.text(seed: seed) == text else { return nil }
    }
}
