import Foundation
import Runs
import Screen
import TestSupport

@testable import Dashboard

/// The sample's board with actions allowed.
enum ActionSample {
    static func state(
        _ size: Size = Size(rows: 24, columns: 80), isProtected: Bool = false, theme: Theme = Theme(.dark),
        glyphs: Glyphs = .utf8
    ) -> DashboardState {
        var state = Sample.state(size, theme: theme, glyphs: glyphs)
        state.actions = ActionsState(isAllowed: true, isProtected: isProtected)
        return state
    }

    /// The job that is selected at the start, and its newest failed run.
    static let job = JobID("job-4")
    static let run = RunID("job-4-run-5", of: job)
}

extension DashboardState {
    /// Time passes, after a frame was painted: a prompt listens.
    mutating func look(for seconds: Double = 1) {
        _ = frame()
        painted(at: now)
        _ = update(.tick, at: now.addingTimeInterval(seconds))
    }

    /// Presses the yes of a prompt, and lets no key come after it.
    mutating func sayYes(_ key: Key = .character("y")) -> [Effect] {
        let effects = press(key)
        guard case .action(.waitForQuiet(let number))? = effects.first else { return effects }
        return update(.action(.quiet(number)), at: now)
    }

    /// What is asked of the gate, among effects.
    static func requests(_ effects: [Effect]) -> [ActionRequest] {
        effects.flatMap { effect -> [ActionRequest] in
            if case .action(.act(let requests)) = effect { requests } else { [] }
        }
    }

    var isAsking: Bool { if case .action = overlay { true } else { false } }
}
