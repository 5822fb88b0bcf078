import Foundation

/// The strings of the corpus, and a check of what a terminal must never be sent.
enum HostileBytes {
    static let corpusPath = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "ScreenTests/Fixtures/terminal-corpus.json").path

    private struct Sample: Decodable { let hex: String }

    static func corpus() throws -> [[UInt8]] {
        let samples = try JSONDecoder().decode([Sample].self, from: Data(contentsOf: URL(filePath: corpusPath)))
        return samples.map { sample in
            let digits = Array(sample.hex)
            return stride(from: 0, to: digits.count, by: 2).compactMap {
                UInt8(String(digits[$0..<($0 + 2)]), radix: 16)
            }
        }
    }

    /// Whether a scalar controls the terminal, or hides, reorders or tags text. The ranges come from the rule.
    static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F, 0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B...0x180F: true
        case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0x3164, 0xE000...0xF8FF: true
        case 0xFE00...0xFE0F, 0xFEFF, 0xFFA0, 0xFFF0...0xFFFB, 0x1D173...0x1D17A, 0xE0000...0x10FFFF: true
        default: false
        }
    }
}
