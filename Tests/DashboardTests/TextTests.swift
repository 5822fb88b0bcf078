import Foundation
import Runs
import Screen
import Testing

@testable import Dashboard

@Suite("Times, themes and glyphs")
struct TextTests {
    @Test(
        "durations",
        arguments: [
            (0.0, "0s"), (0.44, "0.4s"), (45, "45s"), (754, "12m34s"), (3_840, "1h04m"), (273_600, "3d04h"),
            (0.99, "0.9s"), (0.09, "0s"), (1, "1s"), (59.9, "59s"), (60, "1m00s"), (61, "1m01s"), (600, "10m00s"),
            (3_599, "59m59s"), (3_600, "1h00m"), (36_060, "10h01m"), (86_399, "23h59m"), (86_400, "1d00h"),
            (867_600, "10d01h"),
        ])
    func durations(_ seconds: Double, _ text: String) {
        #expect(TimeText.duration(.seconds(seconds)).plainText == text)
    }

    @Test(
        "ages",
        arguments: [
            (0.0, "0s"), (99, "99s"), (100, "1m"), (119, "1m"), (120, "2m"), (5_999, "99m"), (6_000, "1h"),
            (7_200, "2h"),
            (172_799, "47h"), (172_800, "2d"), (864_000, "10d"), (-5, "0s"),
        ])
    func ages(_ seconds: Double, _ text: String) {
        #expect(TimeText.age(of: Sample.now.addingTimeInterval(-seconds), at: Sample.now).plainText == text)
    }

    @Test(
        "dates in a zone east and west of Greenwich",
        arguments: [(0, "2026-05-01 12:34:56"), (7_200, "2026-05-01 14:34:56"), (-46_800, "2026-04-30 23:34:56")])
    func dates(_ offset: Int, _ text: String) {
        #expect(WallClock { _ in offset }.dateAndTime(Sample.now).plainText == text)
    }

    @Test(
        "leap days, the days around them, and the first and last dates",
        arguments: [
            (951_782_399.0, "2000-02-28 23:59:59"), (951_868_800, "2000-03-01 00:00:00"), (0, "1970-01-01 00:00:00"),
            (978_220_800, "2000-12-31 00:00:00"), (978_307_200, "2001-01-01 00:00:00"),
            (1_709_164_800, "2024-02-29 00:00:00"), (1_740_787_200, "2025-03-01 00:00:00"),
            (1_735_689_599, "2024-12-31 23:59:59"), (4_107_542_400, "2100-03-01 00:00:00"),
            (1_790_812_800, "2026-10-01 00:00:00"), (1_769_817_600, "2026-01-31 00:00:00"),
            (951_782_400.0, "2000-02-29 00:00:00"), (1e300, "9999-12-31 23:59:59"), (-1e300, "1970-01-01 00:00:00"),
            (.nan, "1970-01-01 00:00:00"),
        ])
    func extremeDates(_ seconds: Double, _ text: String) {
        #expect(WallClock { _ in 0 }.dateAndTime(Date(timeIntervalSince1970: seconds)).plainText == text)
    }

    @Test(
        "ratios",
        arguments: [
            (1.0, "1.0×"), (0.04, "0.0×"), (9.94, "9.9×"), (9.96, "10×"), (0.96, "1.0×"),
            (2.35, "2.4×"), (14.4, "14×"), (99.4, "99×"), (99.5, ">99×"), (1e300, ">99×"), (.nan, ""),
        ])
    func ratios(_ ratio: Double, _ text: String) {
        #expect(TimeText.ratio(ratio, times: "×").plainText == text)
    }

    @Test(
        "a time of today has no date, another day has date and minute",
        arguments: [
            (0.0, "12:34:56"), (-45_296.0, "00:00:00"), (-45_297, "04-30 23:59"), (41_103, "23:59:59"),
            (41_104, "05-02 00:00"), (-31_536_000, "05-01 12:34"),
        ] as [(Double, String)])
    func shortMoments(_ seconds: Double, _ text: String) {
        let clock = WallClock { _ in 0 }
        #expect(clock.short(Sample.now.addingTimeInterval(seconds), at: Sample.now).plainText == text)
        #expect(clock.time(Sample.now).plainText == "12:34:56")
    }

    @Test("uses the offset of the time itself, so daylight saving counts")
    func summerTime() {
        let clock = WallClock { $0 < Sample.now ? 0 : 3_600 }
        #expect(clock.time(Sample.now.addingTimeInterval(-1)).plainText == "12:34:55")
        #expect(clock.time(Sample.now).plainText == "13:34:56")
    }

    @Test("in ASCII and UTF-8, no mark beside a row looks like a status, and none has two meanings")
    func marksDiffer() {
        for glyphs in Glyphs.allCases {
            let statuses = RunStatus.documented.map(glyphs.status)
            let marks: [SafeText] = [glyphs.selected, glyphs.stale, "$"]
            #expect(Set(statuses + marks).count == statuses.count + marks.count, "\(glyphs)")
            #expect((statuses + marks + [glyphs.warning, glyphs.nothing]).allSatisfy { $0.width == 1 })
        }
        #expect(Glyphs.ascii.status(.running) == "*")
        #expect(Glyphs.ascii.status(.canceling) == "c")
        #expect(Glyphs.utf8.status(.running) == "►")
        #expect(RunStatus.documented.allSatisfy { Glyphs.ascii.status($0).plainText.utf8.count == 1 })
    }

    @Test("every status has its own glyph, ASCII glyph, word and short word")
    func statusesDiffer() {
        let all = RunStatus.documented
        for path: KeyPath<StatusAppearance, SafeText> in [\.glyph, \.asciiGlyph, \.shortWord] {
            #expect(Set(all.map { $0.appearance[keyPath: path] }).count == all.count)
        }
        #expect(all.allSatisfy { $0.appearance.glyph.width == 1 })
        #expect(all.allSatisfy { $0.appearance.shortWord.width <= 8 })
        #expect(Set(all.map(\.word)).count == all.count)
    }

    @Test(
        "every status has its own colour if there are enough colours",
        arguments: [Theme.Name.dark, .light, .colorBlind])
    func coloursDiffer(_ name: Theme.Name) {
        let theme = Theme(name)
        #expect(Set(RunStatus.documented.map { theme.style(.status($0)).foreground }).count == 15)
    }

    @Test(
        "on a dark background with 8 or 16 colours no text is black, dark grey or dark blue",
        arguments: [Theme.Name.dark, .colorBlind, .highContrast])
    func legible(_ name: Theme.Name) {
        let roles: [Role] =
            RunStatus.documented.map(Role.status)
            + [
                .quiet, .title, .columnTitle, .broken, .late, .running, .healthy, .stale, .notice, .key, .prompt,
                .frame,
            ]
        let dark: [ANSIColor] = [.black, .brightBlack, .blue, .brightBlue]
        for role in roles {
            switch Theme(name).style(role).foreground {
            case .terminalDefault: break
            case .ansi(let color), .palette(_, let color): #expect(!dark.contains(color), "\(role)")
            }
        }
    }

    @Test(
        "running, waiting, failed and succeeded differ with 16 colours",
        arguments: [Theme.Name.dark, .light, .colorBlind])
    func sixteenColours(_ name: Theme.Name) {
        let nearest = [RunStatus.running, .queued, .failed, .success, .blocked].map { status -> ANSIColor? in
            guard case .palette(_, let color) = Theme(name).style(.status(status)).foreground else { return nil }
            return color
        }
        #expect(Set(nearest).count == 5)
    }

    @Test("highlights the selected row in every theme, with readable dim text", arguments: Theme.Name.allCases)
    func selection(_ name: Theme.Name) {
        let theme = Theme(name)
        for style in [theme.style(.text), theme.style(.quiet), theme.style(.stale), Style(attributes: .dim)] {
            let selected = theme.selected(style)
            #expect(selected.background != style.background || selected.attributes.contains(.reverse))
            #expect(selected.foreground == style.foreground)
            if selected.background != style.background {
                #expect(selected.attributes.contains(.bold))
                #expect(!selected.attributes.contains(.dim))
            }
        }
    }

    @Test(
        "a stale row has the stale style, and an unknown status that of a missing one",
        arguments: Theme.Name.allCases)
    func staleAndUnknown(_ name: Theme.Name) {
        let theme = Theme(name)
        #expect(theme.stale(theme.style(.broken)) == theme.style(.stale))
        #expect(theme.style(.status(.unknown("X"))) == theme.style(.status(.missing)))
        #expect(theme.style(.text) == .plain)
        #expect(theme.name == name)
        #expect(theme.hasColor == (name != .mono))
    }

    @Test("mono has no colour")
    func mono() {
        let roles: [Role] = RunStatus.documented.map(Role.status) + [.banner, .quiet, .match, .late]
        for role in roles {
            #expect(Theme(.mono).style(role).foreground == .terminalDefault)
            #expect(Theme(.mono).style(role).background == .terminalDefault)
        }
    }

    @Test(
        "a bar's height is the value, and no value traps",
        arguments: [
            (0.0, "▁"), (0.125, "▁"), (0.126, "▂"), (0.5, "▄"), (0.51, "▅"), (0.875, "▇"), (0.99, "█"), (1, "█"),
            (7, "█"), (-1, "▁"), (.nan, "▁"), (.infinity, "▁"),
        ])
    func bars(_ share: Double, _ bar: String) {
        #expect(Glyphs.utf8.bar(share).plainText == bar)
    }
}
