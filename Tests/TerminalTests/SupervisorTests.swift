import Glibc
import Testing

@testable import Terminal

@Suite("The supervisor")
struct SupervisorTests {
    @Test(
        "converts a wait status to an exit status",
        arguments: [
            (0, 0), (0x0300, 3), (0x8200, 130), (2, 130), (15, 143), (9, 137), (11, 70), (6 | 0x80, 70), (4, 70),
        ])
    func exitStatus(_ waitStatus: Int32, _ expected: Int32) throws {
        guard case .ended(let end) = ChildState(waitStatus: waitStatus) else {
            Issue.record("\(waitStatus) is an end")
            return
        }
        #expect(end.exitStatus == expected)
        #expect((end.message(report: nil) == nil) == (waitStatus & 0x7F == 0))
    }

    @Test("a stop is not an end")
    func stopped() {
        #expect(ChildState(waitStatus: 0x147F) == .stopped)
        #expect(ChildState(waitStatus: 0xFFFF) == .continued)
    }

    @Test("the message says what happened, where the report is, and that the terminal is restored")
    func message() {
        let crash = ChildEnd.signalled(SIGSEGV).message(report: "/state/crash.txt")
        #expect(
            crash == "runtop: the dashboard crashed (SIGSEGV). Report: /state/crash.txt. "
                + "Your terminal has been restored.")
        #expect(ChildEnd.killed(after: SIGTERM).message(report: nil)?.contains("within 2 s of SIGTERM") == true)
        #expect(ChildEnd.signalled(SIGSEGV).message(report: nil)?.contains("It left no report. Your term") == true)
        #expect(ChildEnd.signalled(SIGKILL).message(report: nil)?.contains("killed (SIGKILL), by somebody") == true)
        #expect(ChildEnd.signalled(SIGTERM).message(report: nil)?.contains("was ended (SIGTERM)") == true)
        #expect(ChildEnd.killed(after: SIGHUP).exitStatus == 129)
    }

    @Test("after an announced crash the last message has only the rest; only a crash is announced")
    func announced() {
        #expect(
            ChildEnd.crashMessage(signal: SIGILL, report: "/state/crash.txt")
                == "runtop: the dashboard crashed (SIGILL). Your terminal has been restored. "
                + "The report is being written to /state/crash.txt")
        let crash = ChildEnd.signalled(SIGILL)
        #expect(
            crash.message(report: "/state/crash.txt", isCrashAnnounced: true)
                == "runtop: the report is complete. Report: /state/crash.txt.")
        #expect(crash.message(report: nil, isCrashAnnounced: true) == "runtop: it left no report.")
        let killed = ChildEnd.signalled(SIGKILL)
        #expect(killed.message(report: nil, isCrashAnnounced: true) == killed.message(report: nil))
        #expect(ChildEnd.exited(0).message(report: nil, isCrashAnnounced: true) == nil)
    }

    @Test("the environment variable is valid only for the supervisor's own child")
    func link() {
        let value = SupervisorLink.environmentValue(parent: 42, parentPipe: 7, childPipe: 9)
        #expect(SupervisorLink(environmentValue: value, parent: 42)?.childPipe == 9)
        #expect(SupervisorLink(environmentValue: value, parent: 43) == nil)
        for bad in [nil, "", "42", "42:", ":7:9", "42:x:9", "42:7", "42:7:x", "42:7:9:1"] as [String?] {
            #expect(SupervisorLink(environmentValue: bad, parent: 42) == nil)
        }
    }

    @Test("what a child tells is read whole, however it is cut")
    func reports() {
        let told: [ChildReport] = [
            .started(group: 70_000), .crashed(signal: SIGSEGV), .ended(group: 70_000), .started(group: 258),
        ]
        let bytes = told.flatMap(\.bytes)
        for first in 0...bytes.count {
            var read = Array(bytes[..<first])
            let begun = ChildReport.take(from: &read)
            read += bytes[first...]
            #expect(begun + ChildReport.take(from: &read) == told)
            #expect(read.isEmpty)
        }
    }

    @Test("only groups that run are known, and none that could mean other processes")
    func groups() {
        var groups = ProgramGroups()
        for report in [
            ChildReport.started(group: 7), .started(group: 8), .started(group: 0), .started(group: 1),
            .started(group: -1), .ended(group: 7), .ended(group: 9), .crashed(signal: SIGSEGV),
        ] { groups.note(report) }
        #expect(groups.running == [8])
    }

    @Test("our settings of the runtime's crash reporter come last and so win; the operator's others stay")
    func environment() {
        let ours = "enable=yes,interactive=no,color=no,registers=none,sanitize=yes,output-to=stderr"
        func child(_ environment: [String: String]) -> [String: String] {
            Supervisor.childEnvironment(environment, parentPipe: 9, childPipe: 11)
        }
        #expect(child(["SWIFT_BACKTRACE": "enable=no", "HOME": "/h"])["SWIFT_BACKTRACE"] == "enable=no," + ours)
        #expect(child(["SWIFT_BACKTRACE": ""])["SWIFT_BACKTRACE"] == ours)
        #expect(child(["HOME": "/h"])["SWIFT_BACKTRACE"] == ours)
        #expect(child(["HOME": "/h"])["HOME"] == "/h")
    }
}
