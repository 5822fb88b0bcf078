import Causes
import Foundation
import Testing

/// A log that a program printed; `Fixtures/README.md` has the commands.
func fixture(_ name: String) throws -> [String] {
    let url = try #require(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: "log"))
    let text = String(decoding: try Data(contentsOf: url), as: UTF8.self)
    return text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
}

@Suite("The cause that a log names")
struct CauseTests {
    /// The logs, the numbers of the lines that may be named, from 1, and what kind of cause it is.
    private static let logs: [(name: String, lines: [Int], kind: Cause.Kind)] = [
        ("argparse", [2], .shell), ("bash-command", [2], .shell), ("bash-syntax", [1], .shell),
        ("bash-trace", [4], .shell), ("bash-unbound", [1], .shell), ("cargo", [13], .message),
        ("cascade", [1], .shell), ("cp-cascade", [2], .shell), ("csvrows", [3], .message),
        ("curl-progress", [4], .shell), ("docker", [1], .container), ("duckdb", [15], .python),
        ("gcc-link", [2], .message), ("git-clone", [1], .shell), ("git-push", [1], .shell), ("gzip", [2], .shell),
        ("http404", [5], .python), ("java-chain", [17], .java), ("java-heap", [1], .java), ("java-log", [16], .java),
        ("jq", [1], .message), ("jsonlog", [2], .message), ("killed", [2], .shell), ("logfmt", [2], .message),
        ("make-recipe", [2], .shell), ("multiproc", [13, 27], .python), ("node-enoent", [5], .node),
        ("node-module", [5], .node), ("node-reject", [10], .node), ("npm", [5], .node), ("perl", [1], .message),
        ("pip-conflict", [1, 2], .message), ("psql-refused", [1], .sql), ("pydantic", [8], .python),
        ("python-cleanup", [8], .python), ("python-context", [14], .python), ("python-direct", [5], .python),
        ("python-group", [23], .python), ("python-logged", [8], .python), ("retry", [2, 5, 8], .shell),
        ("rust-compile", [1], .rust), ("rust-panic", [3], .rust), ("rust-result", [1], .rust),
        ("segfault", [1], .shell), ("sqlalchemy", [6], .sql), ("sqlite-constraint", [1], .sql),
        ("unittest", [9], .python), ("warn-then", [3], .message),
    ]

    @Test("of software that was made to fail it is the line a person would quote", arguments: logs)
    func named(_ name: String, _ lines: [Int], _ kind: Cause.Kind) throws {
        let log = try fixture(name)
        let cause = try #require(Cause.find(in: log))
        #expect(lines.contains(cause.line + 1), "line \(cause.line + 1): \(cause.text)")
        #expect(cause.kind == kind)
        #expect(log[cause.line].contains(cause.text))
    }

    @Test(
        "where no line names one, none is named",
        arguments: ["exitonly", "fine", "node-throw", "python-exit", "warnings"])
    func unnamed(_ name: String) throws {
        #expect(try Cause.find(in: fixture(name)) == nil)
    }

    @Test(
        "the root of a chain is the cause, and not what wraps it",
        arguments: [
            ("a.b.Outer: failed\n\tat a.B.c(B.java:1)\nCaused by: a.b.Inner: no rows in orders\n\t... 1 more", 2),
            (
                "java.lang.RuntimeException: load\n\tat a.B.c(B.java:1)\nCaused by: java.lang.NullPointerException\n\t... 1 more",
                2
            ),
            // A class without a message says less than the exception that it caused.
            (
                "a.LoadException: the batch took too long\n\tat a.B.c(B.java:1)\nCaused by: java.io.EOFException\n\t... 1 more",
                0
            ),
            (
                "java.io.IOException: disk\n\tat a.B.c(B.java:1)\n\tSuppressed: java.io.IOException: close\n\t\tat a.B.d(B.java:2)\n"
                    + "\tCaused by: java.net.SocketException: reset\n\t\t... 1 more", 0
            ),
            (
                "py4j.protocol.Py4JJavaError: An error occurred while calling o1.fit.\n: org.apache.spark.SparkException: Job aborted due "
                    + "to stage failure\n\tat a.B.c(B.java:1)\nCaused by: java.lang.ArithmeticException: / by zero\n\t... 1 more",
                3
            ),
            (
                "org.apache.spark.SparkException: Job aborted: org.apache.spark.api.python.PythonException: Traceback (most recent call "
                    + "last):\n  File \"a.py\", line 1, in f\n    x\nValueError: bad amount 'x'\n\n\tat a.B.c(B.java:1)",
                3
            ),
            ("Error: load failed\n\nCaused by:\n    0: cannot open orders\n    1: Permission denied (os error 13)", 4),
            ("Exception in thread \"main\" java.lang.OutOfMemoryError\n\tat a.B.c(B.java:1)", 0),
        ])
    func chains(_ text: String, _ line: Int) {
        #expect(Cause.find(in: text.split(separator: "\n", omittingEmptySubsequences: false))?.line == line)
    }

    @Test(
        "the line that says why is named, and not what follows from it, retries, or what only announces it",
        arguments: [
            ("ORA-06512: at \"SALES.LOAD\", line 3\nORA-00001: unique constraint (SALES.PK) violated", 1),
            (
                "DatabaseError: ORA-20001: no rate\nORA-06512: at line 1\nORA-04088: error during execution of trigger",
                0
            ),
            ("14:02:11  Database Error in model fct (models/fct.sql)\n14:02:11    relation \"x\" does not exist", 1),
            (
                "14:02:11  Unable to parse partially. Starting full parse.\n14:02:12  Failure in test not_null_id (m.yml)",
                1
            ),
            ("start\nRuntime Error in model x\n  [DELTA_FAILED_TO_MERGE_FIELDS] Failed to merge", 2),
            (
                "2026-05-01 10:00:00 ERROR [main] a.B - connection refused, retrying\n10:00:09 ERROR a.B - disk quota exceeded",
                1
            ),
            ("The file is invalid because:\n\n  services: must be a mapping", 2),
            ("make: *** [Makefile:2: all] Error 1\ncp: cannot stat 'a': No such file or directory", 1),
            ("Error: Process completed with exit code 1\nload.sh: line 3: orders: Permission denied", 1),
            ("Job aborted due to stage failure: Total size of results exceeds the limit: too large\nexit code 1", 0),
            ("State: Terminated\n  Reason: OOMKilled\n  Exit Code: 137", 1),
            ("Normal   Pulled   1m  kubelet  ok\nWarning  FailedScheduling  1m  scheduler  Insufficient cpu", 1),
            ("WARN cannot load the native library\nERROR the schema of orders has changed", 1),
            ("  \"message\": \"Requested entity already exists\",\n  \"status\": \"error\"", 0),
            ("0 errors, 0 failures\nerror.log\ntimeout=5\nslurmstepd: error: JOB 7 CANCELLED DUE TO TIME LIMIT", 3),
            ("KeyError: 'a'\n+ echo 'error: no'\n$ cat missing: not found", 0),
            // A place in a file stands where the name of a program does.
            ("found 0 manifests\nload.zsh:5: no matches found: part/*.csv", 1),
            ("reading rates\nlua: rates.lua:3: attempt to index a nil value (field 'host')\nstack traceback:", 1),
            // The reason stands before what follows from it.
            (
                "retry 1\nE0512 13:56:58.757986   9 a.go:3] Unable to mount for pod \"p\": secret \"s\" not found; skipping pod",
                1
            ),
            ("worker up\nreceived SIGTERM, draining\ndrained 0 jobs", 1),
            (
                "[ALERT] (9) : config : unknown keyword 'use'\n[ALERT] (9) : config : Error(s) found in configuration file : a.cfg",
                0
            ),
            (
                "terminate called after throwing an instance of 'std::out_of_range'\n  what():  n (which is 3)\nbash: line 1: 7 Aborted  ./a",
                1
            ),
            // What a command of the task said is worth more than that it failed.
            (
                "INFO - cp: cannot stat 'in.csv': No such file or directory\nERROR - Task failed with exception\n"
                    + "Traceback (most recent call last):\n  File \"a.py\", line 1, in run\n    raise Failed()\n"
                    + "a.b.Failed: Bash command failed. The command returned a non-zero exit code 1.", 0
            ),
            (
                "a.c: In function 'f':\na.c:1:9: warning: unused variable 'error'\n    1 | int error;\nld: cannot find -lz",
                3
            ),
            ("ERROR source-0} Failed to flush, timed out while waiting", 0),
            ("task failed: sqlite3 load.db: no such table: orders\nbye", 0),
            ("{\"level\":\"error\",\"msg\":\"job failed\",\"err\":\"Error: no such column: n\"}\nbye", 0),
            ("FAIL  unique_id\nPASS  amount\nsuite: success=False, 1 of 2 passed", 0),
            ("{\"success\": false, \"results\": [1]}\nFAIL  unique_id\n{\"success\": false}", 1),
            ("go: downloading a/b v1\nmain.go:2:8: module lookup disabled by GOPROXY=off", 1),
            ("waiting for the marker (timeout 2)\ntimeout: sending signal TERM to command 'sleep'", 1),
            ("[ OK ] rows\n[FAIL] amount: 1 row with NULL\nOops! checks failed, sending the report", 1),
            ("thread 't' panicked at a.rs:1:2:\nhalf of ten is 5, not 3\n\nerror: test failed, to rerun pass", 1),
            (
                "error: failed to get `a`\n\nCaused by:\n  failed to download\n\nCaused by:\n"
                    + "  [6] Could not resolve host: x", 6
            ),
            ("--- FAIL: TestSum (0.00s)\n    sum_test.go:4: Sum = 4, want 3\nFAIL\nFAIL\tsum\t0.002s", 1),
            ("step 3: process \"npm ci\" did not complete successfully: exit code: 137", 0),
            ("Traceback (most recent call last):\n...\n  File \"a.py\", line 1, in f\nLoadFailed: two rows", 3),
            ("Traceback (most recent call last):\n  File \"a.py\", line 1\nTypeError: f() got a value passed twice", 2),
        ])
    func messages(_ text: String, _ line: Int) {
        #expect(Cause.find(in: text.split(separator: "\n", omittingEmptySubsequences: false))?.line == line)
    }

    @Test(
        "an error is explained below: a test's result, an error quoted under another, a text of YAML, a field of JSON",
        arguments: [
            ("not ok 1 exports rows\n# (in test file t.bats, line 3)\n#   `[ 3 -eq 4 ]' failed\nok 2 loads", 2),
            ("--- FAIL: TestSum (0.00s)\n    sum_test.go:4: Sum = 4, want 3\nFAIL", 1),
            ("FAIL  orders.id not null\nPASS  orders.amount\ndata quality: 1 passed, 1 failed", 0),
            (
                "14:02:11  Failure in test not_null (m.yml)\n14:02:11    Got 1 result, configured to fail if != 0\n14:02:12  Done.",
                1
            ),
            (
                "* What went wrong:\nExecution failed for task ':load'.\n> Cannot resolve the files.\n   > No version of a:b is cached",
                3
            ),
            ("not ok 2 - sums rows\n  ---\n  error: |-\n    the sums differ\n  expected: 3\n  actual: 4", 3),
            (
                "Runtime Error\n  at path ['version']: '1' is not valid here\n\nError encountered in /srv/a/dbt_project.yml",
                1
            ),
            ("error while running operation: Compilation Error in macro grant (m.sql)\n  grants must name a role", 1),
            (
                "fatal: [localhost]: FAILED! => {\n    \"assertion\": \"free > 10\",\n    \"msg\": \"3 GB free on /data\"\n}",
                2
            ),
            // The Scala compiler gives the reason under the code.
            (
                "-- [E007] Type Mismatch Error: Load.scala:4:12 -------\n4 |  val n: Int = error(\"x\")\n"
                    + "  |               ^^^^^\n  |               Found:    String\n  |               Required: Int",
                3
            ),
            ("-- Error: --------\n2 |  val a = f\n  |          ^\n  |          No given instance of Order[Row]", 3),
            // The name of a file alone says less than the line above it.
            ("error: the following file is open elsewhere:\n    load.lock\n(close it first)", 0),
            ("pull failed\n  error:\n    OOMKilled", 2),
            (
                "a.QueryException: java.lang.RuntimeException:\nthe table orders has two owners\n\tat a.B.c(B.java:1)",
                1
            ),
            ("a.QueryException: java.io.FileNotFoundException:\n(No such file or directory)\n\tat a.B.c(B.java:1)", 0),
        ])
    func below(_ text: String, _ line: Int) {
        #expect(Cause.find(in: text.split(separator: "\n", omittingEmptySubsequences: false))?.line == line)
    }

    @Test(
        "what was survived, counted as none or said as a notice names no cause",
        arguments: [
            "curl: (7) Failed to connect: Connection refused\nJob succeeded",
            "WARNING: row 3 skipped\nKeyError: 'x'\nfinished: SUCCESS\n\n",
            "checked 12 files: 0 errors, no failures\nfailed=0\nerrors: 0, rejected",
            "No broken requirements found.",
            "Running step: transform\nStep transform failed\nJob 88 ended with errors\nSee the logs of the step",
            "psql:load.sql:1: NOTICE:  relation \"t\" already exists, skipping\npsql:load.sql:2: WARNING:  error count 0",
            "a.c:1:9: warning: unused variable 'error'\n    1 | int f(void) { int error; }",
            "message spark_schema {\n  required int64 id;\n}",
            "reading /srv/load/failed\nwrote the report-error",
            "NAME      STATUS    MESSAGE   ERROR\netcd-0    Healthy   ok",
            "driver:\n  phase: Succeeded\n  container state: terminated\n  exit code: 0\nbye",
            "[ERROR] Picked up JAVA_TOOL_OPTIONS: -Dlog=error\nbye",
            "hanging\nError: The operation was canceled.",
            "1 of 1 ERROR creating sql table model main.orders ..... [ERROR in 0.03s]\nDone. PASS=4 ERROR=1",
        ])
    func survived(_ text: String) {
        #expect(Cause.find(in: text.split(separator: "\n", omittingEmptySubsequences: false)) == nil)
    }

    @Test(
        "what a log puts before a line is not quoted",
        arguments: [
            "2026-05-01T10:00:00.123Z ERROR ", "[2026-05-01 10:00:00,123] {task.py:7} ERROR - ",
            "26/05/01 10:00:00 ERROR a.Loader: ",
            "May  1 10:00:00 host load[12]: ", "E0501 10:00:00.123456       1 main.go:3] ", "#8 4.901 ", "  │ ",
            "web-1  | ",
            "2026-05-01 10:00:00.123 ERROR 71 --- [main] a.b.Loader : ", "[ERROR] ", "  + ",
        ])
    func prefixes(_ prefix: String) {
        let cause = Cause.find(in: ["x", "\(prefix)KeyError: 'id'  "])
        guard prefix != "  + " else { return #expect(cause == nil) }
        #expect(cause?.line == 1)
        #expect(cause?.text == "KeyError: 'id'")
    }

    @Test("hostile text is read, and ends")
    func hostile() {
        let long = String(repeating: "error: ", count: 150_000)
        #expect(Cause.find(in: [long])?.text.utf8.count ?? 0 <= 1_000)
        #expect(Cause.find(in: Array(repeating: "Caused by:", count: 20_000)) == nil)
        #expect(Cause.find(in: Array(repeating: "Traceback (most recent call last):", count: 20_000)) == nil)
        #expect(Cause.find(in: Array(repeating: "KeyError: 'a b'", count: 20_000))?.line == 19_999)
        #expect(
            Cause.find(in: ["\u{202E}x", "\0\u{1B}[31m", "[", "[]", "{", "\"", "Exception in thread \""])
                == nil)
        #expect(Cause.find(in: ["é: errör", "KeyError: „ü“"])?.text == "KeyError: „ü“")
        #expect(Cause.find(in: [] as [String]) == nil)
    }
}
