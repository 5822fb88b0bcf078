import Foundation

/// The strings of the corpus, and a check of what may go to a terminal that shares no code with the filter.
enum HostileText {
    struct Sample: Decodable, CustomStringConvertible {
        let cat: String
        let name: String
        let hex: String

        /// Its bytes, read as UTF-8: what is not UTF-8 becomes U+FFFD.
        var text: String {
            var digits = Substring(hex)
            var bytes: [UInt8] = []
            while let byte = UInt8(digits.prefix(2), radix: 16), !digits.isEmpty {
                bytes.append(byte)
                digits = digits.dropFirst(2)
            }
            return String(decoding: bytes, as: UTF8.self)
        }

        var description: String { "\(cat): \(name)" }
    }

    static func corpus() throws -> [Sample] {
        let url = Bundle.module.url(forResource: "Fixtures/terminal-corpus", withExtension: "json")
        return try JSONDecoder().decode([Sample].self, from: Data(contentsOf: url ?? URL(filePath: "/missing")))
    }

    /// Whether a scalar must never be drawn as it is. The ranges come from the rule, not from the filter.
    static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F, 0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B...0x180F: true
        case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0x3164, 0xD800...0xF8FF: true
        case 0xFDD0...0xFDEF, 0xFE00...0xFE0F, 0xFEFF, 0xFFA0, 0xFFF0...0xFFFB, 0xFFFE, 0xFFFF: true
        case 0x1BCA0...0x1BCA3, 0x1D173...0x1D17A, 0xE0000...0x10FFFF: true
        case 0x600...0x605, 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD, 0x13430...0x1343F: true
        default: scalar.value & 0xFFFE == 0xFFFE || scalar.properties.generalCategory == .unassigned
        }
    }
}
