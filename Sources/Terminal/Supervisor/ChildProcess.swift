import CNcurses
import Glibc
import Screen

/// This same program, started again as a child in the same process group, on the same terminal.
struct ChildProcess {
    let id: pid_t

    /// Starts it with all signals at their defaults and none blocked.
    ///
    /// - Parameter inherited: the descriptors that it inherits, with their numbers in the child. All others are closed in
    ///   it, except standard input and output.
    init(
        arguments: [String], environment: [String: String], inherited: [(ours: Int32, child: Int32)]
    ) throws(SupervisorError) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // A descriptor that is duplicated to its own number stays open across exec (POSIX, posix_spawn_file_actions_adddup2).
        for (ours, child) in inherited { posix_spawn_file_actions_adddup2(&actions, ours, child) }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        var id: pid_t = 0
        let failure = Self.withCStrings(arguments) { arguments in
            Self.withCStrings(environment.map { "\($0.key)=\($0.value)" }) { environment in
                posix_spawn(&id, Self.executable(), &actions, &attributes, arguments, environment)
            }
        }
        guard failure == 0 else { throw .cannotStart(SafeText(String(cString: strerror(failure)))) }
        self.id = id
    }

    func send(_ signal: Int32) {
        kill(id, signal)
    }

    /// Its change of state since the last call; `nil` without one.
    func poll() -> ChildState? {
        var status: Int32 = 0
        guard waitpid(id, &status, WNOHANG | WUNTRACED | WCONTINUED) == id else { return nil }
        return ChildState(waitStatus: status)
    }

    /// The path of this program, so that `ps` and `pgrep` show its name; the path in /proc if the file has been replaced.
    private static func executable() -> String {
        let link = "/proc/self/exe"
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(link, &buffer, buffer.count)
        guard count > 0 else { return link }
        let path = String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
        return access(path, X_OK) == 0 ? path : link
    }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeMutableBufferPointer { buffer in
            // The array holds at least its final null, so it has a base address.
            body(buffer.baseAddress!)
        }
    }
}
