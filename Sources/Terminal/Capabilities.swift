/// What a terminal can show.
public struct Capabilities: Sendable, Hashable {
    /// How many colours may be used: 256, 16, 8, or 0 for none.
    public let colorCount: Int
    /// Whether the locale's characters are UTF-8; where not, everything but ASCII is drawn as `?`.
    public let isUTF8: Bool

    public init(colorCount: Int, isUTF8: Bool) {
        self.colorCount = colorCount
        self.isUTF8 = isUTF8
    }

    /// From the environment, and the number of colours terminfo gives for `TERM`.
    ///
    /// A `NO_COLOR` that is not empty allows none (no-color.org). The locale's name is the first of `LC_ALL`,
    /// `LC_CTYPE` and `LANG` that is set and not empty (POSIX 8.2).
    public init(environment: [String: String], terminfoColors: Int) {
        let allowsColor = environment["NO_COLOR", default: ""].isEmpty
        let steps = [256, 16, 8]
        colorCount = allowsColor ? steps.first { terminfoColors >= $0 } ?? 0 : 0
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? "C"
        let codeset = locale.split(separator: "@", maxSplits: 1).first?.split(separator: ".").dropFirst().first
        isUTF8 = ["utf-8", "utf8"].contains(codeset?.lowercased() ?? "")
    }
}
