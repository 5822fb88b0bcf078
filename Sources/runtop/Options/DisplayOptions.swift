import ArgumentParser
import Dashboard
import Polling

extension Theme.Name: ExpressibleByArgument {}

/// How the dashboard looks, and how often it asks.
struct DisplayOptions: ParsableArguments {
    @Option(help: "How often to ask, 2s to 1h (15s where nothing says otherwise).")
    var interval: PollingInterval?

    @Option(
        help: "dark, light, high-contrast, color-blind or mono (dark where nothing says otherwise; mono with NO_COLOR)."
    )
    var theme: Theme.Name?

    @Option(help: "The settings file (~/.config/runtop/config.yaml where there is one).")
    var settings: String?
}
