import CZlib
import Foundation

/// Error traces, made smaller by zlib.
enum Compression {
    /// A text as zlib's data, with its length before it; `nil` when that is not shorter, and the text has no NUL, at which
    /// SQLite's functions for text would end it.
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

    /// The text of compressed data; `nil` when it is damaged.
    static func text(_ data: Data) -> String? {
        guard data.count > lengthBytes else { return nil }
        let expected = data.prefix(lengthBytes).reversed().reduce(0) { $0 << 8 | Int($1) }
        // zlib makes nothing more than about a thousand times smaller.
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
