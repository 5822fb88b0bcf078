import AIDP
import AIDPSimulator
import ArgumentParser
import Foundation
import HTTP
import Logging
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import runtop

/// The effect of the flags of the command line.
@Suite("Options")
struct OptionsTests {
    @Test("what to request: the flag, else the settings file, else the default")
    func polling() throws {
        let file = try SettingsFile.of("record-count: 3\nlimit: 7")
        let interval = PollingInterval(.seconds(20))
        let bare = try PollingOptions.parse([]).polling(interval: interval, settings: SettingsFile())
        #expect(bare.scope == .workspace(nameContains: nil))
        #expect(bare.interval == .seconds(20))
        #expect(bare.recordCount == 5)
        #expect(bare.limit == 25)
        #expect(bare.sortBy == .timeCreated)
        #expect(bare.sortOrder == .descending)
        let filed = try PollingOptions.parse(["--job-name", "x"]).polling(interval: interval, settings: file)
        #expect(filed.scope == .workspace(nameContains: "x"))
        #expect(filed.recordCount == 3)
        #expect(filed.limit == 7)
        let flags = try PollingOptions.parse([
            "--job-key", "a", "--job-key", "b", "--record-count", "10", "--limit", "1", "--sort-by", "status",
            "--sort-order", "ASC",
        ]).polling(interval: interval, settings: file)
        #expect(flags.scope == .keys(["a", "b"]))
        #expect(flags.recordCount == 10)
        #expect(flags.limit == 1)
        #expect(flags.sortBy == .status)
        #expect(flags.sortOrder == .ascending)
        let byName = try PollingOptions.parse(["--sort-by", "displayName"]).polling(interval: interval, settings: file)
        #expect(byName.sortBy == .displayName)
        #expect(byName.sortOrder == .ascending)
        let byStatus = try PollingOptions.parse(["--sort-by", "status"]).polling(interval: interval, settings: file)
        #expect(byStatus.sortBy == .status)
        #expect(byStatus.sortOrder == .descending)
        let empty = try PollingOptions.parse(["--job-name", ""]).polling(interval: interval, settings: file)
        #expect(empty.scope == .workspace(nameContains: nil))
    }

    @Test(
        "values out of range and options that exclude each other are rejected",
        arguments: [
            ["--record-count", "0"], ["--record-count", "11"], ["--limit", "0"], ["--limit", "26"], ["--job-key", ""],
            ["--job-key", "a", "--job-name", "b"],
        ])
    func wrongPolling(_ arguments: [String]) {
        #expect(throws: (any Error).self) { try PollingOptions.parse(arguments) }
    }

    @Test(
        "values at their limits are accepted",
        arguments: [["--record-count", "1"], ["--record-count", "10"], ["--limit", "1"], ["--limit", "25"]])
    func rightPolling(_ arguments: [String]) throws {
        _ = try PollingOptions.parse(arguments)
    }

    @Test("--raw requires CSV; a timeout has limits")
    func combinations() throws {
        #expect(try RunsCommand.parse(["--raw", "--output", "csv"]).raw)
        #expect(throws: (any Error).self) { try RunsCommand.parse(["--raw"]) }
        #expect(throws: (any Error).self) { try RunsCommand.parse(["--raw", "--output", "json"]) }
        for (timeout, isAllowed) in [("1", true), ("600", true), ("0.5", false), ("601", false)] {
            #expect(((try? ConnectionOptions.parse(["--timeout", timeout])) != nil) == isAllowed)
        }
    }

    @Test("the flags of the embedded service reach its settings")
    func service() throws {
        let bare = try ServiceOptions.parse([])
        let usual = bare.settings(port: 7)
        #expect(usual.port == 7)
        #expect(usual.seed == 2_026)
        #expect(usual.speed == 20)
        #expect(usual.jobCount == 40)
        #expect(usual.faults.isEmpty)
        #expect(usual.apiVersion == "20260430")
        #expect(usual.tokenLifetime == .seconds(3_600))
        #expect(bare.tokenLifetime == nil)
        let flags = try ServiceOptions.parse([
            "--fault", "429:30,for=jobs", "--fault", "html", "--seed", "9", "--speed", "2", "--jobs", "3",
            "--token-lifetime", "20s", "--api-version", "20240831",
        ]).settings(port: 0)
        #expect(flags.faults == [Fault(.status(429, retryAfter: 30), operation: .jobs), Fault(.html)])
        #expect(flags.seed == 9)
        #expect(flags.speed == 2)
        #expect(flags.jobCount == 3)
        #expect(flags.apiVersion == "20240831")
        #expect(flags.tokenLifetime == .seconds(20))
    }

    @Test(
        "limits of the embedded service",
        arguments: [
            (["--speed", "1"], true), (["--speed", "1000"], true), (["--speed", "0.9"], false),
            (["--speed", "1001"], false), (["--jobs", "0"], true), (["--jobs", "10000"], true),
            (["--jobs", "10001"], false), (["--api-version", "20250101"], false), (["--token-lifetime", "1s"], false),
        ])
    func serviceLimits(_ arguments: [String], _ isAllowed: Bool) {
        #expect(((try? ServiceOptions.parse(arguments)) != nil) == isAllowed)
        for (port, isAllowed) in [("0", true), ("65535", true), ("65536", false)] {
            #expect(((try? Simulate.parse(["--port", port])) != nil) == isAllowed)
        }
    }

    @Test("the log is written to the file of the flag, or else of the settings file, from the given level on")
    func logs() throws {
        let folder = try TemporaryFolder()
        let file = try SettingsFile.of("log-file: ~/filed\nlog-level: warning")
        func text(_ name: String) -> String? { try? String(contentsOf: folder.file(name), encoding: .utf8) }
        let filed = try LogOptions.parse([]).open(file, environment: ["HOME": folder.url.path])
        filed.logger.info("quiet")
        filed.logger.warning("loud")
        filed.finish()
        #expect(text("filed")?.contains("loud") == true)
        #expect(text("filed")?.contains("quiet") == false)
        let flags = try LogOptions.parse(["--log-file", folder.file("flag").path, "--log-level", "info"])
            .open(file, environment: ["HOME": folder.url.path])
        flags.logger.info("quiet")
        #expect(text("flag")?.contains("quiet") == true)
        #expect(text("filed")?.contains("quiet") == false)
        #expect(try LogOptions.parse([]).open(SettingsFile(), environment: [:]).recorder == nil)
        #expect(throws: CommandFailure.self) {
            try LogOptions.parse(["--log-file", "/no/such/folder/log"]).open(SettingsFile(), environment: [:])
        }
    }

    @Test(
        "for a mistyped command the nearest one is suggested, otherwise the list",
        arguments: [
            ("wacth", "There is no command “wacth”. Did you mean “watch”?"), ("run", "Did you mean “runs”?"),
            ("dcotor", "Did you mean “doctor”?"), ("simulat", "Did you mean “simulate”?"),
            (
                "frobnicate",
                "The commands are watch, demo, simulate, runs, health, history, cause, doctor, trigger, repair, cancel, "
                    + "help."
            ),
            ("a\u{1B}b", "There is no command “a<U+001B>b”."),
        ])
    func unknownCommand(_ word: String, _ sentence: String) {
        #expect(UnknownCommand(in: [word])?.sentence.plainText.contains(sentence) == true)
        #expect(UnknownCommand(in: ["help", word])?.sentence.plainText.contains(sentence) == true)
    }

    @Test(
        "a command or a flag is not reported as unknown",
        arguments: ["watch", "demo", "simulate", "runs", "doctor", "help", "--jobs", "-h"])
    func knownCommand(_ word: String) {
        #expect(UnknownCommand(in: [word]) == nil)
        #expect(UnknownCommand(in: ["help", word]) == nil)
    }

    @Test("the exit statuses are those of sysexits.h")
    func statuses() {
        let statuses: [(runtop.ExitStatus, Int32)] = [
            (.usage, 64), (.noInput, 66), (.unavailable, 69), (.software, 70), (.ioError, 74),
            (.temporaryFailure, 75), (.protocolError, 76), (.noPermission, 77), (.configuration, 78),
        ]
        for (status, number) in statuses { #expect(status.rawValue == number) }
    }
}
