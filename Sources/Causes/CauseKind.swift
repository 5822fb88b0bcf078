extension Cause.Kind {
    /// The texts that identify each kind; the first matching row counts.
    private static let table: [(kind: Self, marks: [StaticString])] = [
        (.oracle, ["ORA-", "PLS-", "TNS-", "DPY-", "DPI-", "KUP-", "SP2-", "oracle.jdbc"]),
        (
            .spark,
            [
                "org.apache.spark", "pyspark", "AnalysisException", "SparkException", "ExecutorLost", "py4j",
                "SQLSTATE: ",
            ]
        ),
        (
            .sql,
            [
                "SQLSTATE", "psycopg", "psql: ", "sqlite", "SQL", "LINE 1", "ERROR:  ", "near line", "no such table",
                "relation \"",
                "constraint failed", "ERROR 1",
            ]
        ),
        (.scheduler, ["slurm", "YARN", "airflow", "TIME LIMIT", "cron", "systemd"]),
        (
            .kubernetes,
            [
                "Error from server", "kubelet", "Pod", "pod", "OOMKilled", "ErrImagePull", "ImagePullBackOff",
                "nodes are available",
            ]
        ),
        (
            .container,
            [
                "docker", "Docker", "container", "Container", "daemon", "Compose", "manifest", "failed to solve",
                "Killed process",
            ]
        ),
        (.java, ["Exception in thread", "java.lang.", "java.util.", "java.io.", "java.net."]),
        (.go, ["panic: ", "goroutine"]),
        (.rust, ["panicked at", "error[E", "Os {"]),
    ]

    /// The kind of a cause, from the words of its line, or else from the lines around it.
    init(of number: Int, in lines: [some StringProtocol]) {
        let text = LogLine(Cause.bytes(of: lines[number])).text
        if text.hasPrefix("["), ErrorForm(text).form == .code {
            self = .spark
        } else if let row = Self.table.first(where: { row in row.marks.contains { text.contains($0) } }) {
            self = row.kind
        } else if ErrorForm(text).form == .program {
            self = .shell
        } else {
            self = Self.around(number, in: lines) ?? Self.form(text)
        }
    }

    /// The kind by the lines around the cause.
    private static func around(_ number: Int, in lines: [some StringProtocol]) -> Self? {
        for other in [
            number + 1, number + 2, number - 1, number - 2, number - 3, number - 4, number - 5, number + 3, number + 4,
            number + 5,
        ]
        where lines.indices.contains(other) {
            let line = LogLine(Cause.bytes(of: lines[other])).text
            if Announcement.isHeadOfDbt(line) { return .dbt }
            if line.contains("panicked at") { return .rust }
            switch FrameForm(line) {
            case .python: return .python
            case .java
            where line.contains(".js:") || line.contains("node:") || line.contains(".ts:") || line.contains(".mjs:"):
                return .node
            case .java
            where line.contains(".java:") || line.contains(".scala:") || line.contains("(Native Method)")
                || line.contains(" more"):
                return .java
            default: continue
            }
        }
        return nil
    }

    private static func form(_ text: Bytes) -> Self {
        let form = ErrorForm(text)
        switch form.form {
        case .exception:
            return form.name.contains(UInt8(ascii: ".")) && form.name.first?.isLowercase == true ? .java : .python
        case .program: return .shell
        case .label: return text.hasPrefix("npm ") ? .node : ErrorForm.isOfProgram(text) ? .shell : .message
        default: return .message
        }
    }
}
