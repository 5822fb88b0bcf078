import Dispatch
import Glibc

/// What connects the child with its parent: a pipe whose other end the parent holds, so that the child notices even when
/// the parent is killed, and a pipe on which the child announces its own crash.
///
/// An environment variable names both, with the parent's process id: a grandchild that inherits the variable is not the
/// child of that parent, and ignores it.
struct Lifeline {
    static let variable = "RUNTOP_SUPERVISOR"

    private let descriptor: Int32
    /// Where the child writes the number of the signal it crashes of.
    let announcements: Int32

    /// The lifeline of this process, if it is the child of a supervisor.
    init?(environmentValue: String?, parent: pid_t) {
        let parts = (environmentValue ?? "").split(separator: ":").map { Int32($0) }
        guard parts.count == 3, parts[0] == parent, let descriptor = parts[1], let announcements = parts[2] else {
            return nil
        }
        (self.descriptor, self.announcements) = (descriptor, announcements)
    }

    static func environmentValue(parent: pid_t, descriptor: Int32, announcements: Int32) -> String {
        "\(parent):\(descriptor):\(announcements)"
    }

    /// Calls `end` when the parent is gone. The source watches as long as the caller keeps it.
    @MainActor func watch(_ end: @escaping () -> Void) -> any DispatchSourceRead {
        // A pager or an editor must not inherit them.
        for inherited in [descriptor, announcements] { _ = fcntl(inherited, F_SETFD, FD_CLOEXEC) }
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .main)
        source.setEventHandler {
            source.cancel()
            MainActor.assumeIsolated(end)
        }
        source.activate()
        return source
    }
}
