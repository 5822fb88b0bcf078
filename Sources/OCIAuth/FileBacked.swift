/// A value that is read from files, and read again when one of them changes.
struct FileBacked<Value: Sendable>: Sendable {
    typealias Load = @Sendable (inout TrackedFiles) throws(CredentialsError) -> Value

    private enum State {
        case current(Value, TrackedFiles)
        /// Reading failed, or the value was rejected. The next use reads the files again.
        case stale
    }

    /// The warnings of the first reading. Later readings do not repeat them.
    let warnings: [CredentialsWarning]
    private let files: any CredentialFiles
    private let load: Load
    private var state: State

    /// Reads the value at once, so that errors are reported early.
    init(_ files: any CredentialFiles, load: @escaping Load) throws(CredentialsError) {
        var tracked = TrackedFiles(files)
        let value = try load(&tracked)
        self.files = files
        self.load = load
        self.warnings = tracked.warnings
        self.state = .current(value, tracked)
    }

    /// The value, from the current versions of the files.
    mutating func value() throws(CredentialsError) -> Value {
        if case .current(let value, let tracked) = state, tracked.areUnchanged { return value }
        state = .stale
        var tracked = TrackedFiles(files)
        let value = try load(&tracked)
        state = .current(value, tracked)
        return value
    }

    /// Makes the next use read the files again, even if they have not changed.
    mutating func forget() {
        state = .stale
    }
}

/// Reads credential files, and records their versions and the warnings about them.
struct TrackedFiles: Sendable {
    let files: any CredentialFiles
    /// The versions that were read, by path.
    private(set) var stamps: [String: FileStamp] = [:]
    private(set) var warnings: [CredentialsWarning] = []

    init(_ files: any CredentialFiles) {
        self.files = files
    }

    /// Reads a file that only its owner should be able to read. Adds a warning if others can read it.
    ///
    /// - Parameters:
    ///   - what: the purpose of the file, as in "key file".
    ///   - topic: the topic of an error.
    ///   - place: where the path was configured, as in "line 4 of /home/me/.oci/config".
    mutating func readSecret(
        _ path: String, what: String, _ topic: CredentialsError.Topic, namedIn place: String
    ) throws(CredentialsError) -> [UInt8] {
        let file = try files.credentialFile(path, what: what, topic, namedIn: place)
        stamps[path] = file.stamp
        if file.permissions & 0o077 != 0 {
            warn(.openToOthers(path: path, permissions: file.permissions & 0o777))
        }
        if let owner = file.foreignOwner { warn(.ownedByAnother(path: path, userID: owner)) }
        return file.bytes
    }

    mutating func warn(_ warning: CredentialsWarning) {
        if !warnings.contains(warning) { warnings.append(warning) }
    }

    /// Whether no file has changed since it was read.
    var areUnchanged: Bool {
        stamps.allSatisfy { path, stamp in files.stamp(of: path) == stamp }
    }
}

extension CredentialFiles {
    /// Reads a file. Throws an error with a sentence for the user instead of a `FileFailure`.
    func credentialFile(
        _ path: String, what: String, _ topic: CredentialsError.Topic, namedIn place: String
    ) throws(CredentialsError) -> CredentialFile {
        do {
            return try read(path)
        } catch {
            let why =
                switch error {
                case .missing: "is not there"
                case .unreadable(let reason): "cannot be read: \(reason)"
                }
            throw CredentialsError(
                "The \(what) \(path) \(why).", advice: "The path comes from \(place).", kind: .unreadableFile(path),
                topic: topic)
        }
    }
}
