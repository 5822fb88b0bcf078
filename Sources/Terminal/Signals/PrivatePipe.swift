import Glibc
import Screen

/// A pipe that no other program inherits.
struct PrivatePipe {
    let readEnd: Int32
    let writeEnd: Int32

    init() throws(SupervisorError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .cannotStart(SafeText(String(cString: strerror(errno)))) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }
}
