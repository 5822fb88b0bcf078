import Foundation

/// The lines of a text file with any of the three kinds of line ends, and with or without a byte order mark.
enum TextLines {
    /// The lines without surrounding blanks; empty lines stay, so that an index counts the lines of the file.
    static func trimmed(_ text: String) -> [String] {
        let mark: Unicode.Scalar = "\u{FEFF}"
        let body = text.unicodeScalars.first == mark ? String(text.unicodeScalars.dropFirst()) : text
        return body.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
            .map { $0.trimmingCharacters(in: .whitespaces) }
    }
}
