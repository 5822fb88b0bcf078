import Glibc

/// A program to start without a shell. All signals have their default actions, and none is blocked.
package struct NewProgram {
    /// The name of the program, followed by its arguments.
    package var arguments: [String]
    package var environment: [String: String]
    /// The file of the program; `nil` to find the name in `PATH`, unless the name contains a `/`.
    package var path: String?
    /// The descriptors to pass on, each with its number in the program. A descriptor with the same number stays open
    /// (POSIX, posix_spawn_file_actions_adddup2).
    package var descriptors: [(ours: Int32, its: Int32)] = []
    /// Whether its standard input is empty.
    package var readsNothing = false
    /// Whether it inherits no other descriptors, even if they are not marked as close-on-exec.
    package var inheritsNothingElse = false
    /// Whether it starts a new process group. If this process dies before ``groupEnded(_:)``, the supervisor ends the group.
    package var hasOwnGroup = false

    package init(_ arguments: [String], environment: [String: String], path: String? = nil) {
        (self.arguments, self.environment, self.path) = (arguments, environment, path)
    }

    /// A failed system call, with its error number.
    package struct Failure: Error, Hashable, Sendable {
        package let number: Int32
        /// The message of the system.
        package var reason: String { String(cString: strerror(number)) }

        package init(number: Int32) { self.number = number }
    }

    /// Starts the program.
    ///
    /// - Returns: the process id, which is also the id of a new group.
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

    /// Reports that the program of a group has ended: the supervisor no longer ends what is left of the group.
    package static func groupEnded(_ id: pid_t) { Supervisor.link?.tell(.ended(group: id)) }

    /// The descriptors that a program would inherit besides the standard ones. It must not keep a pipe of this process open.
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
            // The array contains at least its final null, so it has a base address.
            body(buffer.baseAddress!)
        }
    }
}
