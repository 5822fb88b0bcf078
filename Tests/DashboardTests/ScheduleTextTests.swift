import Foundation
import Runs
import Screen
import Testing

@testable import Dashboard

@Suite("A schedule in words")
struct ScheduleTextTests {
    @Test(
        "the common schedules",
        arguments: [
            ("0 0/30 * * * ?", "every 30 minutes"), ("0 */5 * * * ?", "every 5 minutes"),
            ("0 * * * * ?", "every minute"), ("0 0/1 * * * ?", "every minute"),
            ("0 0 0/1 * * ?", "every hour"),
            ("0 0 * * * ?", "every hour"), ("0 15 * * * ?", "every hour, 15m past the hour"),
            ("0 0 0/6 * * ?", "every 6 hours"), ("0 10 */2 * * ?", "every 2 hours, 10m past the hour"),
            ("0 0 2 * * ?", "every day at 02:00"), ("0 30 2,14 * * ?", "every day at 02:30, 14:30"),
            ("0 15 6 ? * MON-FRI", "Mon to Fri at 06:15"), ("0 15 6 ? * 2-6", "Mon to Fri at 06:15"),
            ("0 0 9 ? * sun,WED", "Sun, Wed at 09:00"), ("0 0 2 1 * ?", "day 1 of each month at 02:00"),
            ("0 0 2 L * ?", "the last day of each month at 02:00"),
            ("0 0 2 LW * ?", "the last weekday of each month at 02:00"), ("0 0 2 * * ? *", "every day at 02:00"),
        ])
    func common(cron: String, words: String) {
        #expect(ScheduleText.words(for: JobSchedule(quartzCronExpression: cron))?.plainText == words)
    }

    @Test(
        "other schedules have no words",
        arguments: [
            "", "0 0 2", "0 0/7 * * * ?", "0 0 0/5 * * ?", "0 0 2 ? * 6#3", "0 0 2 ? * 6L", "0 0 25 * * ?",
            "0 0 2 15W * ?", "0 0 2 * 1 ?", "0 0 2 * * ? 2027", "0/10 * * * * ?", "0 5-10 * * * ?", "0 0 2 ? * MON-",
            "0 0 2 1 * MON", "0 0 1,2,3,4,5 * * ?", "0 0 2 ? * 8", "0 0 2 32 * ?", "\u{1B}[2J 0 2 * * ?",
        ])
    func others(cron: String) {
        #expect(ScheduleText.words(for: JobSchedule(quartzCronExpression: cron)) == nil)
    }
}
