import Foundation
import Runs

/// The board in a few figures, computed once when the rows are arranged.
struct BoardSummary: Hashable, Sendable {
    var counts = BoardCounts()
    /// Jobs whose runs have not been asked for yet: nothing is known of them, good or bad.
    var notAsked = 0
    /// When the row longest without an answer got one; `nil` while there is no answer at all.
    var oldestAnswer: Date?
    var newestAnswer: Date?

    init() {}

    init(of board: JobBoard, at now: Date) {
        counts = board.counts(at: now)
        notAsked = board.entries.values.count { $0.freshness == .never }
        let answers = board.entries.values.lazy.compactMap(\.freshness.lastAnswer)
        oldestAnswer = answers.min()
        newestAnswer = answers.max()
    }
}
