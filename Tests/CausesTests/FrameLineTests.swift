import Testing

@testable import Causes

@Suite("Lines of stack frames")
struct FrameLineTests {
    private func kind(_ line: String) -> FrameLine {
        Array(line.utf8).withUnsafeBufferPointer { FrameLine.read($0).kind }
    }

    @Test(
        "a frame is a framework's by its package or its folder",
        arguments: [
            ("\tat org.apache.spark.rdd.RDD.iterator(RDD.scala:331)", .framework("Spark")),
            ("  at java.base/java.lang.Thread.run(Thread.java:840)", .framework("the JVM")),
            ("\tat app//org.apache.commons.io.IOUtils.copy(IOUtils.java:1)", .framework("Apache commons")),
            ("\tat org.apache.\u{1B}[2J.x(y)", .framework("Apache code")),
            ("\tat com.acme.java.Job.run(Job.java:1)", .other), ("\tat org.apachesparkling.X.y(Z.java:1)", .other),
            ("at the end (of it)", .other), ("at noon", .other), ("\t... 34 more", .omission),
            ("... and so on", .other), ("... and more", .other), ("\t... 3 common frames omitted", .omission),
            ("KeyError: 'id'", .other), ("", .empty), ("  \t ", .empty),
            ("    at f (/srv/a.js:1:2)", .other), ("    at g (node:internal/modules:1:2)", .framework("Node.js")),
            ("    at async Promise.all (index 0)", .other), ("    at new Promise (<anonymous>)", .framework("Node.js")),
            ("    at h (/srv/node_modules/express/lib/a.js:1:2)", .framework("express")),
            ("    at /srv/node_modules/@acme/kit/a.js:1:2", .framework("@acme")),
        ] as [(String, FrameLine)])
    func calls(_ line: String, _ expected: FrameLine) { #expect(kind(line) == expected) }

    @Test(
        "a frame of Python is a framework's by the folder that its file is in",
        arguments: [
            (#"  File "/opt/lib/python3.11/site-packages/pandas/core/frame.py", line 1, in merge"#, "pandas"),
            (#"  File "/x/site-packages/pyspark/sql/utils.py", line 1, in f"#, "Spark"),
            (#"  File "/x/spark/python/lib/py4j-0.10.9.7-src.zip/py4j/protocol.py", line 1, in f"#, "Py4J"),
            (#"  File "/usr/lib/python3.11/json/decoder.py", line 1, in f"#, "Python"),
            (#"  File "C:\Python\Lib\site-packages\numpy\core.py", line 1, in f"#, "numpy"),
            (#"  File "<frozen runpy>", line 1, in f"#, "Python"),
            (#"  |   File "/x/site-packages/anyio/x.py", line 1, in f"#, "anyio"),
            (
                "File /opt/conda/lib/python3.11/site-packages/pandas/core/frame.py:10832, in merge(self, right)",
                "pandas"
            ),
            ("/opt/conda/lib/python3.7/site-packages/pandas/core/frame.py in merge(self, right)", "pandas"),
            ("  File \"/x/site-packages/\u{1B}[31m/x.py\", line 1", "a package"),
        ])
    func installed(_ line: String, _ framework: String) { #expect(kind(line) == .frameworkWithSource(framework)) }

    @Test(
        "a frame of the user's own is none of a framework's",
        arguments: [
            #"  File "/Workspace/etl/orders.py", line 88, in <module>"#, #"  File "unclosed"#,
            "File ~/etl/orders.py:12, in load(path)", "Cell In[3], line 1", "<ipython-input-3> in <module>",
            #"  File "/home/me/pyspark/job.py", line 1, in f"#, "\tat com.acme.Main.main(Main.scala:3)", "---- a title",
        ])
    func own(_ line: String) { #expect(kind(line) == .other) }

    @Test("the source of a notebook's frame has numbers, and the line that failed an arrow")
    func source() {
        for line in ["   723     return frame", "--> 724     frame.merge(x)", "-> 10832     return merge("] {
            #expect(kind(line) == .numberedSource)
        }
    }

    @Test("bars of exception groups count as indentation, and so much of a line is read as a cause is looked for in")
    func indentation() {
        let line = Array(#"  | File "/x/site-packages/a/b.py", line 1, in f"#.utf8)
        #expect(line.withUnsafeBufferPointer { FrameLine.read($0).indentation } == 4)
        let long = "\tat " + String(repeating: "x", count: 1_000_000) + "(node:internal)"
        #expect(kind(long) == .other)
    }
}
