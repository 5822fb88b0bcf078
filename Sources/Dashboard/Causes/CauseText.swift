import Foundation
import Runs
import Screen

extension CauseRecurrence {
    /// A few words for a row: `new cause`, `seen 3d ago`.
    func shortText(at now: Date) -> SafeText {
        switch self {
        case .new: "new cause"
        case .seen(let moment, _): "seen \(TimeText.coarseAge(of: moment, at: now)) ago"
        }
    }

    /// A longer text, which also says whether a rerun succeeded: `seen 3d ago, healed by the next run after 12m`.
    func text(at now: Date) -> SafeText {
        guard case .seen(_, let healing) = self else { return "new cause: no earlier known run failed for it" }
        guard let healing else { return shortText(at: now) + ", not healed since" }
        let run: SafeText = healing.isManual ? "a run started by hand" : "the next run"
        let how: SafeText =
            healing.runs == 1
            ? "healed by " + run
            : healing.isManual
                ? "healed by \(run), \(healing.runs) runs later" : "healed \(healing.runs) runs later"
        let time: SafeText = healing.time.map { ", after " + TimeText.duration($0) } ?? ""
        return shortText(at: now) + ", " + how + time
    }
}

extension Cells {
    /// The columns of the table of causes: figures first, so that the text gets the rest of the row.
    func causeColumns(widest: Int) -> [Column<CauseGroup, CauseSortKey>] {
        func figure(_ title: SafeText, givesWay: Int, key: CauseSortKey, _ count: @escaping (CauseGroup) -> Int)
            -> Column<CauseGroup, CauseSortKey>
        {
            let width = title.width + 1
            return Column(
                title: title, minimum: title.width, comfortable: width, ideal: width, givesWay: givesWay,
                alignment: .trailing, sortKey: key
            ) { group, _ in
                let count = count(group)
                return count == 0 ? nothing : StyledText("\(count)", appearance.theme.style(.text))
            }
        }
        func moment(_ title: SafeText, givesWay: Int, key: CauseSortKey, _ moment: @escaping (CauseGroup) -> Date?)
            -> Column<CauseGroup, CauseSortKey>
        {
            Column(title: title, minimum: 11, comfortable: 11, ideal: 11, givesWay: givesWay, sortKey: key) {
                group, _ in momentCell(moment(group))
            }
        }
        return [
            figure("BROKEN", givesWay: 2, key: .broken) { $0.broken.count },
            figure("JOBS", givesWay: 1, key: .jobs) { $0.jobs.count },
            figure("FAILURES", givesWay: 5, key: .failures) { $0.failures },
            moment("FIRST SEEN", givesWay: 4, key: .first) { $0.first },
            moment("LAST SEEN", givesWay: 3, key: .last) { $0.last },
            Column(
                title: "CAUSE", minimum: 8, comfortable: 24, ideal: max(widest, 24), givesWay: 0, sortKey: .cause
            ) { group, width in
                let cause = FailureCause(text: group.text, signature: group.signature)
                let role: Role = group.broken.isEmpty ? .text : .broken
                return StyledText(cause.shown(width: width), appearance.theme.style(role))
            },
        ]
    }
}

extension CauseSortKey: TitledSortKey {
    var title: SafeText {
        switch self {
        case .broken: "BROKEN"
        case .jobs: "JOBS"
        case .failures: "FAILURES"
        case .first: "FIRST SEEN"
        case .last: "LAST SEEN"
        case .cause: "CAUSE"
        }
    }

    var isAscending: Bool { self == .cause }
}
