import ArgumentParser

/// Whether the dashboard may change runs.
struct ActionOptions: ParsableArguments {
    @Flag(
        help:
            "Allow to repair runs, run jobs and cancel runs, each after a question (default: actions in the settings).")
    var allowActions = false

    func isAllowed(_ settings: SettingsFile) -> Bool { allowActions || settings.allowsActions }
}
