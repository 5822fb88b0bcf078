import AIDP
import Foundation
import Polling
import Runs

/// The requested order of printed runs, across the answers to all requests.
///
/// The service sorts each answer, but one request covers only a few jobs. Runs without the sort value come last. Equal
/// runs are sorted newest first.
struct PrintedOrder {
    let sortBy: RecentJobRunsRequest.SortBy
    var isAscending = false

    func sorted(_ runs: [JobRun]) -> [JobRun] {
        sorted(runs) { run in
            Rank(
                text: text(name: run.name, status: run.status == .missing ? nil : run.status.wireValue),
                moment: run.moment, key: run.id.key)
        }
    }

    func sorted(_ items: [JobRunSummary]) -> [JobRunSummary] {
        sorted(items) { item in
            let milliseconds = item.startTime ?? item.endTime
            let moment = item.timeCreated ?? milliseconds.map { Date(timeIntervalSince1970: Double($0) / 1_000) }
            return Rank(text: text(name: item.name, status: item.state?.status), moment: moment, key: item.key)
        }
    }

    private struct Rank {
        /// The value to compare first; `nil` if the order is by time.
        let text: String?
        let moment: Date?
        let key: String
    }

    private func text(name: String?, status: String?) -> String? {
        switch sortBy {
        case .timeCreated: nil
        case .displayName: name
        case .status: status
        }
    }

    private func sorted<Item>(_ items: [Item], by rank: (Item) -> Rank) -> [Item] {
        // Sorts the indices instead of the items, because an item is large.
        let ranks = items.map(rank)
        return items.indices.sorted { isBefore(ranks[$0], ranks[$1]) }.map { items[$0] }
    }

    private func isBefore(_ one: Rank, _ other: Rank) -> Bool {
        if let decided = Self.isBefore(one.text, other.text, ascending: isAscending) { return decided }
        let byMoment = Self.isBefore(
            one.moment, other.moment, ascending: sortBy == .timeCreated && isAscending)
        return byMoment ?? (one.key < other.key)
    }

    /// Whether one value comes before another; `nil` if they are equal.
    private static func isBefore<Value: Comparable>(_ one: Value?, _ other: Value?, ascending: Bool) -> Bool? {
        switch (one, other) {
        case (nil, nil): nil
        case (_?, nil): true
        case (nil, _?): false
        case (let one?, let other?): one == other ? nil : (one < other) == ascending
        }
    }
}
