/// Recognises the lines of a stack trace that are in a framework or in a language's own library, not in the user's code.
enum FrameworkFrame {
    /// The kind of a line, for folding frames.
    enum LineKind: Equatable {
        /// A frame in the user's own code, or not a frame.
        case other
        /// A frame in a framework, with the framework's name.
        case framework(String)
        /// A frame whose source is in the following, more indented lines, as in Python.
        case frameworkWithSource(String)
        /// A line with the number of omitted frames.
        case omission
    }

    /// The kind of a line, which may be any bytes. Reads only the start of the line.
    static func kind(of line: UnsafeBufferPointer<UInt8>) -> LineKind {
        var rest = line[...]
        rest.dropSpaces()
        if rest.drops("at ") { return jvmFrame(rest) }
        if rest.drops("File \"") { return pythonFrame(rest) }
        if rest.drops("... ") { return omission(rest) }
        return .other
    }

    /// `... 34 more`, `... 12 common frames omitted`.
    private static func omission(_ rest: Slice<UnsafeBufferPointer<UInt8>>) -> LineKind {
        guard let first = rest.first, (0x30...0x39).contains(first) else { return .other }
        var words = rest.drop { (0x30...0x39).contains($0) }
        return words.drops(" more") || words.drops(" common frames omitted") ? .omission : .other
    }

    /// `org.apache.spark.rdd.RDD.iterator(RDD.scala:331)`; since Java 9 with the module: `java.base/java.lang.Thread…`.
    private static func jvmFrame(_ rest: Slice<UnsafeBufferPointer<UInt8>>) -> LineKind {
        guard let end = rest.prefix(512).firstIndex(of: UInt8(ascii: "(")) else { return .other }
        var name = rest[..<end]
        if let slash = name.lastIndex(of: UInt8(ascii: "/")) { name = name[name.index(after: slash)...] }
        for (prefix, framework) in jvmPackages where name.starts(with: prefix.utf8) { return .framework(framework) }
        return .other
    }

    private static let jvmPackages: [(StaticPrefix, String)] = [
        ("org.apache.spark.", "Spark"), ("java.", "the JVM"), ("scala.", "Scala"), ("javax.", "the JVM"),
        ("jdk.", "the JVM"), ("sun.", "the JVM"), ("com.sun.", "the JVM"), ("py4j.", "Py4J"),
        ("org.apache.hadoop.", "Hadoop"), ("io.delta.", "Delta"), ("org.sparkproject.", "Spark"),
        ("io.netty.", "Netty"), ("org.eclipse.jetty.", "Jetty"), ("oracle.jdbc.", "Oracle JDBC"),
        ("oracle.net.", "Oracle JDBC"), ("oracle.ucp.", "Oracle JDBC"), ("org.apache.iceberg.", "Iceberg"),
        ("org.apache.hive.", "Hive"), ("org.apache.kafka.", "Kafka"), ("org.apache.parquet.", "Parquet"),
        ("org.apache.orc.", "ORC"), ("org.apache.arrow.", "Arrow"), ("org.apache.livy.", "Livy"),
        ("com.oracle.bmc.", "the OCI SDK"), ("org.glassfish.jersey.", "Jersey"),
        ("com.fasterxml.jackson.", "Jackson"), ("com.google.common.", "Guava"),
        ("org.codehaus.janino.", "Janino"), ("org.codehaus.commons.", "Janino"), ("akka.", "Akka"),
        ("kotlin.", "Kotlin"), ("kotlinx.", "Kotlin"), ("groovy.", "Groovy"), ("org.springframework.", "Spring"),
    ]

    /// `…/site-packages/pandas/core/frame.py", line 1, in f`: an installed package, or Python's own library.
    private static func pythonFrame(_ rest: Slice<UnsafeBufferPointer<UInt8>>) -> LineKind {
        guard let end = rest.prefix(4_096).firstIndex(of: UInt8(ascii: "\"")) else { return .other }
        let path = rest[..<end]
        if path.starts(with: "<frozen ".utf8) { return .frameworkWithSource("Python") }
        for folder in ["/site-packages/", "/dist-packages/"] {
            guard let place = path.end(of: folder) else { continue }
            let name = path[place...].prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ".") }
            return .frameworkWithSource(pythonPackages[String(decoding: name, as: UTF8.self)] ?? package(name))
        }
        if path.end(of: "/pyspark.zip/") != nil || path.end(of: "/python/pyspark/") != nil {
            return .frameworkWithSource("Spark")
        }
        if path.end(of: "-src.zip/py4j/") != nil { return .frameworkWithSource("Py4J") }
        if let place = path.end(of: "/lib/python"), path[place...].first.map({ (0x32...0x39).contains($0) }) == true {
            return .frameworkWithSource("Python")
        }
        return .other
    }

    private static let pythonPackages = ["pyspark": "Spark", "py4j": "Py4J", "delta": "Delta"]

    /// The name of a Python package; “a package” if it is not just letters, digits and `_`.
    private static func package(_ name: Slice<UnsafeBufferPointer<UInt8>>) -> String {
        let text = String(decoding: name.prefix(40), as: UTF8.self)
        let isName =
            !text.isEmpty && text.utf8.allSatisfy { $0 == 0x5F || (0x30...0x39).contains($0) || ($0 | 0x20).isLetter }
        return isName ? text : "a package"
    }
}

/// A prefix that is compared byte by byte.
private struct StaticPrefix: ExpressibleByStringLiteral, Sendable {
    let utf8: [UInt8]

    init(stringLiteral value: String) { utf8 = Array(value.utf8) }
}

extension UInt8 {
    /// Whether this is a lower-case ASCII letter.
    fileprivate var isLetter: Bool { (0x61...0x7A).contains(self) }
}

extension Slice<UnsafeBufferPointer<UInt8>> {
    fileprivate mutating func dropSpaces() { self = drop { $0 == 0x20 || $0 == 0x09 } }

    /// Removes a prefix; returns whether it was there.
    fileprivate mutating func drops(_ text: StaticString) -> Bool {
        guard count >= text.utf8CodeUnitCount else { return false }
        for offset in 0..<text.utf8CodeUnitCount where self[startIndex + offset] != text.utf8Start[offset] {
            return false
        }
        self = dropFirst(text.utf8CodeUnitCount)
        return true
    }

    /// The end of the last occurrence of a text.
    fileprivate func end(of text: String) -> Index? {
        let pattern = Array(text.utf8)
        guard count >= pattern.count else { return nil }
        for start in (startIndex...endIndex - pattern.count).reversed()
        where self[start] == pattern[0] && self[start..<start + pattern.count].elementsEqual(pattern) {
            return start + pattern.count
        }
        return nil
    }
}
