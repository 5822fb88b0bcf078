/// A run's key: a UUID that says, to this world alone, which job, slot and attempt it names. So any run ever shown can be
/// asked for again though none is stored.
struct RunKey: Sendable, Equatable {
    /// Below 2¹⁶.
    let job: Int
    /// Below 2⁴⁴.
    let slot: Int
    /// Below 2⁴: 0 for the run the schedule made, 1 for the one a person started after it failed.
    let attempt: Int

    /// The key as text, in the shape of a random UUID (version 4).
    func text(seed: UInt64) -> String {
        let plain = UInt64(job) << 48 | UInt64(slot) << 4 | UInt64(attempt)
        let high = Self.scramble(plain, seed: seed)
        let low = Dice.mix(plain ^ Dice.mix(seed))
        // The high word takes the digits around the version and variant; the rest is a check only this world can make.
        let first = (high >> 32).hex(8)
        let second = (high >> 16 & 0xFFFF).hex(4)
        let third = "4" + (high >> 4 & 0xFFF).hex(3)
        let fourth = "a" + (high & 0xF).hex(1) + (low & 0xFF).hex(2)
        return "\(first)-\(second)-\(third)-\(fourth)-\((low >> 16).hex(12))"
    }

    init(job: Int, slot: Int, attempt: Int) {
        self.job = job
        self.slot = slot
        self.attempt = attempt
    }

    /// Reads a key back; `nil` for anything this world did not make.
    init?(_ text: String, seed: UInt64) {
        let digits = text.utf8.filter { $0 != UInt8(ascii: "-") }
        guard text.utf8.count == 36, digits.count == 32 else { return nil }
        let hex = String(decoding: digits, as: UTF8.self)
        let high = hex.prefix(12) + hex.dropFirst(13).prefix(3) + hex.dropFirst(17).prefix(1)
        guard let scrambled = UInt64(high, radix: 16) else { return nil }
        let plain = Self.unscramble(scrambled, seed: seed)
        self.init(job: Int(plain >> 48), slot: Int(plain >> 4 & 0xFFF_FFFF_FFFF), attempt: Int(plain & 0xF))
        guard self.text(seed: seed) == text else { return nil }
    }

    /// A four-round Feistel network: a permutation of 64-bit words that the seed alone can undo.
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

extension UInt64 {
    /// Lower-case hexadecimal, with leading zeros up to a width.
    func hex(_ width: Int) -> String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: Swift.max(0, width - digits.utf8.count)) + digits
    }
}
