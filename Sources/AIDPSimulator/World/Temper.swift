/// How a job behaves over its runs. Patterns go by the slot's number rather than by chance wherever an operator should be
/// sure to see them, so each shows within the last five runs.
enum Temper: Sendable, Equatable {
    /// Succeeds, but for this share of its runs.
    case steady(failures: Double)
    /// Fails about every other time.
    case flapping
    /// Fails for six runs in a row out of every sixteen, as when a change breaks it and another repairs it.
    case incident
    /// Takes an eighth longer with every run, until a release sets it right after eighteen.
    case slowing
    /// Its newest run hangs for hours, until an operator cancels it.
    case stuck
    /// Every fifth run outlasts its slot, so the next one is SKIPPED.
    case overrunning
    /// Every third run falls into a maintenance window and waits there.
    case maintained
    /// Two of three runs are EXCLUDED: their condition is not met.
    case conditional
    /// Every fourth run hits its time-out.
    case timingOut
    /// Every other run is cancelled by its user, and takes a while to stop.
    case impatient
    /// Every fifth run meets an error of the service itself.
    case unlucky
    /// Stands in its cluster's queue for nearly half its slot.
    case starved
    /// Waits long for a cluster to start.
    case coldStarting
}
