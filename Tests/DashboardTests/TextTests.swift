import Foundation
import Runs
import Screen
import Testing

@testable import Dashboard

@Suite("What times, themes and glyphs look like")
struct TextTests {
    @Test(
        "durations",
        arguments: [
            (0.0, "0s"), (0.44, "0.4s"), (45, "45s"), (754, "12m34s"), (3_840, "1h04m"), (273_600, "3d04h"),
        ])
    func durations(_ seconds: Double, _ text: String) {
        #expect(TimeText.duration(.seconds(seconds)).description == text)
    }

    @Test("ages", arguments: [(0.0, "0s"), (99, "99s"), (100, "1m"), (6_000, "1h"), (172_800, "2d")])
    func ages(_ seconds: Double, _ text: String) {
        #expect(TimeText.age(of: Sample.now.addingTimeInterval(-seconds), at: Sample.now).description == text)
    }

    @Test(
        "dates, in a zone east and west of Greenwich",
        arguments: [(0, "2026-05-01 12:34:56"), (7_200, "2026-05-01 14:34:56"), (-46_800, "2026-04-30 23:34:56")])
    func dates(_ offset: Int, _ text: String) {
        #expect(WallClock { _ in offset }.dateAndTime(Sample.now).description == text)
    }

    @Test(
        "leap days and the ends of time",
        arguments: [
            (951_782_400.0, "2000-02-29 00:00:00"), (1e300, "9999-12-31 23:59:59"), (-1e300, "1970-01-01 00:00:00"),
            (.nan, "1970-01-01 00:00:00"),
        ])
    func extremeDates(_ seconds: Double, _ text: String) {
        #expect(WallClock { _ in 0 }.dateAndTime(Date(timeIntervalSince1970: seconds)).description == text)
    }

    @Test(
        "ratios",
        arguments: [(1.0, "1.0×"), (0.04, "0.0×"), (9.94, "9.9×"), (9.96, "10×"), (1e300, ">99×"), (.nan, "")])
    func ratios(_ ratio: Double, _ text: String) {
        #expect(TimeText.ratio(ratio, times: "×").description == text)
    }

    @Test("every status has its own glyph, ASCII glyph, word and short word")
    func statusesDiffer() {
        let all = RunStatus.documented
        for path: KeyPath<StatusAppearance, SafeText> in [\.glyph, \.asciiGlyph, \.shortWord] {
            #expect(Set(all.map { $0.appearance[keyPath: path] }).count == all.count)
        }
        #expect(all.allSatisfy { $0.appearance.glyph.width == 1 && $0.appearance.shortWord.width <= 8 })
        #expect(Set(all.map(\.word)).count == all.count)
    }

    @Test(
        "every status has its own colour where there are colours enough",
        arguments: [Theme.Name.dark, .light, .colorBlind])
    func coloursDiffer(_ name: Theme.Name) {
        let theme = Theme(name)
        #expect(Set(RunStatus.documented.map { theme.style(.status($0)).foreground }).count == 15)
    }

    @Test("mono has no colour at all")
    func mono() {
        let roles: [Role] = RunStatus.documented.map(Role.status) + [.banner, .quiet, .match, .late]
        for role in roles {
            #expect(Theme(.mono).style(role).foreground == .terminalDefault)
            #expect(Theme(.mono).style(role).background == .terminalDefault)
        }
    }

    @Test(
        "a bar's height is the share, and no share traps",
        arguments: [(0.0, "▁"), (0.5, "▄"), (1, "█"), (7, "█"), (-1, "▁"), (.nan, "▁"), (.infinity, "▁")])
    func bars(_ share: Double, _ bar: String) {
        #expect(Glyphs.utf8.bar(share).description == bar)
    }
}
