/// One go at a run: the first, or a repair. A run that was never repaired has one.
struct Attempt: Sendable, Equatable {
    let begun: Milliseconds
    var course: Course
    /// The tasks run in it; `nil` for all of them. The others stand as the attempt before left them.
    var tasks: Set<String>?
    var parameters: [RunParameter] = []

    /// When it is over.
    var end: Milliseconds { begun + course.length }
}

/// A name and a value handed to a run.
struct RunParameter: Sendable, Equatable, Codable {
    let name: String
    let value: String
}
