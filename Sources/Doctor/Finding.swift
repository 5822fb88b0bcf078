import Screen

/// One check and its result: a line of the report.
package struct Finding: Sendable, Equatable {
    package var check: Check
    package var verdict: Verdict
    /// What was found, in a sentence or less.
    package var text: SafeText
    /// What to do about it; empty when there is nothing to do.
    package var advice: SafeText

    package init(_ check: Check, _ verdict: Verdict, _ text: SafeText, advice: SafeText = "") {
        self.check = check
        self.verdict = verdict
        self.text = text
        self.advice = advice
    }

    /// The result of a check.
    package enum Verdict: String, Sendable, CaseIterable {
        case passed
        /// It works, but needs attention.
        case warning
        case failed
        /// Not checked, because something before it failed.
        case skipped
    }
}

/// What is checked, in this order: each check depends on those before it.
package enum Check: String, Sendable, CaseIterable {
    case settings
    case configuration, permissions, profile, key, token, region, endpoint
    case proxy, name, connection, certificate, clock
    case workspaces, jobs, recentJobRuns
    case terminal, colors, locale
}
