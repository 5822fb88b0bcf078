import Foundation

/// Something about a job that an operator should look at, with its reason.
package struct Verdict: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The newest run that succeeded or failed has failed.
        case failing
        /// A run waits, is blocked or runs beyond its job's own habit, so long that it will hardly end by itself.
        case stuck
        /// A run has run for longer than is usual.
        case slow
        /// A run should have started, and has not.
        case missed
        /// The job fails and succeeds in turns.
        case flapping
    }

    package var kind: Kind
    /// Since when it holds.
    package var since: Date
    /// In words, as of the moment of the assessment: `running 2.3× its median of 14m`. Made of numbers and runtop's own words.
    package var reason: String
    /// The run it is about, if it is about one.
    package var run: String?

    package init(kind: Kind, since: Date, reason: String, run: String? = nil) {
        self.kind = kind
        self.since = since
        self.reason = reason
        self.run = run
    }
}

/// A job judged at a moment.
package struct JobAssessment: Hashable, Sendable {
    /// What to look at, the most urgent first.
    package var verdicts: [Verdict] = []
    /// When the run under way should end: the earliest, the likeliest and the latest moment.
    package var expectedEnd: ExpectedEnd?
    /// When the next run should start, by the schedule or else by the job's rhythm.
    package var nextStart: Date?
    /// Whether the job has a schedule that cannot be read: its expression is not one of Quartz, or its zone is unknown.
    package var hasUnreadableSchedule = false
    /// Until when the same runs would be judged the same, but for the words.
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

extension JobAssessment {
    /// Judges a job by its history alone, which is whole until the moment.
    package init(of history: JobHistory, schedule: JobSchedule?, at moment: Date) {
        let outlook = JobOutlook(of: history, active: history.activeRuns, schedule: schedule)
        self = outlook.assessment(at: moment, answered: moment)
    }
}
