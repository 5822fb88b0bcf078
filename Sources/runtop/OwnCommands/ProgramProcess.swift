import Dispatch
import Glibc
import Synchronization

/// A program that is started without a shell, in its own process group. It has no input; one pipe receives its output
/// and its errors.
final class ProgramProcess: Sendable {
    private let id: pid_t
    private let pipe: Int32
    /// Whether `waitpid` has returned its status: its process id may then belong to another process.
    private let isReaped = Mutex(false)
    private let status = Mutex<Int32>(0)
    /// The number of bytes that were read after it ended.
    private let bytesAfterEnd = Mutex(0)
    /// More than the capacity of a pipe.
    private static let mostAfterEnd = 1 << 20
    private let queue: DispatchQueue

    /// The system's message if the program cannot be started.
    struct Failure: Error {
        let reason: String
    }

    /// Starts it. Finds the program in `PATH`, unless its name contains a `/`.
    init(_ arguments: [String], environment: [String: String]) throws(Failure) {
        var ends: [Int32] = [0, 0]
        guard Glibc.pipe(&ends) == 0 else { throw Failure(reason: String(cString: strerror(errno))) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let (reading, writing) = (ends[0], ends[1])
        defer { close(writing) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, writing, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, writing, STDERR_FILENO)
        for descriptor in Self.inheritable() { posix_spawn_file_actions_addclose(&actions, descriptor) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
        var id: pid_t = 0
        let failure = Self.withCStrings(arguments) { arguments in
            Self.withCStrings(environment.map { "\($0.key)=\($0.value)" }) { environment in
                posix_spawnp(&id, arguments[0]!, &actions, &attributes, arguments, environment)
            }
        }
        guard failure == 0 else {
            close(reading)
            throw Failure(reason: String(cString: strerror(failure)))
        }
        self.id = id
        pipe = reading
        queue = DispatchQueue(label: "runtop.command.\(id)")
    }

    deinit { close(pipe) }

    /// Waits for its next output; `nil` when it has ended and all its output was read.
    func nextOutput() async -> [UInt8]? {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: self.read()) }
        }
    }

    /// Its wait status (wait(2)), after ``nextOutput()`` has returned `nil`.
    var waitStatus: Int32 { status.withLock { $0 } }

    private func read() -> [UInt8]? {
        var isAtEnd = false
        while true {
            let hasEnded = isReaped.withLock { $0 }
            // Processes that it started may keep the pipe open and write to it, so reading stops after its own end.
            if hasEnded, isAtEnd || bytesAfterEnd.withLock({ $0 > Self.mostAfterEnd }) { return nil }
            if isAtEnd {
                // It may have closed its output and continue to run.
                usleep(20_000)
            } else {
                var descriptor = pollfd(fd: pipe, events: Int16(POLLIN), revents: 0)
                let count = poll(&descriptor, 1, hasEnded ? 0 : 200)
                if count > 0 {
                    var buffer = [UInt8](repeating: 0, count: 65_536)
                    let count = Glibc.read(pipe, &buffer, buffer.count)
                    if count > 0 {
                        if hasEnded { bytesAfterEnd.withLock { $0 += count } }
                        return Array(buffer[..<count])
                    }
                    isAtEnd = count == 0 || errno != EINTR
                    continue
                }
                if hasEnded { return nil }
            }
            reap()
        }
    }

    /// Reaps the process if it has ended.
    private func reap() {
        isReaped.withLock { isReaped in
            var found: Int32 = 0
            guard !isReaped, waitpid(id, &found, WNOHANG) == id else { return }
            status.withLock { $0 = found }
            isReaped = true
        }
    }

    /// Sends a signal to its process group, unless it has ended.
    func send(_ signal: Int32) {
        isReaped.withLock { isReaped in
            guard !isReaped else { return }
            kill(-id, signal)
            // A stopped process handles the signal only when it continues.
            kill(-id, SIGCONT)
        }
    }

    /// The descriptors that a new program would inherit besides the standard ones. It does not need them, and must not
    /// keep a pipe of runtop open.
    private static func inheritable() -> [Int32] {
        guard let folder = opendir("/proc/self/fd") else { return [] }
        defer { closedir(folder) }
        var found: [Int32] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard let descriptor = Int32(name), descriptor > STDERR_FILENO else { continue }
            let flags = fcntl(descriptor, F_GETFD)
            if flags >= 0, flags & FD_CLOEXEC == 0 { found.append(descriptor) }
        }
        return found
    }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeMutableBufferPointer { buffer in
            // The array contains at least its final null, so that it has a base address.
            body(buffer.baseAddress!)
        }
    }
}
