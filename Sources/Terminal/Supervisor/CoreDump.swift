import Glibc

/// The image of a process that the system leaves behind when it crashes.
public enum CoreDump {
    /// Leaves none of this process and of those it starts: it would hold keys and tokens.
    public static func forbid() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    }
}
