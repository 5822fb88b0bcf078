/// One attempt at a run: the original or a repair. A run that was never repaired has one attempt.
struct Attempt: Sendable, Equatable {
    let created: Milliseconds
    var timeline: RunTimeline
    /// The tasks that this attempt runs; `nil` for all. The others keep their state from the attempt before.
    var tasks: Set<String>?
    var parameters: [RunParameter] = []

    /// When it ends.
    var end: Milliseconds { created + timeline.length }
}

/// A parameter of a run.
struct RunParameter: Sendable, Equatable, Codable {
    let name: String
    let value: String
}
