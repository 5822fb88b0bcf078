import Dispatch
import Glibc

/// The connection between child and parent: a pipe that closes when the parent ends, so that the child notices even a
/// killed parent, and a pipe on which the child announces its own crash.
///
/// An environment variable has both descriptors and the parent's process id. A grandchild that inherits the variable has
/// another parent, and ignores it.
struct Lifeline {
    static let variable = "RUNTOP_SUPERVISOR"

    private let descriptor: Int32
    /// The pipe to which the child writes the signal number of its crash.
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

    /// Calls `end` when the parent has ended. The caller must keep the source for as long as it is needed.
    @MainActor func watch(_ end: @escaping () -> Void) -> any DispatchSourceRead {
        // Child processes must not inherit the descriptors.
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
