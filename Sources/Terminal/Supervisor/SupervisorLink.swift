import Dispatch
import Glibc

/// The child's connection to its supervisor: a pipe that closes when the parent ends, even if it is killed, and a pipe on
/// which the child reports what the parent must know when the child dies.
///
/// An environment variable contains the parent's process id and both descriptors: `4711:7:9`. A grandchild inherits the
/// variable, but has another parent and ignores it.
struct SupervisorLink {
    static let variable = "RUNTOP_SUPERVISOR"

    /// The pipe that closes when the parent ends.
    private let parentPipe: Int32
    /// The pipe to which the child writes each ``ChildReport``.
    let childPipe: Int32

    /// The connection of this process; `nil` if it is not the child of a supervisor.
    init?(environmentValue: String?, parent: pid_t) {
        let parts = (environmentValue ?? "").split(separator: ":").map { Int32($0) }
        guard parts.count == 3, parts[0] == parent, let parentPipe = parts[1], let childPipe = parts[2] else {
            return nil
        }
        (self.parentPipe, self.childPipe) = (parentPipe, childPipe)
    }

    static func environmentValue(parent: pid_t, parentPipe: Int32, childPipe: Int32) -> String {
        "\(parent):\(parentPipe):\(childPipe)"
    }

    /// Tells the supervisor something.
    func tell(_ report: ChildReport) {
        let bytes = report.bytes
        _ = write(childPipe, bytes, bytes.count)
    }

    /// Calls `end` when the parent has ended. The caller must keep the returned source.
    @MainActor func watchParent(_ end: @escaping () -> Void) -> any DispatchSourceRead {
        // Child processes must not inherit the descriptors.
        for inherited in [parentPipe, childPipe] { _ = fcntl(inherited, F_SETFD, FD_CLOEXEC) }
        let source = DispatchSource.makeReadSource(fileDescriptor: parentPipe, queue: .main)
        source.setEventHandler {
            source.cancel()
            MainActor.assumeIsolated(end)
        }
        source.activate()
        return source
    }
}
