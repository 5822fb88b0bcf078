import Runs
import Screen

/// The keys in prompts and in the sort menu.
extension DashboardState {
    /// Handles a key in the open prompt or menu.
    mutating func edit(_ overlay: Overlay, with key: Key) -> [Effect] {
        switch overlay {
        case .filter(let line, let before): editFilter(line, before: before, with: key)
        case .search(let line): return editSearch(line, with: key)
        case .command(let line): return editLine(line, with: key, as: Overlay.command) { $0.run(command: $1) }
        case .save(let line): return editLine(line, with: key, as: Overlay.save) { $0.save(to: $1) }
        case .sortMenu(let picked): pick(picked, with: key)
        case .copyMenu(let menu): return editCopyMenu(menu, with: key)
        case .action(let prompt): return answer(prompt, with: key)
        case .parameters(let form): edit(form, with: key)
        }
        return []
    }

    /// Filters while the user types; Enter keeps the filter, Esc restores the previous one. The arrows move the selection.
    private mutating func editFilter(_ line: LineEditor, before: String, with key: Key) {
        var line = line
        switch key {
        case .enter:
            overlay = nil
            typed.addFilter(line.text)
        case .escape, .control("c"):
            overlay = nil
            setFilter(before)
        case .up, .down, .pageUp, .pageDown:
            let intent = keymap.intent(for: key, in: context)
            if shownCauses != nil {
                if let intent { _ = performOnCauses(intent) }
            } else if let intent, let cursor = jobs.cursor.moved(intent, rows: jobs.rows, height: jobsTableHeight) {
                (jobs.cursor, jobs.isSettled) = (cursor, true)
            }
        default:
            guard line.edit(key) else { return }
            overlay = .filter(line, before: before)
            setFilter(line.text)
        }
        needsSorting = true
    }

    /// Edits an input line, which Enter uses and Esc discards. Backspace in an empty line does nothing, so that holding it
    /// down to clear the line does not also leave the screen.
    private mutating func editLine(
        _ line: LineEditor, with key: Key, as overlay: (LineEditor) -> Overlay,
        done: (inout DashboardState, String) -> [Effect]
    ) -> [Effect] {
        var line = line
        switch key {
        case .enter:
            self.overlay = nil
            return done(&self, line.text)
        case .escape, .control("c"):
            self.overlay = nil
        case .tab:
            if case .command = overlay(line) {
                self.overlay = overlay(Command.completed(line, in: context, own: ownNames))
            }
        default:
            if line.edit(key) { self.overlay = overlay(line) }
        }
        return []
    }

    /// An invalid expression stays in the prompt, which shows the error.
    private mutating func editSearch(_ line: LineEditor, with key: Key) -> [Effect] {
        if key == .enter, !line.text.isEmpty, (try? SearchPattern(line.text)) == nil { return [] }
        return editLine(line, with: key, as: Overlay.search) { state, text in
            guard let pattern = try? SearchPattern(text), !text.isEmpty else {
                state.find(backwards: false)
                return []
            }
            state.typed.addSearch(text)
            state.search(for: pattern)
            return []
        }
    }

    private mutating func save(to path: String) -> [Effect] {
        guard path.contains(where: { !$0.isWhitespace }) else {
            warn("Not saved: the file has no name.")
            return []
        }
        return saveText(to: path)
    }

    /// Saves the original trace. Only a command can do this, because the file may contain escape sequences.
    private mutating func saveRaw(to path: String) -> [Effect] {
        guard let view = shownRun else { return [] }
        guard let text = view.rawText else {
            warn("This run has no error trace.")
            return []
        }
        return [.saveRaw(text, path: path)]
    }

    /// The names of the user's own commands on this screen.
    var ownNames: [String] { ownCommands(in: context).map(\.name) }

    private mutating func run(command line: String) -> [Effect] {
        guard !line.allSatisfy(\.isWhitespace) else { return [] }
        typed.addCommand(line)
        do throws(Command.Mistake) {
            switch try Command.parse(line, in: context, own: ownNames) {
            case .own(let name): return ownCommands.first { $0.name == name }.map { run($0) } ?? []
            case .intent(.quit): return quit()
            // On a task it is about the whole run, where the key is about the task.
            case .intent(.repair): return ask(for: .repair(RunRepair()))
            case .intent(let intent): return perform(intent)
            case .interval(let interval): return setInterval(interval)
            case .sortJobs(let key): jobs.order = JobOrder(key)
            case .sortCauses(let key): shownCauses?.order = CauseOrder(key)
            case .sortRuns(let key): shownRuns?.order = RunOrder(key)
            case .focus(let focus): jobs.filter.focus = focus
            case .filter(let text): setFilter(text)
            case .theme(let name): appearance.theme = Theme(name)
            case .saveRaw(let path): return saveRaw(to: path)
            case .repair(let repair): return ask(for: .repair(repair))
            case .trigger(let parameters): return ask(for: .trigger(parameters))
            }
        } catch {
            warn(error.message)
        }
        needsSorting = true
        return []
    }

    /// The titles of the columns in the sort menu of this screen.
    var sortChoices: [SafeText] {
        if context == .runs { return RunSortKey.allCases.map(\.title) }
        if context == .causes { return CauseSortKey.allCases.map(\.title) }
        return JobSortKey.allCases.map(\.title)
    }

    private mutating func pick(_ picked: Int, with key: Key) {
        switch MenuStep(key, keymap.intent(for: key, in: context), from: picked, of: sortChoices.count) {
        case .picks:
            overlay = nil
            sort(byChoice: picked)
        case .closes: overlay = nil
        case .moves(let picked): overlay = .sortMenu(picked: picked)
        case .nothing: break
        }
    }

    private mutating func sort(byChoice picked: Int) {
        needsSorting = true
        if context == .runs {
            shownRuns?.order = RunOrder(RunSortKey.allCases[picked])
        } else if context == .causes {
            shownCauses?.order = CauseOrder(CauseSortKey.allCases[picked])
        } else {
            jobs.order = JobOrder(JobSortKey.allCases[picked])
        }
    }
}
