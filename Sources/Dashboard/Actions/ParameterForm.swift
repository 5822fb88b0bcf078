import Runs
import Screen

/// The form for the parameters of a job to run again: a line `NAME=VALUE` for each, and an empty line to add one.
struct ParameterForm: Hashable, Sendable {
    let target: ActionTarget
    /// The job's own parameters; `nil` until the service answers.
    private(set) var own: [RunParameter]?
    private(set) var lines: [LineEditor] = []
    private(set) var picked = 0
    /// What is wrong with the input, or why the job's parameters are unknown.
    var problem: SafeText?

    init(_ target: ActionTarget) { self.target = target }

    /// Shows the parameters that a run would start with.
    ///
    /// - Parameter shown: the parameters of the job, or of the run to repeat.
    mutating func fill(own: [RunParameter], shown: [RunParameter]) {
        guard self.own == nil else { return }
        self.own = own
        lines = shown.map { LineEditor("\($0.name)=\($0.value)") } + [LineEditor()]
        picked = 0
    }

    /// Edits the current line, or moves to another.
    mutating func edit(_ key: Key) {
        guard own != nil else { return }
        problem = nil
        switch key {
        case .up, .backTab: picked = max(picked - 1, 0)
        case .down, .tab: picked = min(picked + 1, lines.count - 1)
        default:
            _ = lines[picked].edit(key)
            if lines.last?.text.isEmpty == false { lines.append(LineEditor()) }
        }
    }

    /// The parameters that differ from the job's own; the service takes the others from the job.
    ///
    /// - Returns: `nil` if a line is not `NAME=VALUE`.
    mutating func parameters() -> [RunParameter]? {
        guard let own else { return nil }
        var found: [RunParameter] = []
        for line in lines where !line.text.allSatisfy(\.isWhitespace) {
            guard let parameter = RunParameter(line.text) else {
                problem = SafeText("“\(line.text)” is not NAME=VALUE.")
                return nil
            }
            found.append(parameter)
        }
        return found.filter { !own.contains($0) }
    }

    /// The lines of the box; `cursor` is the current line and the column in it.
    func box(width: Int, rows: Int) -> (lines: [(text: SafeText, role: Role)], cursor: (line: Int, column: Int)?) {
        var all: [(SafeText, Role)] = [(SafeText(target.jobName).truncated(to: width), .title)]
        guard own != nil else { return (all + [("asking the service for its parameters", .quiet)], nil) }
        all.append(("NAME=VALUE, a line each:", .quiet))
        let room = max(rows - 5, 1)
        let first = max(min(picked - room + 1, lines.count - room), 0)
        let shown = lines.dropFirst(first).prefix(room)
        let cursorLine = all.count + picked - first
        let hidden = max(lines[picked].beforeCursor.width - width + 3, 0)
        for (index, line) in zip(first..., shown) {
            let text = SafeText(line.text).dropping(columns: index == picked ? hidden : 0).truncated(to: width - 2)
            all.append((index == picked ? "> " + text : "  " + text, index == picked ? .prompt : .text))
        }
        all.append((problem ?? "", .late))
        all.append(("Enter continues   Esc cancels   Up Down other line", .title))
        return (all, (cursorLine, 2 + lines[picked].beforeCursor.width - hidden))
    }
}
