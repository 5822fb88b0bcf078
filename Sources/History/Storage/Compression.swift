import CZlib
import Foundation

/// Compresses error traces with zlib.
enum Compression {
    /// The compressed text with its length before it. `nil` if it would not be shorter, except for a text with a NUL,
    /// where SQLite's text functions would cut it.
    static func compress(_ text: String) -> Data? {
        var source = Array(text.utf8)
        let mustBeData = source.contains(0)
        guard source.count > 100 || mustBeData else { return nil }
        var length = compressBound(uLong(source.count))
        var packed = [UInt8](repeating: 0, count: Int(length))
        guard compress2(&packed, &length, &source, uLong(source.count), Z_DEFAULT_COMPRESSION) == Z_OK,
            mustBeData || Int(length) + lengthBytes < source.count
        else { return nil }
        let header = withUnsafeBytes(of: UInt32(truncatingIfNeeded: source.count).littleEndian) { Data($0) }
        return header + packed.prefix(Int(length))
    }

    /// Decompresses a text; `nil` if the data is damaged.
    static func text(_ data: Data) -> String? {
        guard data.count > lengthBytes else { return nil }
        let expected = data.prefix(lengthBytes).reversed().reduce(0) { $0 << 8 | Int($1) }
        // zlib compresses at most by a factor of about a thousand.
        guard expected <= data.count * 1_100 else { return nil }
        var length = uLong(expected)
        var source = [UInt8](data.dropFirst(lengthBytes))
        var text = [UInt8](repeating: 0, count: max(expected, 1))
        guard uncompress(&text, &length, &source, uLong(source.count)) == Z_OK, Int(length) == expected else {
            return nil
        }
        return String(decoding: text.prefix(expected), as: UTF8.self)
    }

    private static let lengthBytes = 4
}
