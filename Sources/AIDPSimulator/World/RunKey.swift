/// A run's key: a UUID in which the job, the slot and the number are encrypted with the seed. So the world can find a run
/// by its key without storing runs.
struct RunKey: Sendable, Hashable {
    /// Below 2¹⁶.
    let job: Int
    /// Below 2⁴⁴.
    let slot: Int
    /// Below 2⁴: 0 for the run the schedule made, 1 for the one a person started after it failed, 2 and more for those
    /// started with the API.
    let number: Int

    init(job: Int, slot: Int, number: Int) {
        self.job = job
        self.slot = slot
        self.number = number
    }

    /// The key as text, in the shape of a random UUID (version 4).
    func text(seed: UInt64) -> String {
        let check = Dice.mix(plain ^ Dice.mix(seed))
        return Self.spelled(plain, seed: seed, variant: "a", tail: (check >> 16).hex(12))
    }

    /// Reads a key back; `nil` for anything this world did not make.
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

    /// A UUID that holds the encrypted word around the version and the variant, and ends with `tail`.
    static func spelled(_ plain: UInt64, seed: UInt64, variant: Character, tail: String) -> String {
        let high = scramble(plain, seed: seed)
        let check = Dice.mix(plain ^ Dice.mix(seed)) & 0xFF
        let groups = [
            (high >> 32).hex(8), (high >> 16 & 0xFFFF).hex(4), "4" + (high >> 4 & 0xFFF).hex(3),
            String(variant) + (high & 0xF).hex(1) + check.hex(2), tail,
        ]
        return groups.joined(separator: "-")
    }

    /// Decrypts the word in a UUID, without checking that this world made it.
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

extension UInt64 {
    /// Lower-case hexadecimal, with leading zeros up to a width.
    func hex(_ width: Int) -> String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: Swift.max(0, width - digits.utf8.count)) + digits
    }
}
