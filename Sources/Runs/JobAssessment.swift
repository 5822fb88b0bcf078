import Foundation

/// A problem of a job, with its reason.
package struct Verdict: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The newest run that succeeded or failed has failed.
        case failing
        /// A run waits, is blocked or runs much longer than the job's runs usually do; it will probably not end by itself.
        case stuck
        /// A run has run for longer than usual.
        case slow
        /// A run should have started but did not.
        case missed
        /// The job alternates between failure and success.
        case flapping
    }

    package var kind: Kind
    /// When the problem began.
    package var since: Date
    /// The reason at the time of the assessment: `running 2.3× its median of 14m`. Only numbers and runtop's own words.
    package var reason: String
    /// The key of the run with the problem; `nil` if it is not about one run.
    package var run: String?

    package init(kind: Kind, since: Date, reason: String, run: String? = nil) {
        self.kind = kind
        self.since = since
        self.reason = reason
        self.run = run
    }
}

/// The verdicts on a job at a point in time.
package struct JobAssessment: Hashable, Sendable {
    /// The problems, the most urgent first.
    package var verdicts: [Verdict] = []
    /// When the current run should end: the earliest, the most likely and the latest time.
    package var expectedEnd: ExpectedEnd?
    /// When the next run should start, by the schedule or, without one, by the job's rhythm.
    package var nextStart: Date?
    /// Whether the job's schedule cannot be read: it is not a valid Quartz expression, or its time zone is unknown.
    package var hasUnreadableSchedule = false
    /// Until when the same runs give the same verdicts, except for the texts.
    package var holdsUntil = Date.distantFuture

    package init() {}

    package struct ExpectedEnd: Hashable, Sendable {
        package var earliest: Date
        package var likeliest: Date
        package var latest: Date

        package init(earliest: Date, likeliest: Date, latest: Date) {
            (self.earliest, self.likeliest, self.latest) = (earliest, likeliest, latest)
        }
    }
}
