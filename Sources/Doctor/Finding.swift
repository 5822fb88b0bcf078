import Screen

/// One check and its result: a line of the report.
public struct Finding: Sendable, Equatable {
    public var check: Check
    public var verdict: Verdict
    /// What was found, in a sentence or less.
    public var text: SafeText
    /// What to do about it; empty when there is nothing to do.
    public var advice: SafeText

    public init(_ check: Check, _ verdict: Verdict, _ text: SafeText, advice: SafeText = "") {
        self.check = check
        self.verdict = verdict
        self.text = text
        self.advice = advice
    }

    /// The result of a check.
    public enum Verdict: String, Sendable, CaseIterable {
        case passed
        /// It works, but needs attention.
        case warning
        case failed
        /// Not checked, because something before it failed.
        case skipped
    }
}

/// What is checked, in this order: each check depends on those before it.
public enum Check: String, Sendable, CaseIterable {
    case settings
    case configuration, permissions, profile, key, token, region, endpoint
    case proxy, name, connection, certificate, clock
    case workspaces, jobs, recentJobRuns
    case terminal, colors, locale
}
