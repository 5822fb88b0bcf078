import Foundation
import Polling
import Screen
import Testing

@testable import Dashboard

/// What goes into the dashboard: keys of the operator, events of the poller, and time.
extension DashboardState {
    /// Feeds an event at the moment of the last one, or so many seconds after the sample's moment; gives its effects.
    @discardableResult
    mutating func feed(_ event: PollEvent, after seconds: Double? = nil) -> [Effect] {
        reading(update(.poll(event), at: seconds.map { Sample.now.addingTimeInterval($0) } ?? now))
    }

    /// Carries out the reading of long texts; gives the other effects.
    private mutating func reading(_ effects: [Effect]) -> [Effect] {
        effects.filter { effect in
            guard case .readText(let unread) = effect else { return true }
            _ = update(.textRead(unread.read()), at: now)
            return false
        }
    }

    /// Presses keys one after another; gives the effects of all of them.
    @discardableResult
    mutating func press(_ keys: Key...) -> [Effect] { press(keys) }

    @discardableResult
    mutating func press(_ keys: [Key]) -> [Effect] {
        keys.flatMap { reading(update(.key($0), at: now)) }
    }

    mutating func type(_ text: String) {
        for character in text { press(.character(character)) }
    }

    /// Opens a prompt with its key, types a line and presses Enter; gives the effects of Enter.
    @discardableResult
    mutating func enter(_ line: String, at prompt: Character) -> [Effect] {
        press(.character(prompt))
        type(line)
        return press(.enter)
    }

    mutating func tick(after seconds: Double) { _ = update(.tick, at: Sample.now.addingTimeInterval(seconds)) }

    mutating func resize(rows: Int, columns: Int) {
        _ = update(.resized(Size(rows: rows, columns: columns)), at: now)
    }
}

extension [Effect] {
    /// The text that the only effect saves, and the path it is saved to.
    var savedText: [String]? {
        guard count == 1, case .save(let text, let path) = self[0] else { return nil }
        return [text.plainText, path]
    }
}

/// Presses a key and expects just these effects.
func expect(
    _ state: inout DashboardState, pressing key: Key, gives effects: [Effect],
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let given = state.press(key)
    #expect(given == effects, sourceLocation: sourceLocation)
}
