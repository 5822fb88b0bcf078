/// A task run's key: its run's, and the place of the task in the job's list.
struct TaskRunKey: Sendable, Equatable {
    let run: RunKey
    /// Below 2⁸.
    let place: Int

    init(run: RunKey, place: Int) {
        self.run = run
        self.place = place
    }

    /// The key as text: a UUID with another variant than run keys, so that the two cannot be confused.
    func text(seed: UInt64) -> String {
        let check = Dice.mix(run.plain ^ Dice.mix(seed ^ UInt64(place + 1)))
        return RunKey.spelled(run.plain, seed: seed, variant: "b", tail: UInt64(place).hex(2) + (check >> 24).hex(10))
    }

    /// Reads a key back; `nil` for anything this world did not make.
    init?(_ text: String, seed: UInt64) {
        guard let plain = RunKey.plain(of: text, seed: seed), let place = Int(text.suffix(12).prefix(2), radix: 16)
        else { return nil }
        self.init(run: RunKey(plain: plain), place: place)
        guard self.text(seed: seed) == text else { return nil }
    }
}
