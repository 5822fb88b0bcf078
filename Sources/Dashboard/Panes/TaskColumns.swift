import Foundation
import Runs
import Screen

/// The sort key of the table of tasks, whose only order is that of the dependencies.
enum TaskSortKey: TitledSortKey {
    case dependency

    var title: SafeText { "TASK" }
    var isAscending: Bool { true }
}

extension Cells {
    /// The columns of the table of a run's tasks.
    ///
    /// - Parameter moment: the time until which active tasks are known to run.
    func taskColumns(_ tree: TaskTree, nameWidth: Int, at moment: Date) -> [Column<TaskRow, TaskSortKey>] {
        let glyphs = appearance.glyphs
        let span = tree.span.map { TimeText.duration(Duration(from: $0.lowerBound, to: $0.upperBound)) }
        func cell(_ text: @escaping (TaskRun) -> SafeText?) -> (TaskRow, Int) -> StyledText {
            { row, _ in
                guard case .task(let row) = row else { return StyledText([]) }
                return appearanceText(row.task.flatMap(text) ?? glyphs.nothing, .text)
            }
        }
        return [
            Column(title: "TASK", minimum: 10, comfortable: min(nameWidth, 24), ideal: nameWidth, givesWay: 0) {
                row, _ in
                name(of: row)
            },
            Column(title: "STATUS", minimum: 1, comfortable: 10, ideal: 19, givesWay: 0) { row, width in
                status(of: row, width: width)
            },
            Column(title: "TRY", minimum: 3, comfortable: 3, ideal: 3, givesWay: 4, alignment: .trailing) { row, _ in
                guard case .task(let row) = row, let attempt = row.task?.retryAttempt else { return StyledText([]) }
                return appearanceText("\(attempt + 1)", attempt > 0 ? .late : .quiet)
            },
            Column(
                title: "TOOK", minimum: 6, comfortable: 6, ideal: 6, givesWay: 1, alignment: .trailing,
                cell: cell { $0.duration(at: moment).map { TimeText.duration($0) } }),
            Column(
                title: "STARTED", minimum: 8, comfortable: 11, ideal: 11, givesWay: 3,
                cell: cell { $0.started.map { clock.short($0, at: now) } }),
            Column(
                title: span.map { "TIMELINE " + $0 } ?? "TIMELINE", minimum: 8, comfortable: 16, ideal: 60,
                givesWay: 2,
                grows: 1
            ) { row, width in
                guard case .task(let row) = row, let task = row.task else { return StyledText([]) }
                return StyledText(tree.bar(of: task, width: width, glyphs: glyphs, at: moment), theme: appearance.theme)
            },
            Column(title: "NOTE", minimum: 10, comfortable: 20, ideal: 80, givesWay: 5) { row, _ in note(of: row) },
        ]
    }

    private func appearanceText(_ text: SafeText, _ role: Role) -> StyledText {
        StyledText([appearance.styled(text, role)])
    }

    private func name(of row: TaskRow) -> StyledText {
        switch row {
        case .task(let row):
            StyledText([appearance.styled(row.branch, .frame), appearance.styled(row.name, .text)])
        case .run(let label, let key):
            StyledText([appearance.styled(label + " ", .quiet), appearance.styled(SafeText(key), .text)])
        }
    }

    private func status(of row: TaskRow, width: Int) -> StyledText {
        guard case .task(let row) = row else { return StyledText([]) }
        guard let task = row.task else { return appearanceText("not run", .quiet) }
        let glyph = appearance.glyphs.status(task.status)
        let word = task.status.word.width + 2 <= width ? task.status.word : task.status.appearance.shortWord
        return appearanceText(width < 4 ? glyph : glyph + " " + word, .status(task.status))
    }

    private func note(of row: TaskRow) -> StyledText {
        guard case .task(let row) = row else { return appearanceText("Enter opens it", .quiet) }
        let message = SafeText.lines(ofTerminalOutput: row.task?.stateMessage ?? "").joined(separator: " ")
        let after =
            row.alsoAfter.isEmpty ? "" : "also after " + row.alsoAfter.map { SafeText($0) }.joined(separator: ", ")
        let kind = SafeText(row.kind ?? "")
        let parts = [message, after, kind].filter { !$0.isEmpty }
        return appearanceText(parts.joined(separator: appearance.glyphs.separator), message.isEmpty ? .quiet : .text)
    }
}
