import Foundation
import Runs
import Screen

/// The tasks of a run in the order of their dependencies: each below the last of the tasks that it waits for.
struct TaskTree: Hashable, Sendable {
    /// A task of the run, or a task of the job that has not run.
    struct Row: Hashable, Sendable {
        let id: String
        let name: SafeText
        /// The lines that connect it to the task above that it waits for.
        let branch: SafeText
        /// The other tasks that it waits for.
        let alsoAfter: [String]
        /// `nil` if the service lists no run of the task.
        let task: TaskRun?
        let kind: String?
        /// Its key as the job has it.
        var taskKey: String? { [task?.taskKey, nodeKey].lazy.compactMap(\.self).first { !$0.isEmpty } }
        /// The same of a task that has not run.
        let nodeKey: String?
    }

    let rows: [Row]
    /// From the first known start to the last known end.
    let span: ClosedRange<Date>?

    /// - Parameters:
    ///   - tasks: the tasks of the run, in the order of the service.
    ///   - nodes: the tasks of the job; empty if unknown.
    ///   - now: the time until which the active tasks are known to run.
    init(_ tasks: [TaskRun], nodes: [TaskNode], glyphs: Glyphs, at now: Date) {
        let order = Order(of: nodes)
        var left = tasks
        var rows: [Row] = []
        for place in order.places {
            let node = nodes[place.node]
            let own = left.filter { $0.taskKey == node.key }.sorted { ($0.retryAttempt ?? 0) < ($1.retryAttempt ?? 0) }
            left.removeAll { $0.taskKey == node.key }
            let others = node.after.filter { $0 != place.parent }
            let branch = Self.branch(place, glyphs)
            if own.isEmpty {
                rows.append(
                    Row(
                        id: "node " + node.key, name: SafeText(node.key), branch: branch, alsoAfter: others, task: nil,
                        kind: node.kind, nodeKey: node.key))
            }
            for task in own {
                rows.append(
                    Row(
                        id: task.key, name: Self.name(of: task), branch: branch, alsoAfter: others, task: task,
                        kind: node.kind, nodeKey: node.key))
            }
        }
        for task in left {
            rows.append(
                Row(
                    id: task.key, name: Self.name(of: task), branch: "", alsoAfter: [], task: task, kind: nil,
                    nodeKey: nil))
        }
        self.rows = rows
        let starts = tasks.compactMap(\.started)
        let ends = tasks.compactMap { task in task.ended ?? (task.status.isActive && task.started != nil ? now : nil) }
        if let first = starts.min(), let last = (starts + ends).max() { span = first...last } else { span = nil }
    }

    static func name(of task: TaskRun) -> SafeText {
        SafeText([task.name, task.taskKey].lazy.compactMap(\.self).first { !$0.isEmpty } ?? task.key)
    }

    private static func branch(_ place: Order.Place, _ glyphs: Glyphs) -> SafeText {
        guard let last = place.continues.last else { return "" }
        let isUTF8 = glyphs == .utf8
        let lines = place.continues.dropLast().map { $0 ? (isUTF8 ? "│ " : "| ") : "  " as SafeText }
        return lines.joined() + (last ? (isUTF8 ? "├ " : "|-") : (isUTF8 ? "└ " : "`-"))
    }

    /// The bar of a task on the common time axis: blank before its start and after its end.
    func bar(of task: TaskRun, width: Int, glyphs: Glyphs, at now: Date) -> [Part] {
        guard let span, let started = task.started, width > 0 else { return [] }
        let whole = max(span.upperBound.timeIntervalSince(span.lowerBound), 0.001)
        let ended = task.status.isActive ? max(now, started) : task.ended ?? started
        func cell(_ moment: Date, _ rule: FloatingPointRoundingRule) -> Int {
            let share = min(max(moment.timeIntervalSince(span.lowerBound) / whole, 0), 1)
            return Int((share * Double(width)).rounded(rule))
        }
        let begin = min(cell(started, .down), width - 1)
        let end = max(cell(ended, .up), begin + 1)
        var parts: [Part] = []
        for cell in 0..<width {
            if (begin..<end).contains(cell) {
                parts.add(glyphs.filled(1) ?? "", .status(task.status))
            } else {
                parts.add(cell < begin ? " " : glyphs.barRest, .quiet)
            }
        }
        return parts
    }

    /// The order of a job's tasks.
    private struct Order {
        struct Place {
            let node: Int
            let parent: String?
            /// For each level from the left, whether other tasks follow at that level. The last level is the task's own.
            let continues: [Bool]
        }

        private(set) var places: [Place] = []
        private let nodes: [TaskNode]
        private let indexes: [String: Int]
        private var depths: [Int?]
        private var children: [[Int]]
        private var seen: Set<Int> = []

        init(of nodes: [TaskNode]) {
            self.nodes = nodes
            indexes = Dictionary(nodes.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
            depths = Array(repeating: nil, count: nodes.count)
            children = Array(repeating: [], count: nodes.count)
            var roots: [Int] = []
            for node in nodes.indices {
                if let parent = parent(of: node) { children[parent].append(node) } else { roots.append(node) }
            }
            for root in roots { add(root, parent: nil, continues: []) }
            // The remaining tasks wait for themselves, because of an error in the job.
            for node in nodes.indices where !seen.contains(node) { add(node, parent: nil, continues: []) }
        }

        /// The last of the tasks that it waits for.
        private mutating func parent(of node: Int) -> Int? {
            nodes[node].after.compactMap { indexes[$0] }.filter { $0 != node }
                .map { ($0, depth(of: $0, steps: 0)) }.max { $0.1 < $1.1 }?.0
        }

        private mutating func depth(of node: Int, steps: Int) -> Int {
            if let depth = depths[node] { return depth }
            guard steps < nodes.count, steps < 1_000 else { return 0 }
            var depth = 0
            for key in nodes[node].after {
                guard let before = indexes[key], before != node else { continue }
                depth = max(depth, self.depth(of: before, steps: steps + 1) + 1)
            }
            depths[node] = depth
            return depth
        }

        private mutating func add(_ node: Int, parent: String?, continues: [Bool]) {
            guard seen.insert(node).inserted else { return }
            places.append(Place(node: node, parent: parent, continues: continues))
            for (index, child) in children[node].enumerated() {
                // Limit the indentation, so that a chain of a hundred tasks stays visible.
                let steps = continues.count < 12 ? continues : Array(continues.dropLast())
                add(child, parent: nodes[node].key, continues: steps + [index < children[node].count - 1])
            }
        }
    }
}
