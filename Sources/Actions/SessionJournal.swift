import Runs

/// The journal of a session: kept in the history, and in memory, so that nothing of the session is lost while the history
/// cannot be written or there is none.
package actor SessionJournal {
    private let store: (any ActionJournal)?
    /// This session's records, the oldest first.
    private var records: [ActionRecord] = []
    /// The records that the store does not have as they are.
    private var unwritten: Set<ActionRecord.ID> = []
    private var problem: String?

    /// The most records of a session that are kept in memory.
    private static let most = 1_000

    /// - Parameter store: `nil` to keep the journal in memory alone.
    package init(store: (any ActionJournal)?) { self.store = store }

    /// What a screen or a command shows.
    package struct Contents: Hashable, Sendable {
        /// The newest first.
        package var records: [ActionRecord]
        /// Why these are not all, or will not outlive the session.
        package var note: String?
    }

    /// Keeps a record, in place of an earlier state of it.
    ///
    /// - Returns: why it is in memory alone, where it should not be.
    @discardableResult
    package func keep(_ record: ActionRecord) async -> String? {
        records.removeAll { $0.id == record.id }
        records = (records + [record]).suffix(Self.most)
        guard let store else { return nil }
        unwritten.insert(record.id)
        for record in records where unwritten.contains(record.id) {
            if let failure = await failure(ofKeeping: record, in: store) {
                problem = failure
                return failure
            }
            unwritten.remove(record.id)
        }
        problem = nil
        return nil
    }

    private func failure(ofKeeping record: ActionRecord, in store: any ActionJournal) async -> String? {
        do {
            try await store.keep(record)
            return nil
        } catch {
            return "The journal is not written: \(Self.reason(error))"
        }
    }

    /// Up to so many records, the newest first.
    package func contents(_ most: Int = 200) async -> Contents {
        let own = Array(records.reversed().prefix(most))
        guard let store else {
            return Contents(records: own, note: "No history is kept: this journal ends with the session.")
        }
        do {
            let known = Set(own.map(\.id))
            let kept = try await store.newestActions(most).filter { !known.contains($0.id) }
            return Contents(
                records: Array((own + kept).sorted { $0.begun > $1.begun }.prefix(most)), note: problem)
        } catch {
            return Contents(
                records: own, note: "Only this session's: the history cannot be read: \(Self.reason(error))")
        }
    }

    private static func reason(_ error: any Error) -> String {
        (error as? any ReasonedError)?.reason ?? "\(error)"
    }
}
