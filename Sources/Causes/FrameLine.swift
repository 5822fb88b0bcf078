/// The format of a stack frame.
enum FrameForm: Hashable {
    /// `at java.lang.Thread.run(Thread.java:829)`, `at main (/app/main.js:3:5)`, `... 13 more`.
    case java
    /// `File "main.py", line 3, in load`, `File ~/main.py:12, in load(path)`, `Cell In[3], line 1`.
    case python
    /// Frames of Go and Rust, and the numbered source lines of a notebook.
    case other

    /// `nil` if the line is not a frame.
    ///
    /// - Parameter text: the line without leading spaces.
    init?(_ text: Bytes) {
        if text.hasPrefix("at ") {
            let isPlace = text.contains { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ":") } && !text.contains(": ")
            guard isPlace || text.contains(UInt8(ascii: "(")) else { return nil }
            self = .java
        } else if text.hasPrefix("... ") {
            guard [" more", " elided", " common frames omitted"].contains(where: { text.hasSuffix($0) }) else {
                return nil
            }
            self = .java
        } else if text.hasPrefix("File ") && (text.contains(", line ") || text.contains(", in ")) {
            self = .python
        } else if text.hasPrefix("Cell In[") || text.hasPrefix("<ipython-input-") || text.hasPrefix("Input In [") {
            self = .python
        } else if text.hasPrefix("-> ") || text.hasPrefix("--> ") || text.hasPrefix("---> ") || text.hasPrefix("----")
            || text.hasPrefix("goroutine ") || Self.isNumberedSource(text)
        {
            self = .other
        } else if Self.isInPythonFile(text) {
            self = .python
        } else if text.hasPrefix("/"), text.contains(".go:"), text.contains(" +0x") {
            self = .other
        } else {
            return nil
        }
    }

    /// Whether this is a frame of an older notebook: `~/etl/orders.py in load(path)`.
    private static func isInPythonFile(_ text: Bytes) -> Bool {
        var rest = text
        while let dot = rest.firstIndex(of: UInt8(ascii: ".")) {
            rest = rest[(dot + 1)...]
            if rest.hasPrefix("py in ") || rest.hasPrefix("pxi in ") { return true }
        }
        return false
    }

    /// Whether this is numbered source of a notebook: `    723         return DataFrame(…)`.
    private static func isNumberedSource(_ text: Bytes) -> Bool {
        let digits = text.prefix { $0.isDigit }
        return 1...5 ~= digits.count && (text[digits.endIndex...].hasPrefix("    ") || text[digits.endIndex...].isEmpty)
    }
}

/// The kind of a line of a trace, for folding framework frames.
package enum FrameLine: Hashable, Sendable {
    /// A frame in a framework or in a language's own library, with its name.
    case framework(String)
    /// A framework frame whose source follows: in lines that are indented more, or numbered.
    case frameworkWithSource(String)
    /// A line with the number of omitted frames.
    case omission
    /// A numbered line of source code, as in notebooks.
    case numberedSource
    case empty
    /// A frame in the user's own code, or not a frame.
    case other
}

extension FrameLine {
    /// Reads the first thousand bytes of a line, which may be any bytes.
    ///
    /// - Returns: the kind and the indentation. The bars of Python's exception groups count as indentation.
    package static func read(_ line: UnsafeBufferPointer<UInt8>) -> (kind: FrameLine, indentation: Int) {
        let bytes = Bytes(line.prefix(Cause.longestLine))
        let text = bytes.drop { $0.isSpace || $0 == UInt8(ascii: "|") }.trimmedAtEnd
        return (FrameLine(text), text.startIndex - bytes.startIndex)
    }

    /// - Parameter text: the line without leading and trailing spaces.
    private init(_ text: Bytes) {
        switch FrameForm(text) {
        case .java where text.hasPrefix("... "): self = text.dropFirst(4).first?.isDigit == true ? .omission : .other
        case .java: self = Self.framework(ofCall: text.dropFirst(3)).map(FrameLine.framework) ?? .other
        case .python: self = Self.framework(ofPythonFrame: text).map(FrameLine.frameworkWithSource) ?? .other
        case .other where Self.beginsWithNumber(text): self = .numberedSource
        case .other, nil: self = text.isEmpty ? .empty : .other
        }
    }

    /// Whether this starts with a line number: `   723     return frame`, `--> 724     frame.merge(…)`.
    private static func beginsWithNumber(_ text: Bytes) -> Bool {
        var rest = text
        if rest.first == UInt8(ascii: "-") {
            rest = rest.drop { $0 == UInt8(ascii: "-") }
            guard rest.remove(prefix: "> ") else { return false }
        }
        return rest.first?.isDigit == true
    }

    /// The framework of a JVM frame, `org.apache.spark.rdd.RDD.iterator(RDD.scala:331)` (since Java 9 with the module), or
    /// of a Node.js frame, `Module._compile (node:internal/modules:1:2)`.
    private static func framework(ofCall code: Bytes) -> String? {
        let name = code.prefix { $0 != UInt8(ascii: "(") }
        guard name.contains(where: { $0.isSpace }) || name.endIndex == code.endIndex else {
            let module = name.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? name.startIndex
            return jvmPackages.first { name[module...].hasPrefix($0.prefix) }?.framework
                ?? apacheProject(name[module...])
        }
        if let package = code.end(ofLast: "/node_modules/") {
            return Self.name(code[package...].prefix { $0 != UInt8(ascii: "/") }, else: "a package")
        }
        let isNode =
            code.hasPrefix("node:") || code.hasPrefix("async node:") || code.hasPrefix("internal/")
            || code.contains("(node:") || code.contains("(internal/") || code.hasSuffix("(<anonymous>)")
        return isNode ? "Node.js" : nil
    }

    /// The Apache project of a class: Apache commons for `org.apache.commons.io.IOUtils.copy`.
    private static func apacheProject(_ name: Bytes) -> String? {
        guard name.hasPrefix("org.apache.") else { return nil }
        let project = name.dropFirst(11).prefix { $0 != UInt8(ascii: ".") }
        return "Apache " + Self.name(project, else: "code")
    }

    private static let jvmPackages: [(prefix: StaticString, framework: String)] = [
        ("org.apache.spark.", "Spark"), ("java.", "the JVM"), ("scala.", "Scala"), ("javax.", "the JVM"),
        ("jdk.", "the JVM"), ("sun.", "the JVM"), ("com.sun.", "the JVM"), ("py4j.", "Py4J"),
        ("org.apache.hadoop.", "Hadoop"), ("io.delta.", "Delta"), ("org.sparkproject.", "Spark"),
        ("org.spark_project.", "Spark"), ("io.netty.", "Netty"), ("org.eclipse.jetty.", "Jetty"),
        ("oracle.jdbc.", "Oracle JDBC"), ("oracle.net.", "Oracle JDBC"), ("oracle.ucp.", "Oracle JDBC"),
        ("org.apache.iceberg.", "Iceberg"), ("org.apache.hive.", "Hive"), ("org.apache.kafka.", "Kafka"),
        ("org.apache.parquet.", "Parquet"), ("org.apache.orc.", "ORC"), ("org.apache.arrow.", "Arrow"),
        ("org.apache.livy.", "Livy"), ("com.oracle.bmc.", "the OCI SDK"), ("org.glassfish.jersey.", "Jersey"),
        ("com.fasterxml.jackson.", "Jackson"), ("com.google.common.", "Guava"), ("org.codehaus.janino.", "Janino"),
        ("org.codehaus.commons.", "Janino"), ("akka.", "Akka"), ("kotlin.", "Kotlin"), ("kotlinx.", "Kotlin"),
        ("groovy.", "Groovy"), ("org.springframework.", "Spring"),
    ]

    /// The framework of a frame in an installed package or in Python's own library: `File
    /// "…/site-packages/pandas/core/frame.py", line 1, in f`; in notebooks without the quotes.
    private static func framework(ofPythonFrame text: Bytes) -> String? {
        var path = text.hasPrefix("File ") ? text.dropFirst(5) : text
        if path.first == UInt8(ascii: "\"") {
            path = path.dropFirst().prefix { $0 != UInt8(ascii: "\"") }
        } else if let end = path.firstIndex(of: ", ") ?? path.firstIndex(of: " in ") {
            path = path[..<end]
        }
        if path.hasPrefix("<frozen ") { return "Python" }
        for folder in installed {
            guard let place = path.end(ofLast: folder) else { continue }
            let name = Self.name(path[place...].prefix { !#"/\."#.utf8.contains($0) }, else: "a package")
            return pythonPackages[name] ?? name
        }
        if path.contains("/pyspark.zip/") || path.contains("/python/pyspark/") { return "Spark" }
        if path.contains("-src.zip/py4j/") { return "Py4J" }
        let library = path.end(ofLast: "/lib/python") ?? path.end(ofLast: #"\lib\python"#)
        return library.flatMap { path[$0...].first }.map { 0x32...0x39 ~= $0 } == true ? "Python" : nil
    }

    private static let installed: [StaticString] = [
        "/site-packages/", "/dist-packages/", #"\site-packages\"#,
    ]

    private static let pythonPackages = ["pyspark": "Spark", "py4j": "Py4J", "delta": "Delta"]

    /// The name of a package, if it has only letters, digits and the other characters of names; otherwise `other`.
    private static func name(_ name: Bytes, else other: String) -> String {
        let isName = !name.isEmpty && name.allSatisfy { $0 < 0x80 && ($0.isNameByte || $0 == UInt8(ascii: "@")) }
        return isName ? name.prefix(40).string : other
    }
}

extension Bytes {
    /// The end of the last occurrence of `text`.
    fileprivate func end(ofLast text: StaticString) -> Index? {
        var end: Index?
        var rest = self
        while let start = rest.firstIndex(of: text) {
            end = start + text.utf8CodeUnitCount
            rest = rest[(start + 1)...]
        }
        return end
    }
}
