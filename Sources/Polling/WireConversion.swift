import AIDP
import Foundation
import Runs

// Converts the service's values to domain values, and decides the cases where the reference is silent or wrong.

extension Date {
    /// Reads epoch milliseconds; `nil` for 0 and less, and for anything past the year 9999.
    init?(epochMilliseconds: Int64?) {
        guard let epochMilliseconds, epochMilliseconds > 0 else { return nil }
        self.init(timeIntervalSince1970: Double(epochMilliseconds) / 1000)
        guard self < Self.endOfTime else { return nil }
    }

    /// The date itself; `nil` if it lies outside 1970…9999.
    var ifPlausible: Date? {
        self >= Date(timeIntervalSince1970: 0) && self < Self.endOfTime ? self : nil
    }

    /// The start of the year 10000.
    private static let endOfTime = Date(timeIntervalSince1970: 253_402_300_800)
}

/// Shares the memory of equal texts: most of the ten runs of a job have the same name, owner and job key.
struct TextPool {
    private var known: Set<String>

    init(_ texts: some Sequence<String> = []) { known = Set(texts) }

    /// The text, in the memory of an equal one that was added before.
    mutating func shared(_ text: String) -> String {
        // A string stores up to 15 bytes in itself.
        text.utf8.count > 15 ? known.insert(text).memberAfterInsert : text
    }
}

extension JobRun {
    /// Converts a run of the service; `nil` when it has no job key and there is no `onlyJob`.
    /// `onlyJob` is the requested job, if the request was for one job alone.
    package init?(_ summary: JobRunSummary, in place: Place, onlyJob: JobID?) {
        var texts = TextPool()
        self.init(summary, in: place, onlyJob: onlyJob, sharing: &texts)
    }

    /// The same; long texts are shared through `texts`.
    init?(_ summary: JobRunSummary, in place: Place, onlyJob: JobID?, sharing texts: inout TextPool) {
        let key = summary.jobKey.flatMap { $0.isEmpty ? nil : texts.shared($0) }
        let named = key.map { JobID(place: place, key: $0) }
        guard let job = named ?? onlyJob else { return nil }
        self.init(
            id: RunID(job: job, key: summary.key), status: RunStatus(wireValue: summary.state?.status))
        name = summary.name
        jobName = summary.jobName.map { texts.shared($0) }
        stateMessage = summary.state?.stateMessage.map { texts.shared($0) }
        errorTrace = summary.state?.errorTrace.map { texts.shared($0) }
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

    /// The end time, whatever the reference page calls it; `nil` if it is absent, 0 or before the start.
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
    /// Converts a schedule of the service; `nil` without an expression. An unknown pause status is ignored.
    init?(_ schedule: Schedule) {
        guard let expression = schedule.quartzCronExpression, !expression.isEmpty else { return nil }
        self.init(
            quartzCronExpression: expression, timeZoneID: schedule.timezoneID.flatMap { $0.isEmpty ? nil : $0 },
            isPaused: schedule.pauseStatus == "PAUSED")
    }
}

extension RequestFailure {
    /// The texts of a failed call for the operator.
    package init(_ error: ServiceError) {
        let words = [error.status.map(String.init), error.code ?? error.message].compactMap(\.self)
        self.init(
            summary: error.summary, short: words.isEmpty ? error.summary : words.joined(separator: " "),
            advice: error.advice, opcRequestID: error.opcRequestID)
    }
}
