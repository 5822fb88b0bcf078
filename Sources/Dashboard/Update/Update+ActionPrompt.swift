import Foundation
import Runs
import Screen

/// The keys in the question before an action, and in the form for its parameters.
extension DashboardState {
    /// Records that the screen was painted: after a pause, a key can confirm.
    package mutating func painted(at moment: Date) {
        guard case .action(var prompt) = overlay else { return }
        prompt.painted(at: moment)
        overlay = .action(prompt)
    }

    /// Handles a key in the question. Only one key means Yes, all others mean No. Typed-ahead or pasted keys are ignored.
    mutating func answer(_ prompt: ActionPrompt, with key: Key) -> [Effect] {
        var prompt = prompt
        if key == .escape || key == .control("c") { return close("Nothing was sent.") }
        if case .paste = key { return keep(prompt) }
        guard prompt.accepts(keyReadAt: keyRead) else { return keep(prompt) }
        if prompt.isYesPressed { return giveUp("Several keys came at once: nothing was sent.") }
        if let problem = prompt.problem(on: board) { return giveUp(problem + " Nothing was sent.") }
        if var name = prompt.typedName {
            guard key == .enter else {
                _ = name.edit(key)
                prompt.typed(name, at: keyRead)
                return keep(prompt)
            }
            guard name.text == place.workspace else {
                return giveUp("That is not the name of the place: nothing was sent.")
            }
            guard !prompt.isPasted(at: keyRead) else {
                return giveUp("The name and Enter came at once, as when pasted: nothing was sent. Type them.")
            }
            return send(prompt)
        }
        if key == .tab, prompt.canSwitchMode {
            prompt.switchMode()
            return keep(prompt)
        }
        guard key == keymap.yesKey else { return giveUp("Nothing was sent.") }
        prompt.isYesPressed = true
        overlay = .action(prompt)
        return [.action(.waitForQuiet(prompt.number))]
    }

    /// Sends the action if no key has followed the yes of a prompt: so it was not part of pasted or typed-ahead text.
    mutating func sendWhenQuiet(_ number: Int) -> [Effect] {
        guard case .action(let prompt) = overlay, prompt.number == number, prompt.isYesPressed else { return [] }
        if let problem = prompt.problem(on: board) { return close(problem + " Nothing was sent.") }
        return send(prompt)
    }

    private mutating func send(_ prompt: ActionPrompt) -> [Effect] {
        overlay = nil
        if let command = prompt.command { return start(command, confirmed: prompt.confirmation) }
        _ = clearMarks()
        let count = prompt.actions.count
        actions.confirm(prompt.actions)
        notify(count == 1 ? "Asking the service." : "Asking the service for \(count) runs.")
        return [.action(.act(prompt.requests()))]
    }

    private mutating func keep(_ prompt: ActionPrompt) -> [Effect] {
        overlay = .action(prompt)
        return []
    }

    /// Closes the question because of a key. Keys that follow in the same burst do nothing on the screen below.
    private mutating func giveUp(_ words: SafeText) -> [Effect] {
        dropped = keyRead
        return close(words)
    }

    private mutating func close(_ words: SafeText) -> [Effect] {
        overlay = nil
        notify(words)
        return []
    }

    /// Handles a key in the form. Enter opens the question.
    mutating func edit(_ form: ParameterForm, with key: Key) {
        var form = form
        switch key {
        case .escape, .control("c"):
            overlay = nil
            notify("Nothing was sent.")
        case .enter:
            guard let parameters = form.parameters() else {
                overlay = .parameters(form)
                return
            }
            openPrompt([RunAction(.trigger(parameters), of: form.target)])
        default:
            form.edit(key)
            overlay = .parameters(form)
        }
    }

    /// The box of the open question or form.
    func actionBox(in area: Rectangle) -> ActionBox? {
        let (width, rows) = ActionBox.room(in: area)
        switch overlay {
        case .action(let prompt):
            let place = SafeText(self.place.workspace) + " (" + SafeText(self.place.region) + ")"
            let lines = prompt.lines(
                place: place, yes: SafeText(keymap.yesKey.name), problem: prompt.problem(on: board), width: width,
                rows: rows)
            return ActionBox(title: prompt.title, lines: lines, appearance: appearance)
        case .parameters(let form):
            let box = form.box(width: width, rows: rows)
            return ActionBox(title: "run", lines: box.lines, cursor: box.cursor, appearance: appearance)
        default: return nil
        }
    }
}

extension Keymap {
    /// The key for yes before an action: `y`, unless the settings use it for moving or an action.
    var yesKey: Key {
        let taken: [Intent] = [
            .up, .down, .left, .right, .pageUp, .pageDown, .scrollPage, .halfPageUp, .halfPageDown, .top, .bottom,
            .lineStart, .lineEnd, .repair, .trigger, .cancel, .mark, .open, .back,
        ]
        let candidates: [Key] = ["y", "o", "a", "v", "z"].map { .character($0) }
        return candidates.first { key in !taken.contains { keys(for: $0).contains(key) } } ?? .function(9)
    }
}
