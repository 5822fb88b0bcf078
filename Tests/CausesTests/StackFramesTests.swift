import Causes
import Testing

@Suite("Stack frames")
struct StackFramesTests {
    private func foldable(_ text: String) -> [Range<Int>] {
        StackFrames.foldable(in: text.split(separator: "\n", omittingEmptySubsequences: false))
    }

    @Test("frames of the JVM, Spark and Scala fold; the user's own stand")
    func java() {
        let trace = """
            java.io.IOException: x
            \tat java.base/java.io.FileInputStream.open(FileInputStream.java:1)
            \tat scala.collection.immutable.List.foreach(List.scala:392)
            \tat com.shop.Load.run(Load.java:7)
            \tat org.apache.spark.rdd.RDD.iterator(RDD.scala:1)
            Caused by: a.B: y
            \tat org.apache.spark.scheduler.Task.run(Task.scala:1)
            \tat java.lang.Thread.run(Thread.java:1)
            \t... 7 more
            """
        #expect(foldable(trace) == [1..<3, 6..<9])
    }

    @Test("a Python frame folds with its source line")
    func python() {
        let trace = """
            Traceback (most recent call last):
              File "/srv/load.py", line 1, in <module>
                main()
              File "/usr/lib/python3.11/site-packages/pandas/core/frame.py", line 2, in merge
                return x(
                       ^^
              File "/usr/lib/python3.11/json/decoder.py", line 3, in decode
                y()
            KeyError: 'id'
            """
        #expect(foldable(trace) == [3..<8])
        #expect(StackFrames.owners(of: trace.split(separator: "\n"))[1...2].allSatisfy { $0 == .own })
    }

    @Test("frames of Node, Go and Rust fold")
    func others() {
        #expect(
            foldable(
                "Error: x\n    at f (/srv/a.js:1:2)\n    at g (node:internal/modules:1:2)\n    at h (/srv/node_modules/b/c.js:1:2)"
            ) == [2..<4])
        #expect(
            foldable("\t/usr/local/go/src/runtime/panic.go:1 +0x1\n\t/go/pkg/mod/a/b.go:2 +0x1\n\t/srv/main.go:2 +0x1")
                == [0..<2])
    }

    @Test("one frame alone, and text that is no frame, does not fold")
    func none() {
        #expect(foldable("at java.lang.Thread.run(Thread.java:1)\nx").isEmpty)
        #expect(foldable("at noon\nat night\n... and more\n\n").isEmpty)
        #expect(StackFrames.foldable(in: [] as [String]).isEmpty)
    }

    @Test("the real traces fold to their own frames")
    func real() throws {
        let trace = try fixture("http404")
        let folded = Set(StackFrames.foldable(in: trace).flatMap { Array($0) })
        #expect(!folded.contains { trace[$0].hasPrefix("requests.exceptions") || trace[$0].contains("<module>") })
        #expect(!folded.isEmpty)
    }
}
