/// The schedule of a job, as the service describes it.
package struct JobSchedule: Hashable, Sendable {
    /// A Quartz expression: seconds first, `?` for the day field that is not restricted.
    package var quartzCronExpression: String
    /// The name of the time zone in the tz database, such as `Europe/Berlin`; `nil` is UTC.
    package var timeZoneID: String?
    package var isPaused: Bool

    package init(quartzCronExpression: String, timeZoneID: String? = nil, isPaused: Bool = false) {
        self.quartzCronExpression = quartzCronExpression
        self.timeZoneID = timeZoneID
        self.isPaused = isPaused
    }
}
