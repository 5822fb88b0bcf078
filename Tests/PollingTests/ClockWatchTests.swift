import Foundation
import Testing

@testable import Polling

@Test(
    "a jump of the wall clock is one past the wait and three intervals, or three intervals back",
    arguments: [
        (0.0, false), (15, false), (59, false), (61, true), (86_400, true), (-44, false), (-46, true),
        (.infinity, true), (.nan, false),
    ])
func clockJumps(moved: Double, isJump: Bool) {
    var watch = ClockWatch()
    let start = Date(timeIntervalSince1970: 1_800_000_000)
    watch.waiting(.seconds(15), wall: start)
    let later = start.addingTimeInterval(moved)
    let isNoticed = watch.woke(wall: later, interval: .seconds(15))
    #expect(isNoticed == isJump)
    let isNoticedAgain = watch.woke(wall: later, interval: .seconds(15))
    #expect(!isNoticedAgain)
}
