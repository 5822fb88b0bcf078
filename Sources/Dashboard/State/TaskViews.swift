import Foundation
import Polling
import Runs
import Screen

/// The tasks of a run as a table, and the related runs. The screen beneath shows the run itself.
struct TasksView: Hashable, Sendable {
    let run: RunID
    var cursor = TableCursor<String>()
    var rows: [TaskRow] = []
    /// The keys of the marked tasks, as the job has them.
    var marked: Set<String> = []
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

    /// The key of the task in its job, which a repair needs. `nil` for a run, and for a task without one.
    var taskKey: String? { if case .task(let row) = self { row.taskKey } else { nil } }

    /// The width of the name.
    var nameWidth: Int {
        switch self {
        case .task(let row): row.branch.width + row.name.width
        case .run(let label, let key): label.width + 1 + SafeText(key).width
        }
    }
}

/// What a task printed, and its error trace: of its newest try, or of one before that.
struct OutputView: Hashable, Sendable {
    let id: TaskRunID
    let jobName: String
    /// The task as last seen.
    private(set) var task: TaskRun
    /// The tries before the newest, oldest first, as far as they are known.
    private(set) var earlierTries: [RunAttempt] = []
    /// Which of them is shown; `nil` for the newest try.
    private(set) var earlierTry: Int?
    private(set) var output: TaskOutput?
    private(set) var answered: Date?
    /// Why the newest request failed.
    var failure: String?
    /// Whether the task has changed since the output was requested.
    var isOutdated = false
    /// The output and, below it, the error trace.
    var text: ShownText
    var pager = Pager()
    /// Whether the screen goes to the cause with the next text.
    private var goesToCause: Bool
    /// The text on the screen, as of the last `arrange()`.
    private(set) var document = Document()

    init(of task: TaskRun, id: TaskRunID, jobName: String) {
        (self.id, self.task, self.jobName) = (id, task, jobName)
        text = ShownText(error: task.errorTrace)
        goesToCause = task.status.isFailure
    }

    var trace: ErrorTrace { text.trace }

    /// What the service is asked for.
    var inspection: Inspection { .output(of: id, earlierTry: earlierTry) }

    /// Whether the output may have changed since the last answer.
    var needsOutput: Bool {
        if failure != nil { return true }
        return earlierTry == nil && output != nil && (task.status.isActive || isOutdated)
    }

    /// The task as it was in the try that is shown.
    var shownTask: TaskRun {
        guard let earlierTry, earlierTries.indices.contains(earlierTry) else { return task }
        let attempt = earlierTries[earlierTry]
        var shown = task
        (shown.status, shown.started, shown.ended) = (attempt.status, attempt.started, attempt.ended)
        (shown.stateMessage, shown.errorTrace) = (attempt.message, nil)
        return shown
    }

    /// `try 2 of 3`; `nil` of a task that was tried once.
    var tryTitle: SafeText? {
        let numbers = earlierTries.indices.map { (earlierTries[$0].number ?? $0) + 1 }
        let count = max(earlierTries.count, task.retryAttempt ?? 0, numbers.max() ?? 0) + 1
        guard count > 1 else { return nil }
        let shown = earlierTry.flatMap { numbers.indices.contains($0) ? numbers[$0] : nil }
        return "try \(shown ?? count) of \(count)"
    }

    /// Goes to the try before the one that is shown, and from the oldest to the newest again.
    ///
    /// - Returns: whether there are any tries before the newest.
    mutating func showTryBefore() -> Bool {
        guard !earlierTries.isEmpty else { return false }
        let before = (earlierTry ?? earlierTries.count) - 1
        earlierTry = before >= 0 ? before : nil
        (output, answered, failure, isOutdated) = (nil, nil, nil, false)
        text = ShownText(error: shownTask.errorTrace)
        let wraps = pager.wraps
        pager = Pager(wraps: wraps)
        goesToCause = shownTask.status.isFailure
        return true
    }

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
        earlierTries = new.earlierTries
        let error = new.errorTrace ?? shownTask.errorTrace ?? ""
        text.set(
            printed: new.text, error: error, namesCause: !error.isEmpty || shownTask.status.isFailure,
            countsCharacters: new.isTruncated)
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
        if goesToCause, let cause = trace.rootCause, answered != nil, !text.isBeingRead {
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

    var fileName: String {
        let attempt = earlierTry == nil ? [] : [tryTitle?.plainText ?? ""]
        return FileName.of([jobName, id.run.key, TaskTree.name(of: task).plainText] + attempt)
    }
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
