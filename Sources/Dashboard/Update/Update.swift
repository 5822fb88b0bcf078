import Foundation
import Polling
import Screen

/// Something that happened: the only way anything gets into the dashboard.
public enum DashboardEvent: Sendable {
    case key(Key)
    case resized(Size)
    /// A second has passed.
    case tick
    case poll(PollEvent)
    /// When the session token ends, `nil` for who signs in without one; and why it was not prolonged, where that failed.
    case session(ends: Date?, notProlonged: String? = nil)
    /// Something about the set-up that the operator should know.
    case warning(String)
    case copied(bytes: Int)
    /// The text is longer than a terminal takes.
    case copyFailed
    case saved(path: String)
    case saveFailed(path: String, reason: String)
}

/// Something for the world outside to do: the only way anything gets out.
public enum Effect: Equatable, Sendable {
    case quit
    case suspend
    /// Draw every cell anew: something else wrote on the terminal.
    case redraw
    case poll(PollCommand)
    /// Put a text on the clipboard.
    case copy(String)
    /// Write a text to a new file; never over one that is there.
    case save(String, path: String)
}

extension DashboardState {
    /// Takes an event; gives the effects to carry out.
    public mutating func update(_ event: DashboardEvent, at now: Date) -> [Effect] {
        self.now = now
        switch event {
        case .key(let key): return press(key)
        case .resized(let size): self.size = size
        case .tick: tick()
        case .poll(let event): take(event)
        case .session(let ends, let reason): (sessionEnds, sessionTrouble) = (ends, reason)
        case .warning(let text): warn("\(text)")
        case .copied(let bytes): say("Copied to the clipboard (\(bytes) bytes).")
        case .copyFailed: warn("Too long for the clipboard; save it to a file instead.")
        case .saved(let path): say("Saved to \(path).")
        case .saveFailed(let path, let reason): warn("Not saved to \(path): \(reason)")
        }
        return []
    }

    mutating func say(_ text: SafeText) { notice = Notice(text: text) }

    mutating func warn(_ text: SafeText) { notice = Notice(text: text, isWarning: true, secondsLeft: 10) }

    private mutating func tick() {
        // Lateness, and an order by duration, change with time alone.
        needsArranging = true
        guard var notice else { return }
        notice.secondsLeft -= 1
        self.notice = notice.secondsLeft > 0 ? notice : nil
    }

    private mutating func press(_ key: Key) -> [Effect] {
        arrange()
        notice = nil
        if let overlay { return edit(overlay, with: key) }
        guard let intent = keymap.intent(for: key, in: context) else { return [] }
        return perform(intent)
    }
}
