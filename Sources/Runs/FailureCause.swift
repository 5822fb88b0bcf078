import Foundation

/// Why a run failed: what its error trace or its message names, and what tells that from other causes.
///
/// Whoever records an answer hands in the function that finds it: the board knows no form of an error.
package struct FailureCause: Hashable, Sendable {
    /// The line that names the cause. It may hold names from the service.
    package let text: String
    /// The text without what differs from run to run: failures with one signature are one fault.
    package let signature: String

    package init(text: String, signature: String) { (self.text, self.signature) = (text, signature) }

    /// Finds the cause of a failed run; `nil` where nothing names one.
    package typealias Finder = (JobRun) -> FailureCause?
}

/// Whether a job has failed for one cause before, and what came of it then.
package enum CauseRecurrence: Hashable, Sendable {
    /// The job has other runs before this one, and none failed for this cause.
    case new
    /// An earlier run failed for it at a moment; `healing` is how the job recovered, `nil` if it has not since.
    case seen(at: Date, healing: Healing?)

    /// The first success after a failure.
    package struct Healing: Hashable, Sendable {
        /// How many runs it took; 1 is the next run.
        package var runs: Int
        /// From the end of the failed run to the end of the one that succeeded; `nil` where a moment is unknown.
        package var time: Duration?
        /// Whether a person or a program started the run that succeeded, and not the schedule.
        package var isManual: Bool

        package init(runs: Int, time: Duration?, isManual: Bool) {
            (self.runs, self.time, self.isManual) = (runs, time, isManual)
        }
    }

    /// `nil` where no run before it is known: then nothing can be said.
    ///
    /// - Parameters:
    ///   - key: the failed run.
    ///   - signature: of its cause.
    ///   - runs: the job's runs, oldest first.
    ///   - signatureOf: the signature of an earlier failure; `nil` where its cause is unknown.
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
    /// Why the job is broken: the cause of the newest run that succeeded or failed; `nil` where that did not fail, or nothing
    /// names a cause.
    package var currentCause: FailureCause? { latestConclusive.flatMap(cause) }

    /// Why a run of the newest answers failed.
    package func cause(of run: JobRun) -> FailureCause? { run.status.isFailure ? causes[run.id.key] : nil }
}
