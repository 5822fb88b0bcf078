/// How the outcomes and durations of a job's runs follow each other. Most patterns depend on the slot's number and not on
/// random numbers, so that an operator sees each of them within the last five runs.
enum RunPattern: Sendable, Equatable {
    /// Succeeds, except for this share of its runs.
    case steady(failures: Double)
    /// Fails about every other time.
    case flapping
    /// Fails for six runs in a row out of every sixteen, as after a faulty change that is fixed later.
    case incident
    /// Takes an eighth longer with every run, and returns to normal after eighteen runs.
    case slowing
    /// Its newest run hangs for hours, until an operator cancels it.
    case stuck
    /// Every fifth run lasts longer than its slot, so the next one is SKIPPED.
    case overrunning
    /// Every third run waits for the end of a maintenance window.
    case maintained
    /// Two of three runs are EXCLUDED: their condition is not met.
    case conditional
    /// Every fourth run hits its time-out.
    case timingOut
    /// Every other run is cancelled by its user, and stops after a delay.
    case impatient
    /// Every fifth run ends with an internal error of the service.
    case unlucky
    /// Waits in its cluster's queue for nearly half of its slot.
    case starved
    /// Waits long for a cluster to start.
    case coldStarting
}
