import Runs
import Testing

@testable import Polling

@Test("settings out of range are held to their ranges")
func settingsAreClamped() {
    let settings = PollingSettings(
        scope: .keys([]), interval: .zero, recordCount: 99, limit: -3, concurrency: 0, requestsPerMinute: .max)
    #expect(settings.interval == .seconds(2))
    #expect(settings.recordCount == 10)
    #expect(settings.limit == 1)
    #expect(settings.keysPerChunk == 1)
    #expect(settings.concurrency == 1)
    #expect(settings.requestsPerMinute == 60_000)
}
