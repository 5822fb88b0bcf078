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

extension JobRun {
    /// A run as the service sums it up; `nil` when it names no job and `onlyJob` cannot be meant.
    /// `onlyJob` is the job asked for, where the request asked for one alone.
    package init?(_ summary: JobRunSummary, in place: Place, onlyJob: JobID?) {
        let named = summary.jobKey.flatMap { $0.isEmpty ? nil : JobID(place: place, key: $0) }
        guard let job = named ?? onlyJob else { return nil }
        self.init(
            id: RunID(job: job, key: summary.key), status: RunStatus(wireValue: summary.state?.status))
        name = summary.name
        jobName = summary.jobName
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
        createdBy = summary.createdBy
        createdByName = summary.createdByName
        runAs = summary.runAs
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
