import Glibc

/// A message from the dashboard to its supervisor, on a pipe.
enum ChildReport: Hashable, Sendable {
    /// A signal is about to end the dashboard, before the crash report is written. One byte, so that a signal handler can send it.
    case crashed(signal: Int32)
    /// The dashboard has started a program in a new process group.
    case started(group: pid_t)
    /// The program of that group has ended.
    case ended(group: pid_t)

    private static let started: UInt8 = 0xFE
    private static let ended: UInt8 = 0xFF
    /// The kind and the id of the group, in bytes.
    private static let length = 1 + MemoryLayout<pid_t>.size

    /// The bytes to send. A pipe never mixes so few bytes with those of other writers (POSIX, PIPE_BUF).
    var bytes: [UInt8] {
        switch self {
        case .crashed(let signal): [UInt8(truncatingIfNeeded: signal)]
        case .started(let group): [Self.started] + withUnsafeBytes(of: group.littleEndian) { Array($0) }
        case .ended(let group): [Self.ended] + withUnsafeBytes(of: group.littleEndian) { Array($0) }
        }
    }

    /// Removes all complete messages from the start of the bytes, and returns them.
    static func take(from bytes: inout [UInt8]) -> [ChildReport] {
        var reports: [ChildReport] = []
        while let kind = bytes.first {
            guard [started, ended].contains(kind) else {
                reports.append(.crashed(signal: Int32(kind)))
                bytes.removeFirst()
                continue
            }
            guard bytes.count >= length else { break }
            let group = bytes[1..<length].enumerated().reduce(pid_t(0)) { $0 | pid_t($1.element) << (8 * $1.offset) }
            reports.append(kind == started ? .started(group: group) : .ended(group: group))
            bytes.removeFirst(length)
        }
        return reports
    }
}

/// The process groups that the dashboard has started.
struct ProgramGroups {
    private(set) var running: Set<pid_t> = []

    mutating func note(_ report: ChildReport) {
        switch report {
        case .crashed: break
        // 0 and 1 are not groups of a program: they would mean this process's own group, and all processes.
        case .started(let group) where group > 1: running.insert(group)
        case .started: break
        case .ended(let group): running.remove(group)
        }
    }

    /// Ends the groups after the dashboard has died: by SIGTERM, and half a second later by SIGKILL.
    func end() {
        var left = running.filter { kill(-$0, SIGTERM) == 0 }
        // A stopped process handles SIGTERM only after it continues.
        for group in left { kill(-group, SIGCONT) }
        for _ in 0..<10 where !left.isEmpty {
            usleep(50_000)
            left = left.filter { kill(-$0, 0) == 0 }
        }
        for group in left { kill(-group, SIGKILL) }
    }
}
