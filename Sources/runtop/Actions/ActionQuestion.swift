import Foundation
import Glibc
import Runs
import Screen
import Terminal

/// The question of a command before an action: what, on which run, where, and the effect. The default is No.
struct ActionQuestion {
    private let action: RunAction
    private let placeName: String
    private let isProtected: Bool

    init(_ action: RunAction, placeName: String, isProtected: Bool) {
        self.action = action
        self.placeName = placeName
        self.isProtected = isProtected
    }

    var lines: [SafeText] {
        let target = action.target
        var lines: [SafeText] = ["place  " + SafeText(placeName), "job    " + SafeText(target.jobName)]
        if let run = target.run {
            lines.append("run    " + SafeText(run.key) + "  " + SafeText(target.known?.status.wireValue ?? ""))
        } else {
            lines.append("key    " + SafeText(target.job.key))
        }
        lines.append(consequence)
        lines.append(
            isProtected
                ? "\(placeName) is protected. Type its name to \(action.name); anything else is a No: "
                : "Type yes to \(action.name); anything else is a No: ")
        return lines
    }

    private var consequence: SafeText {
        switch action.verb {
        case .repair(let repair) where !repair.tasks.isEmpty:
            SafeText("The tasks \(repair.tasks.joined(separator: ", ")) run again, and those after them.")
        case .repair(let repair):
            repair.mode == .resume
                ? "The tasks that did not succeed run again, and those after them." : "All its tasks run again."
        case .trigger(let parameters):
            parameters.isEmpty
                ? "A new run starts, with the job's own parameters."
                : SafeText("A new run starts, with \(action.details).")
        case .cancel: "The run is canceled; what it has done so far is lost, or left half done."
        }
    }

    /// Parses the answer; `nil` for No.
    func confirmation(by answer: String) -> ActionConfirmation? {
        if isProtected { return answer == placeName ? .placeName(answer) : nil }
        return answer == "yes" ? .yes : nil
    }

    /// Asks on the controlling terminal. Discards input that was typed before the question.
    ///
    /// - Returns: `nil` if there is no terminal.
    static func ask(_ lines: [SafeText]) -> String? {
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard terminal >= 0 else { return nil }
        defer { close(terminal) }
        guard tcgetpgrp(terminal) == getpgrp() else { return nil }
        let text = lines.map(\.plainText).joined(separator: "\n")
        let handle = FileHandle(fileDescriptor: terminal, closeOnDealloc: false)
        try? handle.write(contentsOf: Data(text.utf8))
        // Waits, so that input that is being pasted is discarded as well.
        usleep(300_000)
        tcflush(terminal, TCIFLUSH)
        var typed: [UInt8] = []
        var byte: UInt8 = 0
        while typed.count < 1_000, read(terminal, &byte, 1) == 1, byte != UInt8(ascii: "\n") { typed.append(byte) }
        return String(decoding: typed, as: UTF8.self)
    }
}
