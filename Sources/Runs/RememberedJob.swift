import Foundation

/// A job as a history has it: how it was when runtop last saw it, perhaps long ago.
package struct RememberedJob: Hashable, Sendable {
    package var job: Job
    /// When an answer last contained its runs; when it was last listed, if none did.
    package var lastSeen: Date
    /// Its newest runs, newest first, with all their fields.
    package var newest: [JobRun]

    package init(job: Job, lastSeen: Date, newest: [JobRun]) {
        (self.job, self.lastSeen, self.newest) = (job, lastSeen, newest)
    }
}
