import ArgumentParser
import Dashboard
import Polling

extension Theme.Name: ExpressibleByArgument {}

/// How the dashboard looks, and how often it refreshes.
struct DisplayOptions: ParsableArguments {
    @Option(help: "How often to ask, 2s to 1h (default 15s; 5s in the demo).")
    var interval: PollingInterval?

    @Option(
        help: "dark, light, high-contrast, color-blind or mono (default dark; mono with NO_COLOR)."
    )
    var theme: Theme.Name?

    @Option(help: "The settings file (default ~/.config/runtop/config.yaml, if there is one).")
    var settings: String?
}
