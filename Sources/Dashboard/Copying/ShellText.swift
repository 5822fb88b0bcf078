/// Commands as a POSIX shell reads them: to be read by people, and pasted by them. runtop itself never uses a shell.
package enum ShellText {
    /// A text as one word: unquoted where that is safe, else within single quotes.
    package static func word(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789_@%+=:,./-".unicodeScalars.contains(scalar))
        }
        return isPlain && !text.isEmpty ? text : "'" + text.replacing("'", with: "'\\''") + "'"
    }

    /// A program and its arguments.
    package static func line(_ arguments: [String]) -> String { arguments.map(word).joined(separator: " ") }
}
