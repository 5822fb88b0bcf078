/// Commands in the syntax of a POSIX shell, to read and to paste. runtop itself never uses a shell.
package enum ShellText {
    /// A text as one word: unquoted if that is safe, otherwise in single quotes.
    package static func word(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789_@%+=:,./-".unicodeScalars.contains(scalar))
        }
        return isPlain && !text.isEmpty ? text : "'" + text.replacing("'", with: "'\\''") + "'"
    }

    /// A command line from a program and its arguments.
    package static func line(_ arguments: [String]) -> String { arguments.map(word).joined(separator: " ") }
}
