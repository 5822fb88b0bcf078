/// A value made from files, made again when one of them changes.
struct FileBacked<Value: Sendable>: Sendable {
    typealias Load = @Sendable (inout TrackedFiles) throws(CredentialsError) -> Value

    private enum State {
        case current(Value, TrackedFiles)
        /// Reading failed, or the value was rejected: the next use reads again.
        case stale
    }

    /// The warnings of the first reading; later readings do not repeat them.
    let warnings: [CredentialsWarning]
    private let files: any CredentialFiles
    private let load: Load
    private var state: State

    /// Makes the value at once, so that errors are known before anything depends on it.
    init(_ files: any CredentialFiles, load: @escaping Load) throws(CredentialsError) {
        var tracked = TrackedFiles(files)
        let value = try load(&tracked)
        self.files = files
        self.load = load
        self.warnings = tracked.warnings
        self.state = .current(value, tracked)
    }

    /// The value, made from the files as they are now.
    mutating func value() throws(CredentialsError) -> Value {
        if case .current(let value, let tracked) = state, tracked.areUnchanged { return value }
        state = .stale
        var tracked = TrackedFiles(files)
        let value = try load(&tracked)
        state = .current(value, tracked)
        return value
    }

    /// Has the files read again at the next use, even if they have not changed.
    mutating func forget() {
        state = .stale
    }
}
