import CNcurses
import Screen

#if canImport(Glibc)
    import Glibc
#endif

/// What the terminal is, without taking it over: for a report.
public struct TerminalDescription: Sendable, Equatable {
    /// `TERM`.
    public let type: String
    /// Why nothing can be drawn on it; `nil` where something can.
    public let problem: TerminalError?
    public let size: Size
    public let capabilities: Capabilities
    /// The locale's name, from the variable that decides.
    public let locale: String

    /// The terminal of this process.
    @MainActor public static func current(_ environment: [String: String]) -> TerminalDescription {
        var problem: TerminalError?
        do throws(TerminalError) { try TerminalScreen.check(environment: environment) } catch { problem = error }
        // Standard output may be a pipe to a pager; the terminal's type is known all the same.
        let terminfo = problem == nil ? Terminfo() : nil
        var window = winsize()
        let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window) == 0
        return TerminalDescription(
            type: environment["TERM", default: ""], problem: problem,
            size: isKnown ? Size(rows: Int(window.ws_row), columns: Int(window.ws_col)) : Size(rows: 0, columns: 0),
            capabilities: Capabilities(environment: environment, terminfoColors: terminfo?.colors ?? 0),
            locale: ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? "C")
    }
}
