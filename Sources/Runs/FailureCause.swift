import Foundation

/// Why a run failed, by its error trace or its message, with a signature that identifies equal causes.
///
/// The caller that records an answer passes in the function that finds the cause: the board does not know error formats.
package struct FailureCause: Hashable, Sendable {
    /// The line that names the cause. It may contain names from the service.
    package let text: String
    /// The text without the parts that differ from run to run. Failures with the same signature have the same cause.
    package let signature: String

    package init(text: String, signature: String) { (self.text, self.signature) = (text, signature) }

    /// Finds the cause of a failed run; `nil` if nothing names it.
    package typealias Finder = (JobRun) -> FailureCause?
}

/// Whether a job has failed for the same cause before, and how it recovered.
package enum CauseRecurrence: Hashable, Sendable {
    /// The job has earlier runs, and none failed for this cause.
    case new
    /// An earlier run failed for it; `healing` is how the job recovered, `nil` if it has not since.
    case seen(at: Date, healing: Healing?)

    /// The first success after a failure.
    package struct Healing: Hashable, Sendable {
        /// The number of runs until the success; 1 is the next run.
        package var runs: Int
        /// The time from the end of the failed run to the end of the successful one; `nil` if either is unknown.
        package var time: Duration?
        /// Whether a person or a program started the successful run, not the schedule.
        package var isManual: Bool

        package init(runs: Int, time: Duration?, isManual: Bool) {
            (self.runs, self.time, self.isManual) = (runs, time, isManual)
        }
    }

    /// `nil` if no earlier run is known.
    ///
    /// - Parameters:
    ///   - key: the key of the failed run.
    ///   - signature: the signature of its cause.
    ///   - runs: the job's runs, oldest first.
    ///   - signatureOf: returns the signature of an earlier failure; `nil` if its cause is unknown.
    package init?(ofRun key: String, signature: String, among runs: [PastRun], signatureOf: (PastRun) -> String?) {
        let index = runs.lastIndex { $0.key == key } ?? runs.endIndex
        let earlier = runs[..<index]
        guard earlier.contains(where: \.status.isConclusive) else { return nil }
        guard
            let seen = earlier.lastIndex(where: { $0.status.isFailure && signatureOf($0) == signature })
        else {
            self = .new
            return
        }
        let failure = earlier[seen]
        let after = earlier[(seen + 1)...].filter(\.status.isConclusive)
        let healing = after.firstIndex { $0.status == .success }.map { place in
            let success = after[place]
            let time = failure.ended.flatMap { start in success.ended.map { Duration(from: start, to: $0) } }
            return Healing(runs: place + 1, time: time, isManual: success.launch == .manual)
        }
        guard let moment = failure.ended ?? failure.moment else { return nil }
        self = .seen(at: moment, healing: healing)
    }
}

extension JobEntry {
    /// Why the job is broken: the cause of the newest run that succeeded or failed; `nil` if that run succeeded, or nothing
    /// names a cause.
    package var currentCause: FailureCause? { latestConclusive.flatMap(cause) }

    /// The cause of the failure of a run in the newest answers.
    package func cause(of run: JobRun) -> FailureCause? { run.status.isFailure ? causes[run.id.key] : nil }
}
