import Screen

/// Why the dashboard's process could not be started.
public enum SupervisorError: Error, Sendable, Hashable, CustomStringConvertible {
    case noReportFolder
    case noReport(SafeText, SafeText)
    case cannotStart(SafeText)

    public var description: String {
        switch self {
        case .noReportFolder:
            "there is no private folder for crash reports; set HOME, XDG_STATE_HOME or TMPDIR to one you can write to"
        case .noReport(let path, let reason):
            "the crash report \(path) cannot be opened (\(reason)); make room there, or set XDG_STATE_HOME"
        case .cannotStart(let reason):
            "the dashboard's process cannot be started (\(reason)); try again when the machine has room"
        }
    }
}
