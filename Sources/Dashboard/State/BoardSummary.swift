import Foundation
import Runs

/// The board in a few figures, reckoned once when the rows are arranged.
struct BoardSummary: Hashable, Sendable {
    var counts = BoardCounts()
    /// When the row longest without an answer got one; `nil` while there is no answer at all.
    var oldestAnswer: Date?
    var newestAnswer: Date?

    init() {}

    init(of board: JobBoard, at now: Date) {
        counts = board.counts(at: now)
        let answers = board.entries.values.lazy.compactMap(\.freshness.lastAnswer)
        oldestAnswer = answers.min()
        newestAnswer = answers.max()
    }
}
