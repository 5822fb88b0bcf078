/// When a job runs by itself, as the service describes it.
package struct JobSchedule: Hashable, Sendable {
    /// In Quartz's dialect: seconds first, `?` for the day that is not restricted.
    package var quartzCronExpression: String
    /// The name of its zone in the tz database, such as `Europe/Berlin`; `nil` is UTC.
    package var timeZoneID: String?
    package var isPaused: Bool

    package init(quartzCronExpression: String, timeZoneID: String? = nil, isPaused: Bool = false) {
        self.quartzCronExpression = quartzCronExpression
        self.timeZoneID = timeZoneID
        self.isPaused = isPaused
    }
}
