import Runs

/// What decides which of two states of a run is the newer one.
struct RunRevision: Equatable {
    /// When the service last changed the run, by its own clock.
    var updated: Int64?
    /// When the state was seen. For an imported one, the last moment that it names.
    var seen: Int64
    var status: RunStatus
    var isImported = false

    /// Whether this state takes the place of one that is kept.
    ///
    /// - The service's own moment of the last change decides, where both have it and it differs.
    /// - A live answer that says that a run is over always counts, whatever its moments: else it would be active for ever.
    /// - Without a difference, the state that was seen later counts; an imported one only if it ends an active run.
    func replaces(_ kept: RunRevision) -> Bool {
        let ends = status.isOver && !kept.status.isOver
        if ends, !isImported { return true }
        if let updated, let keptUpdated = kept.updated, updated != keptUpdated { return updated > keptUpdated }
        return isImported ? ends : seen >= kept.seen
    }
}

extension RunStatus {
    /// Whether the run has ended, as far as is known.
    fileprivate var isOver: Bool {
        switch meaning {
        case .succeeded, .failed, .inconclusive: true
        case .active, .unknown: false
        }
    }
}
