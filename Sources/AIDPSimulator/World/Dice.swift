import Foundation

/// Repeatable random numbers: SplitMix64, seeded with the decision that needs them. The same seed gives the same
/// numbers, so that the world does not store them.
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    /// The dice for one decision about one slot of one job.
    init(seed: UInt64, job: Int = 0, slot: Int = 0, decision: UInt64 = 0) {
        state = seed
        for word in [UInt64(truncatingIfNeeded: job), UInt64(truncatingIfNeeded: slot), decision] {
            state = Self.mix(state &+ 0x9E37_79B9_7F4A_7C15) ^ word
        }
        state = Self.mix(state)
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(state)
    }

    /// The finalizer of SplitMix64: each bit of the input changes half of the bits of the output.
    static func mix(_ word: UInt64) -> UInt64 {
        var mixed = word
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A uniform random number in 0..<1.
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A uniform random number between two numbers.
    mutating func between(_ low: Double, _ high: Double) -> Double { low + (high - low) * unit() }

    /// True with this probability.
    mutating func chance(_ probability: Double) -> Bool { unit() < probability }

    /// One of `choices`, which is never empty.
    mutating func pick<Choice>(_ choices: [Choice]) -> Choice { choices[below(choices.count)] }

    /// A random integer in 0..<`bound`; 0 if the bound is 1 or less.
    mutating func below(_ bound: Int) -> Int { bound > 1 ? Int(next() % UInt64(bound)) : 0 }

    /// A log-normal random factor with a median of 1 and this deviation of its logarithm, limited to four deviations.
    /// Batch durations have this distribution, with a long tail of slow runs.
    mutating func logNormal(_ deviation: Double) -> Double {
        let radius = (-2 * log(max(unit(), 1e-12))).squareRoot()
        let normal = radius * cos(2 * .pi * unit())
        return exp(deviation * min(max(normal, -4), 4))
    }

    /// Lower-case hexadecimal digits.
    mutating func hex(_ count: Int) -> String {
        var digits = ""
        while digits.utf8.count < count { digits += String(next() | 1 << 63, radix: 16) }
        return String(digits.prefix(count))
    }
}

extension UInt64 {
    /// Lower-case hexadecimal, with leading zeros up to a width.
    func hex(_ width: Int) -> String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: Swift.max(0, width - digits.utf8.count)) + digits
    }
}
