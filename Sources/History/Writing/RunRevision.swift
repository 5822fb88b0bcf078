import Runs

/// Decides which of two states of a run is newer.
struct RunRevision: Equatable {
    /// When the service last changed the run, by the service's clock.
    var updated: Int64?
    /// When the state was seen. For an imported state, the latest of its times.
    var seen: Int64
    var status: RunStatus
    var isImported = false

    /// Whether this state replaces the stored one.
    ///
    /// - If both have the service's time of the last change and the times differ, the later one wins.
    /// - An answer of the service that ends an active run always wins: otherwise the run could stay active forever.
    /// - Otherwise the state that was seen later wins. An imported state wins only if it ends an active run.
    func replaces(_ kept: RunRevision) -> Bool {
        let ends = status.isOver && !kept.status.isOver
        if ends, !isImported { return true }
        if let updated, let keptUpdated = kept.updated, updated != keptUpdated { return updated > keptUpdated }
        return isImported ? ends : seen >= kept.seen
    }
}

extension RunStatus {
    /// Whether the status means that the run has ended. False for an unknown status.
    fileprivate var isOver: Bool {
        switch meaning {
        case .succeeded, .failed, .inconclusive: true
        case .active, .unknown: false
        }
    }
}
