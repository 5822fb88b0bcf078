/// The key of a job: opaque text, compared byte for byte.
package struct JobKey: Hashable, Sendable, Comparable, RawRepresentable {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }
    package init(_ rawValue: String) { self.rawValue = rawValue }

    package static func < (left: JobKey, right: JobKey) -> Bool { left.rawValue < right.rawValue }
}

/// The key of one run of a job: opaque text.
package struct RunKey: Hashable, Sendable, Comparable, RawRepresentable {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }
    package init(_ rawValue: String) { self.rawValue = rawValue }

    package static func < (left: RunKey, right: RunKey) -> Bool { left.rawValue < right.rawValue }
}
