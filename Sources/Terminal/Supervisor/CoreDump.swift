import Glibc

/// The image of a process that the system leaves behind when it crashes.
public enum CoreDump {
    /// Leaves none of this process and of those it starts: it would hold keys and tokens.
    ///
    /// One byte, not none: too little for any image, and the one limit that Linux also heeds where a program such as
    /// systemd-coredump takes the images (core(5), fs/coredump.c).
    public static func forbid() {
        let core = __rlimit_resource_t(RLIMIT_CORE.rawValue)
        var limit = rlimit()
        guard getrlimit(core, &limit) == 0 else { return }
        let most = min(limit.rlim_max, 1)
        limit = rlimit(rlim_cur: most, rlim_max: most)
        setrlimit(core, &limit)
    }
}
