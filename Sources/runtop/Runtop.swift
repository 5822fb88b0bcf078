import ArgumentParser

/// The command line: `runtop` opens the dashboard, and its subcommands do the rest.
@main
struct Runtop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runtop",
        abstract: "A terminal dashboard for the job runs of Oracle AI Data Platform.",
        discussion: """
            What is broken, what is late, what is running: a live table of the recent runs of every job, from there to \
            the error trace in two keys.

            Try it without a tenancy: runtop demo.
            """,
        version: Version.current,
        subcommands: [Watch.self, Demo.self, Simulate.self, RunsCommand.self, DoctorCommand.self],
        defaultSubcommand: Watch.self)
}

/// The version runtop tells, to people and to the service.
enum Version {
    static let current = "0.1.0"
}
