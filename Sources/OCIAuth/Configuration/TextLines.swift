import Foundation

/// The lines of a text file as people save it: with any of the three line ends, and perhaps a byte order mark.
enum TextLines {
    /// The lines without the blanks around them; empty lines stay, so that an index counts lines of the file.
    static func trimmed(_ text: String) -> [String] {
        let mark: Unicode.Scalar = "\u{FEFF}"
        let body = text.unicodeScalars.first == mark ? String(text.unicodeScalars.dropFirst()) : text
        return body.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
            .map { $0.trimmingCharacters(in: .whitespaces) }
    }
}
