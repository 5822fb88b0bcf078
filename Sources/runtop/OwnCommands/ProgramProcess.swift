import Dispatch
import Glibc
import Synchronization
import Terminal

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

    /// Starts it. Finds the program in `PATH`, unless its name contains a `/`.
    init(_ arguments: [String], environment: [String: String]) throws(NewProgram.Failure) {
        var ends: [Int32] = [0, 0]
        guard Glibc.pipe(&ends) == 0 else { throw NewProgram.Failure(number: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let (reading, writing) = (ends[0], ends[1])
        defer { close(writing) }
        var program = NewProgram(arguments, environment: environment)
        program.descriptors = [(writing, STDOUT_FILENO), (writing, STDERR_FILENO)]
        program.readsNothing = true
        program.inheritsNothingElse = true
        program.hasOwnGroup = true
        do throws(NewProgram.Failure) {
            id = try program.start()
        } catch {
            close(reading)
            throw error
        }
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
            NewProgram.groupEnded(id)
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
}
