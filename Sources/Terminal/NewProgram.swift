import Glibc

/// A program to be started without a shell, with all signals at their defaults and none blocked.
package struct NewProgram {
    /// The program's name, and its arguments.
    package var arguments: [String]
    package var environment: [String: String]
    /// The program's file; `nil` to look for its name in `PATH`, unless that has a `/`.
    package var path: String?
    /// The descriptors of this process that it gets, with their numbers in it. One that keeps its number stays open across
    /// exec (POSIX, posix_spawn_file_actions_adddup2).
    package var descriptors: [(ours: Int32, its: Int32)] = []
    /// Whether there is nothing to read on its standard input.
    package var readsNothing = false
    /// Whether it inherits no other descriptor above the standard ones, even where this process left one open for all.
    package var inheritsNothingElse = false
    /// Whether it is the first of a process group of its own. The supervisor ends such a group when this process dies before
    /// ``groupEnded(_:)``.
    package var hasOwnGroup = false

    package init(_ arguments: [String], environment: [String: String], path: String? = nil) {
        (self.arguments, self.environment, self.path) = (arguments, environment, path)
    }

    /// The system's error number of a call that failed.
    package struct Failure: Error, Hashable, Sendable {
        package let number: Int32
        /// The system's words for it.
        package var reason: String { String(cString: strerror(number)) }

        package init(number: Int32) { self.number = number }
    }

    /// Starts it.
    ///
    /// - Returns: its process id, which is also that of its group if it has its own.
    package func start() throws(Failure) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if readsNothing { posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) }
        for (ours, its) in descriptors { posix_spawn_file_actions_adddup2(&actions, ours, its) }
        if inheritsNothingElse {
            for descriptor in Self.inheritable() { posix_spawn_file_actions_addclose(&actions, descriptor) }
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        let group = hasOwnGroup ? POSIX_SPAWN_SETPGROUP : 0
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | group))
        var id: pid_t = 0
        let failure = Self.withCStrings(arguments) { arguments in
            Self.withCStrings(environment.map { "\($0.key)=\($0.value)" }) { environment in
                if let path { return posix_spawn(&id, path, &actions, &attributes, arguments, environment) }
                guard let name = arguments[0] else { return ENOENT }
                return posix_spawnp(&id, name, &actions, &attributes, arguments, environment)
            }
        }
        guard failure == 0 else { throw Failure(number: failure) }
        if hasOwnGroup { Supervisor.link?.tell(.started(group: id)) }
        return id
    }

    /// The first program of a group has ended and was waited for: the supervisor leaves alone what it left running.
    package static func groupEnded(_ id: pid_t) { Supervisor.link?.tell(.ended(group: id)) }

    /// The descriptors that a program started now would inherit besides the standard ones: a pipe of this process must not stay
    /// open in it.
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
            // The array holds at least its final null, so it has a base address.
            body(buffer.baseAddress!)
        }
    }
}
