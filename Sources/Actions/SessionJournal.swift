import Runs

/// The journal of a session. It is stored in the history and in memory, so that nothing of the session is lost if the
/// history is missing or cannot be written.
package actor SessionJournal {
    private let store: (any ActionJournal)?
    /// The records of this session, oldest first.
    private var records: [ActionRecord] = []
    /// The records whose current state is not in the store.
    private var unwritten: Set<ActionRecord.ID> = []
    private var problem: String?

    /// The maximum number of records in memory.
    private static let most = 1_000

    /// - Parameter store: `nil` to keep the journal only in memory.
    package init(store: (any ActionJournal)?) { self.store = store }

    /// The records to show.
    package struct Contents: Hashable, Sendable {
        /// Newest first.
        package var records: [ActionRecord]
        /// Why records are missing, or will be lost at the end of the session.
        package var note: String?
    }

    /// Stores a record, replacing its earlier state.
    ///
    /// - Returns: why the record is only in memory, if writing it failed.
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

    /// At most `most` records, newest first.
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
