import ArgumentParser

/// Whether runs may be changed from the dashboard.
struct ActionOptions: ParsableArguments {
    @Flag(
        help:
            "Allow to repair runs, run jobs and cancel runs, each after a question (default: actions in the settings).")
    var allowActions = false

    func isAllowed(_ settings: SettingsFile) -> Bool { allowActions || settings.allowsActions }
}
