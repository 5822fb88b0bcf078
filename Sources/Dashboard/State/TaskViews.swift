import Foundation
import Runs
import Screen

/// The tasks of a run as a table, and the related runs. The screen beneath shows the run itself.
struct TasksView: Hashable, Sendable {
    let run: RunID
    var cursor = TableCursor<String>()
    var rows: [TaskRow] = []
    var tree: TaskTree?
    /// The key of the run that will open when the service has answered.
    var following: String?
}

/// A row of the table of tasks.
enum TaskRow: Hashable, Sendable {
    case task(TaskTree.Row)
    /// A related run: its parent, or the first run of the chain.
    case run(label: SafeText, key: String)

    var id: String {
        switch self {
        case .task(let row): row.id
        case .run(let label, let key): "run \(label.plainText) \(key)"
        }
    }

    /// The width of the name.
    var nameWidth: Int {
        switch self {
        case .task(let row): row.branch.width + row.name.width
        case .run(let label, let key): label.width + 1 + SafeText(key).width
        }
    }
}

/// The output of a task, and its error trace.
struct OutputView: Hashable, Sendable {
    let id: TaskRunID
    let jobName: String
    /// The task as last seen.
    var task: TaskRun
    var output: TaskOutput?
    var answered: Date?
    /// Why the last request failed.
    var failure: String?
    /// Whether the task has changed since the output was requested.
    var isOutdated = false
    /// The output, followed by the error trace.
    private(set) var trace: ErrorTrace
    /// The line at which the error trace begins.
    private(set) var errorStart: Int?
    var pager = Pager()
    /// Whether the screen goes to the cause when the next text arrives.
    var goesToCause = false
    /// The text on the screen, from the last `arrange()`.
    var document = Document()

    init(of task: TaskRun, id: TaskRunID, jobName: String) {
        (self.id, self.task, self.jobName) = (id, task, jobName)
        trace = ErrorTrace(task.errorTrace)
    }

    /// Whether the output may have changed since the last answer.
    var needsOutput: Bool { output == nil ? failure != nil : task.status.isActive || isOutdated || failure != nil }

    /// Updates the task from the newest answer.
    mutating func update(with new: TaskRun) {
        guard new != task else { return }
        task = new
        isOutdated = true
    }

    /// Stores the service's answer.
    mutating func take(_ new: TaskOutput, at moment: Date) {
        answered = moment
        failure = nil
        guard new != output else { return }
        output = new
        let error = new.errorTrace ?? task.errorTrace ?? ""
        let needsEnd = !new.text.isEmpty && !new.text.hasSuffix("\n") && !error.isEmpty
        let printed = needsEnd ? new.text + "\n" : new.text
        errorStart = error.isEmpty ? nil : LongText(printed).count
        trace = ErrorTrace(printed + error, namesCause: !error.isEmpty || task.status.isFailure)
    }

    /// Shows a new text in a part of the screen of this size. The visible lines stay where they are; at the end of the text,
    /// the screen follows it.
    mutating func show(_ new: Document, in size: Size) {
        let moved = new.traceStart - document.traceStart
        let old = layout(in: size)
        let isAtEnd = document.count > 0 && pager.top > Pager.Position() && pager.top == old.lastTop
        if moved != 0 {
            pager.shift(by: moved, within: document.traceStart..<max(document.count, document.traceStart))
            if pager.top.line >= document.traceStart { pager.top.line += moved }
        }
        let hasMore = new.count > document.count
        document = new
        let layout = layout(in: size)
        if goesToCause, let cause = trace.rootCause, answered != nil {
            pager.show(line: cause + new.traceStart, in: layout)
            goesToCause = false
        } else if isAtEnd, hasMore, pager.marking == nil {
            pager.top = layout.lastTop
        }
        pager.clamp(to: layout)
        pager.lastLine = pager.bottom(in: layout).line
    }

    /// The text laid out for a part of the screen of this size.
    func layout(in size: Size) -> PagerLayout { PagerLayout(document, size: size, pager: pager) }

    /// The text for `y` (copy) and `s` (save), with its name.
    var takenText: (text: LongText, name: SafeText) {
        let count = trace.lines.numberedLines
        return (trace.lines, "the output (\(count) \(count == 1 ? "line" : "lines"))")
    }

    var fileName: String { FileName.of([jobName, id.run.key, TaskTree.name(of: task).plainText]) }
}

/// The names of files to save.
enum FileName {
    /// `runtop-orders-run-1.txt`: keeps only letters, digits, `-`, `_` and `.`.
    static func of(_ parts: [String]) -> String {
        let plain = parts.map { part in
            String(part.prefix(60).map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) ? $0 : "-" })
        }
        return "runtop-\(plain.joined(separator: "-")).txt"
    }
}
