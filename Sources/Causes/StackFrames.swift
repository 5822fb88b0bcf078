/// Whose code a stack frame is in.
package enum FrameOwner: Hashable, Sendable {
    /// The user's.
    case own
    /// The language's, an engine's or a library's.
    case framework
}

/// The form in which a line is a stack frame.
enum FrameForm: Hashable {
    /// `at java.lang.Thread.run(Thread.java:829)`, `at main (/app/main.js:3:5)`, `... 13 more`.
    case java
    /// `File "main.py", line 3, in load`, `File ~/main.py:12, in load(path)`, `Cell In[3], line 1`.
    case python
    /// Frames of Go and Rust, and the numbered source lines of a notebook.
    case other

    /// `nil` when a line is no frame.
    ///
    /// - Parameter text: the line without spaces before it.
    init?(_ text: Bytes) {
        if text.hasPrefix("at ") {
            let isPlace = text.contains { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ":") } && !text.contains(": ")
            guard isPlace || text.contains(UInt8(ascii: "(")) else { return nil }
            self = .java
        } else if text.hasPrefix("... ") {
            guard text.hasSuffix(" more") || text.hasSuffix(" elided") else { return nil }
            self = .java
        } else if text.hasPrefix("File ") && (text.contains(", line ") || text.contains(", in ")) {
            self = .python
        } else if text.hasPrefix("Cell In[") || text.hasPrefix("<ipython-input-") || text.hasPrefix("Input In [") {
            self = .python
        } else if text.hasPrefix("--> ") || text.hasPrefix("---> ") || text.hasPrefix("----")
            || text.hasPrefix("goroutine ")
            || Self.isNumberedSource(text)
        {
            self = .other
        } else if text.contains(".py in ") || text.contains(".pxi in ") {
            self = .python
        } else if text.hasPrefix("/"), text.contains(".go:"), text.contains(" +0x") {
            self = .other
        } else {
            return nil
        }
    }

    /// `    723         return DataFrame(…)` of a notebook.
    private static func isNumberedSource(_ text: Bytes) -> Bool {
        let digits = text.prefix { $0.isDigit }
        return 1...5 ~= digits.count && (text[digits.endIndex...].hasPrefix("    ") || text[digits.endIndex...].isEmpty)
    }
}

/// The stack frames of a trace.
package enum StackFrames {
    /// The runs of lines that are only frames of frameworks, each at least two lines: a reader may skip them.
    package static func foldable(in lines: [some StringProtocol]) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var start: Int?
        for (index, owner) in (owners(of: lines) + [nil]).enumerated() {
            if owner == .framework {
                start = start ?? index
            } else if let first = start {
                if index - first > 1 { runs.append(first..<index) }
                start = nil
            }
        }
        return runs
    }

    /// Whose frame each line is, with the source lines under it; `nil` where it is none.
    package static func owners(of lines: [some StringProtocol]) -> [FrameOwner?] {
        var last: (owner: FrameOwner, indentation: Int)?
        return lines.map { line in
            let bytes = Bytes(line.utf8.prefix(Cause.longestLine))
            var text = bytes.trimmedAtEnd
            while text.first.map({ $0.isSpace || $0 == UInt8(ascii: "|") }) == true { text.removeFirst() }
            let indentation = text.startIndex - bytes.startIndex
            switch FrameForm(text) {
            case .java:
                last = nil
                return owner(ofCode: text)
            case .python:
                last = (owner(ofCode: text), indentation)
                return last?.owner
            case .other where text.hasPrefix("/"):
                return owner(ofCode: text)
            case .other, nil:
                // The source of a Python frame stands below it, further in; that of a notebook until an empty line.
                guard let above = last, !text.isEmpty, indentation > above.indentation || FrameForm(text) == .other
                else {
                    last = nil
                    return nil
                }
                return above.owner
            }
        }
    }

    /// Whose code a frame names, by the package or the folder that only a framework has.
    private static func owner(ofCode frame: Bytes) -> FrameOwner {
        if frame.hasPrefix("... ") { return .framework }
        let code = frame.hasPrefix("at ") ? frame.dropFirst(3) : frame
        // Java's module, as in `java.base/java.lang.Thread.run`.
        let packages =
            [
                "java.", "javax.", "jdk.", "sun.", "com.sun.", "scala.", "akka.", "kotlin.", "org.apache.",
                "org.spark_project.",
                "org.sparkproject.", "py4j.", "io.netty.", "org.eclipse.jetty.", "org.springframework.",
                "com.google.common.",
                "oracle.jdbc.", "async node:", "node:", "internal/", "Module.", "core::", "std::", "rust_",
            ] as [StaticString]
        if packages.contains(where: { code.hasPrefix($0) }) { return .framework }
        let folders =
            [
                "site-packages/", "dist-packages/", "site-packages\\", "/pyspark/", "/py4j", "<frozen ",
                "node_modules/", "(node:", "(internal/",
                "/lib/python3", "\\lib\\python3", "/usr/local/go/src/", "/go/pkg/mod/", "/rustc/", "/.cargo/registry/",
                "<anonymous>)",
            ] as [StaticString]
        return folders.contains { code.contains($0) } ? .framework : .own
    }
}
