import Dispatch
import Glibc

/// How the child knows that its parent lives, though the parent be killed: a pipe whose other end the parent holds.
///
/// The environment names it, with the parent's process id, so that the mark does not count in a grandchild.
struct Lifeline {
    static let variable = "RUNTOP_SUPERVISOR"

    private let descriptor: Int32

    /// The lifeline of this process, if it is the child of a supervisor.
    init?(environmentValue: String?, parent: pid_t) {
        let parts = (environmentValue ?? "").split(separator: ":").map { Int32($0) }
        guard parts.count == 2, parts[0] == parent, let descriptor = parts[1] else { return nil }
        self.descriptor = descriptor
    }

    static func environmentValue(parent: pid_t, descriptor: Int32) -> String {
        "\(parent):\(descriptor)"
    }

    /// Calls `end` when the parent is gone. The source watches as long as somebody keeps it.
    @MainActor func watch(_ end: @escaping () -> Void) -> any DispatchSourceRead {
        // A pager or an editor must not hold it.
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .main)
        source.setEventHandler {
            source.cancel()
            MainActor.assumeIsolated(end)
        }
        source.activate()
        return source
    }
}
