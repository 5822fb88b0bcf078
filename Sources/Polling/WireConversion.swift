import AIDP
import Foundation
import Runs

// Converts what the service sends to the domain's values, with the decisions where the reference is silent or wrong.

extension Date {
    /// A moment from epoch milliseconds. 0 and less, and anything past the year 9999, is no moment.
    init?(epochMilliseconds: Int64?) {
        guard let epochMilliseconds, epochMilliseconds > 0 else { return nil }
        self.init(timeIntervalSince1970: Double(epochMilliseconds) / 1000)
        guard self < Self.endOfTime else { return nil }
    }

    /// The moment itself; `nil` when it lies outside 1970…9999.
    var ifPlausible: Date? {
        self >= Date(timeIntervalSince1970: 0) && self < Self.endOfTime ? self : nil
    }

    /// The year 10000 begins.
    private static let endOfTime = Date(timeIntervalSince1970: 253_402_300_800)
}

/// Texts that occur in many runs, each kept once: of ten runs of a job, most have one name, one owner and one key of the job.
struct TextPool {
    private var known: Set<String>

    init(_ texts: some Sequence<String> = []) { known = Set(texts) }

    /// The text, in the memory of an equal one that was seen before.
    mutating func shared(_ text: String) -> String {
        // Up to 15 bytes are kept in the string itself.
        text.utf8.count > 15 ? known.insert(text).memberAfterInsert : text
    }
}

extension JobRun {
    /// A run as the service sums it up; `nil` when it names no job and `onlyJob` cannot be meant.
    /// `onlyJob` is the job asked for, where the request asked for one alone.
    package init?(_ summary: JobRunSummary, in place: Place, onlyJob: JobID?) {
        var texts = TextPool()
        self.init(summary, in: place, onlyJob: onlyJob, sharing: &texts)
    }

    /// The same; long texts that `texts` has already are shared with it.
    init?(_ summary: JobRunSummary, in place: Place, onlyJob: JobID?, sharing texts: inout TextPool) {
        let key = summary.jobKey.flatMap { $0.isEmpty ? nil : texts.shared($0) }
        let named = key.map { JobID(place: place, key: $0) }
        guard let job = named ?? onlyJob else { return nil }
        self.init(
            id: RunID(job: job, key: summary.key), status: RunStatus(wireValue: summary.state?.status))
        name = summary.name
        jobName = summary.jobName.map { texts.shared($0) }
        stateMessage = summary.state?.stateMessage
        errorTrace = summary.state?.errorTrace
        isUserCanceledOrTimedOut = summary.state?.isUserCanceledOrTimedOut
        created = summary.timeCreated?.ifPlausible
        updated = summary.timeUpdated?.ifPlausible
        started = Date(epochMilliseconds: summary.startTime)
        ended = Self.end(summary.endTime, after: started)
        if let milliseconds = summary.executionDuration, milliseconds > 0 {
            executionDuration = .milliseconds(milliseconds)
        }
        launch = Launch(wireValue: summary.launched)
        createdBy = summary.createdBy.map { texts.shared($0) }
        createdByName = summary.createdByName.map { texts.shared($0) }
        runAs = summary.runAs.map { texts.shared($0) }
    }

    /// The end, whatever the reference page calls it; absent, 0 or before the start is not ended.
    static func end(_ milliseconds: Int64?, after start: Date?) -> Date? {
        guard let end = Date(epochMilliseconds: milliseconds) else { return nil }
        if let start, end < start { return nil }
        return end
    }
}

extension TaskRun {
    init(_ summary: TaskRunSummary) {
        self.init(key: summary.key, status: RunStatus(wireValue: summary.state?.status))
        name = summary.name
        taskKey = summary.taskKey
        stateMessage = summary.state?.stateMessage
        errorTrace = summary.state?.errorTrace
        started = Date(epochMilliseconds: summary.startTime)
        ended = JobRun.end(summary.endTime, after: started)
        retryAttempt = summary.retryAttempt.flatMap { $0 >= 0 ? Int(exactly: $0) : nil }
    }
}

extension Job {
    package init(_ summary: JobSummary, in place: Place) {
        self.init(
            id: JobID(place: place, key: summary.key), name: summary.name, path: summary.path,
            schedule: summary.schedule.flatMap(JobSchedule.init))
    }
}

extension JobSchedule {
    /// A schedule as the service describes it; `nil` without an expression. A pause status that is not known is none.
    init?(_ schedule: Schedule) {
        guard let expression = schedule.quartzCronExpression, !expression.isEmpty else { return nil }
        self.init(
            quartzCronExpression: expression, timeZoneID: schedule.timezoneID.flatMap { $0.isEmpty ? nil : $0 },
            isPaused: schedule.pauseStatus == "PAUSED")
    }
}

extension RequestFailure {
    /// What the operator needs of a call that failed.
    package init(_ error: ServiceError) {
        let words = [error.status.map(String.init), error.code ?? error.message].compactMap(\.self)
        self.init(
            summary: error.summary, short: words.isEmpty ? error.summary : words.joined(separator: " "),
            advice: error.advice, opcRequestID: error.opcRequestID)
    }
}
