import AIDP
import Runs
import Testing

@testable import Polling

@Test("clamps settings to their ranges")
func settingsAreClamped() {
    let settings = PollingSettings(
        scope: .jobs([]), interval: .seconds(0), recordCount: 99, limit: -3, concurrency: 0, requestsPerMinute: .max)
    #expect(settings.interval == .seconds(2))
    #expect(settings.recordCount == 10)
    #expect(settings.limit == 1)
    #expect(settings.jobsPerRequest == 1)
    #expect(settings.concurrency == 1)
    #expect(settings.requestsPerMinute == 60_000)
}

@Test("clamps changed settings to their ranges too")
func changedSettingsAreClamped() {
    var settings = PollingSettings(scope: .jobs([]))
    settings.interval = .seconds(99_999)
    settings.recordCount = 0
    settings.limit = 99
    settings.jobListInterval = .zero
    settings.concurrency = 99
    settings.requestsPerMinute = 0
    #expect(settings.interval == .seconds(3600))
    #expect(settings.recordCount == 1)
    #expect(settings.limit == 25)
    #expect(settings.jobListInterval == .seconds(10))
    #expect(settings.concurrency == 32)
    #expect(settings.requestsPerMinute == 1)
}

@Test(
    "the defaults: 15 s, five runs, 25 items, newest first, 240 requests a minute, four at once, a list for five minutes"
)
func defaultSettings() {
    let settings = PollingSettings(scope: .jobs([]))
    #expect(settings.interval == .seconds(15))
    #expect(settings.recordCount == 5)
    #expect(settings.limit == 25)
    #expect(settings.jobsPerRequest == 5)
    #expect(settings.sortBy == .timeCreated)
    #expect(settings.sortOrder == .descending)
    #expect(settings.jobListInterval == .seconds(300))
    #expect(settings.concurrency == 4)
    #expect(settings.requestsPerMinute == 240)
    #expect(settings.burst == 101)
    #expect(PollingSettings(scope: .jobs([]), recordCount: 10, limit: 25).burst == 251)
    #expect(PollingSettings(scope: .jobs([]), recordCount: 1, limit: 7).burst == 73)
}

@Test("requests names ascending, everything else descending; any order but newest first has a warning")
func sortOrders() {
    let orders: [(RecentJobRunsRequest.SortBy, SortOrder?, SortOrder, Bool)] = [
        (.timeCreated, nil, .descending, false), (.timeCreated, .ascending, .ascending, true),
        (.status, nil, .descending, true), (.displayName, nil, .ascending, true),
        (.displayName, .descending, .descending, true),
    ]
    for (by, order, expected, isWarned) in orders {
        let settings = PollingSettings(scope: .jobs([]), sortBy: by, sortOrder: order)
        #expect(settings.sortOrder == expected)
        #expect((settings.orderNote != nil) == isWarned)
    }
}

@Suite("Intervals as typed and stepped")
struct IntervalTests {
    @Test(
        "parses and formats valid intervals",
        arguments: [
            ("15", "15s"), ("15s", "15s"), ("2", "2s"), ("90", "90s"), ("60", "1m"), ("5m", "5m"), ("3600", "1h"),
            ("1h", "1h"), ("60m", "1h"), ("119", "119s"), ("120", "2m"),
        ])
    func read(text: String, description: String) {
        #expect(PollingInterval(text)?.description == description)
    }

    @Test(
        "rejects other texts",
        arguments: ["", "s", "1", "0", "1s", "2h", "61m", "3601", "-5", "5 s", "5d", "1.5m", "00015", "٣s", "m5"])
    func refused(text: String) { #expect(PollingInterval(text) == nil) }

    @Test("steps go to the next usual interval, and stop at the ends")
    func steps() {
        let usual = [2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600].map { PollingInterval(.seconds($0)) }
        for (shorter, longer) in zip(usual, usual.dropFirst()) {
            #expect(shorter.stepped(.up) == longer)
            #expect(longer.stepped(.down) == shorter)
        }
        #expect(usual[0].stepped(.down) == usual[0])
        #expect(usual[10].stepped(.up) == usual[10])
        #expect(PollingInterval(.seconds(17)).stepped(.down).duration == .seconds(15))
        #expect(PollingInterval(.seconds(17)).stepped(.up).duration == .seconds(30))
        #expect(PollingInterval(.zero).duration == .seconds(2))
        #expect(PollingInterval(.seconds(9999)).duration == .seconds(3600))
    }
}
