import Foundation
import GRDB
import Runs

/// How a text is stored in a column: without loss, and with short keys.
///
/// Most texts are TEXT. Two kinds are BLOB:
/// - a key that is a UUID in lower case: its 16 bytes instead of 36.
/// - a text with a NUL, where SQLite's text functions would cut it: its UTF-8, followed by one or two bytes 0xFF, which
///   do not occur in UTF-8; two bytes if the length would be 16.
enum StoredText {
    static func value(_ text: String?) -> DatabaseValue {
        guard let text else { return .null }
        guard text.utf8.contains(0) else { return text.databaseValue }
        var bytes = Data(text.utf8) + [0xFF]
        if bytes.count == uuidLength { bytes.append(0xFF) }
        return bytes.databaseValue
    }

    static func key(_ text: String) -> DatabaseValue {
        uuidBytes(of: text).map(\.databaseValue) ?? value(text)
    }

    /// The text of a column; `nil` for NULL.
    static func text(_ value: DatabaseValue) -> String? {
        switch value.storage {
        case .string(let text): return text
        case .blob(let bytes):
            if bytes.count == uuidLength { return uuid(bytes) }
            let end = bytes.lastIndex { $0 != 0xFF }.map { $0 + 1 } ?? bytes.startIndex
            return String(decoding: bytes[bytes.startIndex..<end], as: UTF8.self)
        case .int64(let number): return String(number)
        case .double(let number): return String(number)
        case .null: return nil
        }
    }

    private static let uuidLength = 16
    /// The positions of the hyphens in a UUID.
    private static let hyphens = [8, 13, 18, 23]

    private static func uuidBytes(of text: String) -> Data? {
        let characters = text.utf8
        guard characters.count == 36 else { return nil }
        var bytes = Data(capacity: uuidLength)
        var high: UInt8?
        for (offset, character) in characters.enumerated() {
            if hyphens.contains(offset) {
                guard character == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard let digit = digit(character) else { return nil }
            if let first = high {
                bytes.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        return bytes
    }

    private static func digit(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        default: nil
        }
    }

    private static func uuid(_ bytes: Data) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(unsafeUninitializedCapacity: 36) { buffer in
            var offset = 0
            for byte in bytes {
                if hyphens.contains(offset) {
                    buffer[offset] = UInt8(ascii: "-")
                    offset += 1
                }
                buffer[offset] = digits[Int(byte >> 4)]
                buffer[offset + 1] = digits[Int(byte & 15)]
                offset += 2
            }
            return offset
        }
    }
}

/// Converts times and durations to and from milliseconds, which the tables contain.
enum Milliseconds {
    /// `nil` for a date that milliseconds in an Int64 cannot represent.
    static func of(_ date: Date?) -> Int64? {
        date.flatMap { Int64(exactly: ($0.timeIntervalSince1970 * 1_000).rounded()) }
    }

    static func of(_ duration: Duration?) -> Int64? { duration?.wholeMilliseconds }

    static func date(_ milliseconds: Int64?) -> Date? {
        milliseconds.map { Date(timeIntervalSince1970: Double($0) / 1_000) }
    }
}
