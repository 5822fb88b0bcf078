import Glibc

/// The memory image that the system writes when a process crashes.
public enum CoreDump {
    /// Disables core dumps of this process and of its children, because they would contain keys and tokens.
    ///
    /// The limit is one byte and not zero: that is too small for any image, and it is the only limit that Linux also applies
    /// when a program such as systemd-coredump receives the images (core(5), fs/coredump.c).
    public static func forbid() {
        let core = __rlimit_resource_t(RLIMIT_CORE.rawValue)
        var limit = rlimit()
        guard getrlimit(core, &limit) == 0 else { return }
        let most = min(limit.rlim_max, 1)
        limit = rlimit(rlim_cur: most, rlim_max: most)
        setrlimit(core, &limit)
    }
}
