extension SafeText {
    /// The lines of a longer text: cut at LF and CRLF, tabs made spaces up to the next multiple of `tabWidth`.
    ///
    /// A CR that is not part of a line end would overwrite the text before it, so it is made visible. A line end at the
    /// very end starts no further line, and an empty text has no lines.
    public static func lines(of untrusted: String, tabWidth: Int = 8) -> [SafeText] {
        var untrusted = untrusted
        let sizes = untrusted.withUTF8 { lineSizes(of: $0) }
        var lines: [SafeText] = []
        lines.reserveCapacity(sizes.count)
        var start = untrusted.utf8.startIndex
        for size in sizes {
            let end = untrusted.utf8.index(start, offsetBy: size.text)
            lines.append(SafeText(untrusted[start..<end], tabWidth: tabWidth))
            start = untrusted.utf8.index(end, offsetBy: size.lineEnd)
        }
        return lines
    }

    private static func lineSizes(of bytes: UnsafeBufferPointer<UInt8>) -> [(text: Int, lineEnd: Int)] {
        var sizes: [(text: Int, lineEnd: Int)] = []
        var start = 0
        while start < bytes.count {
            guard let newline = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) else {
                sizes.append((bytes.count - start, 0))
                break
            }
            let hasReturn = newline > start && bytes[newline - 1] == UInt8(ascii: "\r")
            sizes.append((newline - start - (hasReturn ? 1 : 0), hasReturn ? 2 : 1))
            start = newline + 1
        }
        return sizes
    }
}
