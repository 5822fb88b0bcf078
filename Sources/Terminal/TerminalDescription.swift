import CNcurses
import Glibc
import Screen

/// A description of the terminal for a report. Creating it does not change the terminal.
package struct TerminalDescription: Sendable, Equatable {
    /// The value of `TERM`.
    package let type: String
    /// Why runtop cannot draw on the terminal; `nil` if it can.
    package let problem: TerminalError?
    package let size: Size
    package let capabilities: Capabilities
    /// The name of the locale.
    package let locale: String

    /// The terminal of this process.
    @MainActor package static func current(_ environment: [String: String]) -> TerminalDescription {
        var problem: TerminalError?
        do throws(TerminalError) { try TerminalScreen.check(environment: environment) } catch { problem = error }
        // `setupterm` has succeeded only if there is no problem.
        let terminfo = problem == nil ? Terminfo() : nil
        var window = winsize()
        let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window) == 0
        return TerminalDescription(
            type: environment["TERM", default: ""], problem: problem,
            size: isKnown ? Size(rows: Int(window.ws_row), columns: Int(window.ws_col)) : Size(rows: 0, columns: 0),
            capabilities: Capabilities(environment: environment, terminfoColors: terminfo?.colors ?? 0),
            locale: Capabilities.locale(environment))
    }
}

/// What the terminal can show.
package struct Capabilities: Sendable, Hashable {
    /// The number of colours to use: 256, 16, 8, or 0 for none.
    package let colorCount: Int
    /// Whether the locale's encoding is UTF-8. If not, all non-ASCII characters are drawn as `?`.
    package let isUTF8: Bool

    /// - Parameters:
    ///   - environment: contains the locale and `NO_COLOR`, which disables colours unless it is empty (no-color.org).
    ///   - terminfoColors: the number of colours that terminfo gives for `TERM`.
    package init(environment: [String: String], terminfoColors: Int) {
        let allowsColor = environment["NO_COLOR", default: ""].isEmpty
        let steps = [256, 16, 8]
        colorCount = allowsColor ? steps.first { terminfoColors >= $0 } ?? 0 : 0
        let codeset = Self.locale(environment).split(separator: "@", maxSplits: 1).first?.split(separator: ".")
            .dropFirst().first
        isUTF8 = ["utf-8", "utf8"].contains(codeset?.lowercased() ?? "")
    }

    /// The name of the locale: the first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set and not empty (POSIX 8.2).
    static func locale(_ environment: [String: String]) -> String {
        ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? "C"
    }
}

/// Why a terminal cannot be used.
package enum TerminalError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Standard input or output is a file or a pipe.
    case notATerminal
    /// terminfo does not contain the terminal that `TERM` names.
    case unknownType(SafeText)
    /// The terminal cannot position its cursor.
    case unsuitable(SafeText)
    /// The system has no resources for handling signals. The sentence says what to do.
    case noResources(SafeText)

    package var description: String {
        switch self {
        case .notATerminal:
            "the dashboard needs a terminal on standard input and output; for a list, use: runtop runs"
        case .unknownType(let type) where type.isEmpty:
            "TERM is not set, so the kind of terminal is not known; try: TERM=xterm-256color runtop"
        case .unknownType(let type):
            "terminfo does not know the terminal \"\(type.plainText)\"; install ncurses-term, "
                + "or try: TERM=xterm-256color runtop"
        case .unsuitable(let type):
            "the terminal \"\(type.plainText)\" cannot place its cursor, which a dashboard needs; "
                + "for a list, use: runtop runs"
        case .noResources(let sentence): sentence.plainText
        }
    }
}
