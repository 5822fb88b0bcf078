import Glibc

/// What the dashboard tells its supervisor, on a pipe.
enum ChildReport: Hashable, Sendable {
    /// It is about to die of a signal; its report is not written yet. One byte, which a signal handler can write.
    case crashed(signal: Int32)
    /// It has started a program in a process group of its own.
    case started(group: pid_t)
    /// The first program of that group has ended.
    case ended(group: pid_t)

    private static let started: UInt8 = 0xFE
    private static let ended: UInt8 = 0xFF
    /// The kind, and the group's number.
    private static let length = 1 + MemoryLayout<pid_t>.size

    /// The report as it is sent. A pipe never mixes so few bytes with others (POSIX, PIPE_BUF).
    var bytes: [UInt8] {
        switch self {
        case .crashed(let signal): [UInt8(truncatingIfNeeded: signal)]
        case .started(let group): [Self.started] + withUnsafeBytes(of: group.littleEndian) { Array($0) }
        case .ended(let group): [Self.ended] + withUnsafeBytes(of: group.littleEndian) { Array($0) }
        }
    }

    /// Takes the whole reports from the beginning of what was read.
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
        // Only what can be a group of another process: 0 and 1 would mean this one's own, and all.
        case .started(let group) where group > 1: running.insert(group)
        case .started: break
        case .ended(let group): running.remove(group)
        }
    }

    /// Ends what the dashboard can end no more: asked first, killed half a second later.
    func end() {
        var left = running.filter { kill(-$0, SIGTERM) == 0 }
        // One that is stopped acts on it only when it goes on.
        for group in left { kill(-group, SIGCONT) }
        for _ in 0..<10 where !left.isEmpty {
            usleep(50_000)
            left = left.filter { kill(-$0, 0) == 0 }
        }
        for group in left { kill(-group, SIGKILL) }
    }
}
