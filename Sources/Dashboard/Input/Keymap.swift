import Screen

/// The screen on which a key is pressed: the same key may do different things on different screens.
package enum KeyContext: String, Hashable, Sendable, CaseIterable {
    case jobs
    case runs
    case job
    case run
    case tasks
    case output
    case help
    case journal
    case causes
    /// The output of a command of the operator's.
    case command
}

/// Which key does what: by default as in vi, less, htop and k9s; the settings change it.
package struct Keymap: Sendable, Hashable {
    /// A key that was bound to several intents.
    package struct Conflict: Error, Equatable {
        package let key: Key
        package let context: KeyContext
        package let intents: [Intent]
    }

    private var keys: [Intent: [Key]]

    /// The default keys.
    package static let standard = Keymap(
        keys: Dictionary(uniqueKeysWithValues: Intent.Info.table.map { ($0.intent, $0.keys) }))

    /// What can be done on a screen, in the order of its help and footer.
    static func intents(in context: KeyContext) -> [Intent] { Intent.Info.intents[context] ?? [] }

    /// The keys bound to an intent; the footer shows the first.
    package func keys(for intent: Intent) -> [Key] { keys[intent] ?? [] }

    /// What a key does on a screen, by the name that the settings have for it.
    package func action(for key: Key, on screen: KeyContext) -> String? { intent(for: key, in: screen)?.rawValue }

    /// What a key does on a screen.
    func intent(for key: Key, in context: KeyContext) -> Intent? {
        Self.intents(in: context).first { keys(for: $0).contains(key) }
    }

    /// The map with the keys of some intents replaced.
    ///
    /// - Throws: ``Conflict`` when a key would do two things on one screen.
    package func remapped(_ changes: [Intent: [Key]]) throws(Conflict) -> Keymap {
        var map = self
        map.keys.merge(changes) { _, new in new }
        for context in KeyContext.allCases {
            let intents = Self.intents(in: context)
            for key in Set(intents.flatMap(map.keys(for:))) {
                let claimants = intents.filter { map.keys(for: $0).contains(key) }
                if claimants.count > 1 { throw Conflict(key: key, context: context, intents: claimants) }
            }
        }
        return map
    }
}

/// What a key can be bound to. Its ``Info`` says which keys it has and on which screens it works.
///
/// To add a key: add a case, its row in ``Info/table``, and its action in `Update`.
package enum Intent: String, Hashable, Sendable, CaseIterable {
    // Moving.
    case up
    case down
    case left
    case right
    case pageUp = "page-up"
    case pageDown = "page-down"
    case scrollPage = "scroll-page"
    case halfPageUp = "half-page-up"
    case halfPageDown = "half-page-down"
    case top
    case bottom
    case lineStart = "line-start"
    case lineEnd = "line-end"

    // Going in and out.
    case open
    case jobPage = "job-page"
    case openTrace = "trace"
    case back
    case quit
    case help
    case nextView = "next-view"

    // What is shown.
    case filter
    case focus
    case focusAll = "focus-all"
    case focusBroken = "focus-broken"
    case focusLate = "focus-late"
    case focusActive = "focus-active"
    case sort
    case reverse
    case search
    case searchNext = "search-next"
    case searchPrevious = "search-previous"
    case rootCause = "root-cause"
    case tasks
    case wrap
    case numbers
    case fold
    case foldAll = "fold-all"
    case markLines = "mark-lines"

    // Actions.
    case mark
    case repair
    case trigger
    case cancel
    case journal
    case causes

    // The poller.
    case pause
    case refresh
    case faster
    case slower

    // Copying and saving.
    case copy
    case copyMenu = "copy-menu"
    case save
    case pager
    case editor

    case palette
    case redraw
    case suspend

    /// Its row of ``Info/table``. There is one for every intent: the help names them all, and a test reads it.
    var info: Info {
        guard let info = Info.ofIntent[self] else { fatalError("Intent.Info.table has no row for \(self)") }
        return info
    }
}

extension Intent {
    /// All that is said of an intent: the key map, the help, the footer and the commands read it here.
    struct Info: Sendable {
        let intent: Intent
        /// The keys by default; the footer shows the first.
        let keys: [Key]
        /// The screens it works on.
        let screens: [KeyContext]
        /// What the help says.
        let help: String
        /// The word of the footer, which is also a name of the command; `nil` leaves it out of the footer.
        let footer: String?
        /// Whether it can be typed after `:`, by its raw value.
        let isCommand: Bool
        /// On these screens the help and the footer list it right after the given intent, not in the order of the table.
        let after: [KeyContext: Intent]

        init(
            _ intent: Intent, _ keys: [Key], _ screens: [KeyContext], _ help: String, footer: String? = nil,
            isCommand: Bool = true, after: [KeyContext: Intent] = [:]
        ) {
            self.intent = intent
            self.keys = keys
            self.screens = screens
            self.help = help
            self.footer = footer
            self.isCommand = isCommand
            self.after = after
        }
    }
}

extension Intent.Info {
    private static let tables: [KeyContext] = [.jobs, .runs]
    private static let sorted: [KeyContext] = [.jobs, .runs, .causes]
    private static let data: [KeyContext] = [.jobs, .runs, .job, .run, .tasks, .output]
    /// The screens of long texts.
    private static let readers: [KeyContext] = [.run, .output, .command]
    private static let everywhere = KeyContext.allCases
    private static let texts: [KeyContext] = [.job, .run, .output, .help, .journal, .command]

    /// A row for each intent, in the order of the help and the footer.
    static let table: [Intent.Info] = [
        Self(
            .open, [.enter], [.jobs, .runs, .job, .run, .tasks, .output, .causes, .command],
            "open what is selected; on a job's page its runs, on a run its tasks, in an output folded frames",
            footer: "open"),
        Self(
            .jobPage, [.character("d")], tables, "the job's page: why, its chart, statistics, failures, schedule",
            footer: "job"),
        Self(.back, [.escape, .backspace], everywhere, "one step back", footer: "back", after: [.jobs: .help]),
        Self(
            .openTrace, [.character("e")], [.jobs, .runs, .job], "open the error trace of the newest failure",
            footer: "trace"),
        Self(
            .repair, [.character("R")], data,
            "repair the failed run, or the marked tasks or the failed one, after a question", footer: "repair"),
        Self(
            .trigger, [.character("T")], data, "run the job now, its parameters first, after a question", footer: "run"),
        Self(.cancel, [.character("X")], data, "cancel the active run, after a question", footer: "cancel"),
        Self(
            .filter, [.character("/")], [.jobs, .causes],
            "filter as you type; !word leaves out, a word with / looks in the path, cause:word in the causes",
            footer: "filter"),
        Self(
            .focus, [.character("f")], [.jobs], "show all, only broken, late, flapping or active jobs", footer: "focus"),
        Self(.sort, [.character("s"), .function(6)], sorted, "sort by a column", footer: "sort"),
        Self(.reverse, [.character("S")], sorted, "reverse the order", footer: "reverse"),
        Self(
            .causes, [.character("C")], [.jobs], "the causes of failures, and the jobs that have each", footer: "causes"
        ),
        Self(
            .rootCause, [.character("c")], readers, "to the line that names the cause",
            footer: "cause"),
        Self(.search, [.character("/")], readers, "search for a regular expression", footer: "search"),
        Self(.searchNext, [.character("n")], readers, "next match", footer: "next match"),
        Self(.searchPrevious, [.character("N")], readers, "previous match"),
        Self(.wrap, [.character("w")], readers, "wrap long lines, or scroll sideways", footer: "wrap"),
        Self(
            .fold, [.character("z")], readers, "show the first frames of frameworks in sight, or fold them again",
            footer: "frames"),
        Self(.foldAll, [.character("Z")], readers, "show all frames of frameworks, or fold them"),
        Self(.numbers, [.character("#")], readers, "number the lines of the trace, or do not"),
        Self(.markLines, [.character("v")], readers, "mark lines to copy or save; moving marks more", footer: "mark"),
        Self(.tasks, [.character("t")], [.run], "to the tasks", footer: "tasks"),
        Self(.save, [.character("s")], readers, "save to a file: the marked lines, or all", footer: "save"),
        Self(.pager, [.character("P")], readers, "open the text in $PAGER, or less", footer: "pager"),
        Self(.editor, [.character("E")], readers, "open the text in $EDITOR, or vi", footer: "editor"),
        Self(
            .mark, [.character(" ")], tables + [.tasks],
            "mark the row, for an action on several; Esc takes all marks away",
            isCommand: false),
        Self(.journal, [.character("J")], data, "what was done with runtop: when, by whom, and what came of it"),
        Self(
            .nextView, [.tab], [.runs, .job, .run, .output],
            "the next job of the table, the next older run, or the try before", footer: "next"),
        Self(.refresh, [.character("r"), .function(5)], data + [.causes], "refresh now", footer: "refresh"),
        Self(.pause, [.character("p")], data + [.causes], "pause polling, or resume it", footer: "pause"),
        Self(.faster, [.character("+")], tables, "poll more often"),
        Self(.slower, [.character("-")], tables, "poll less often"),
        Self(
            .copy, [.character("y")], data + [.command, .causes], "copy to the clipboard: a key, or the error trace",
            footer: "copy",
            after: [.run: .tasks]),
        Self(
            .copyMenu, [.character("Y")], data, "pick what to copy: names, keys, the cause, a ticket, the REST call",
            after: [.run: .copy]),
        Self(.help, [.character("?"), .function(1)], everywhere, "this help", footer: "help", after: [.help: .quit]),
        Self(.quit, [.character("q")], everywhere, "quit; from an inner screen, one step back", footer: "quit"),
        Self(.focusAll, [.character("1")], [.jobs], "show all jobs", isCommand: false),
        Self(.focusBroken, [.character("2")], [.jobs], "show broken jobs only", isCommand: false),
        Self(.focusLate, [.character("3")], [.jobs], "show late jobs only", isCommand: false),
        Self(.focusActive, [.character("4")], [.jobs], "show active jobs only", isCommand: false),
        Self(.up, [.up, .character("k"), .control("p")], everywhere, "up", isCommand: false),
        Self(.down, [.down, .character("j"), .control("n")], everywhere, "down", isCommand: false),
        Self(.pageUp, [.pageUp, .control("b")], everywhere, "a page up", isCommand: false),
        Self(.pageDown, [.pageDown, .control("f")], everywhere, "a page down", isCommand: false),
        Self(.scrollPage, [.character(" ")], texts, "a page down in a text", isCommand: false),
        Self(.halfPageUp, [.control("u")], everywhere, "half a page up", isCommand: false),
        Self(.halfPageDown, [.control("d")], everywhere, "half a page down", isCommand: false),
        Self(.top, [.character("g"), .home], everywhere, "to the top", isCommand: false),
        Self(.bottom, [.character("G"), .end], everywhere, "to the bottom", isCommand: false),
        Self(.left, [.left, .character("h")], readers, "left", isCommand: false),
        Self(.right, [.right, .character("l")], readers, "right", isCommand: false),
        Self(.lineStart, [.character("0")], readers, "to the start of the lines", isCommand: false),
        Self(.lineEnd, [.character("$")], readers, "to the end of the longest line in sight", isCommand: false),
        Self(
            .palette, [.character(":")], data + [.causes], "type a command; Tab completes it", footer: "command",
            isCommand: false),
        Self(.redraw, [.control("l")], everywhere, "redraw the screen"),
        Self(.suspend, [.control("z")], everywhere, "suspend runtop; fg in the shell resumes it"),
    ]

    fileprivate static let ofIntent = Dictionary(uniqueKeysWithValues: table.map { ($0.intent, $0) })

    /// The intents that work on each screen, in the order of its help and footer.
    static let intents: [KeyContext: [Intent]] = Dictionary(
        uniqueKeysWithValues: KeyContext.allCases.map { context in
            let here = table.filter { $0.screens.contains(context) }
            var intents = here.filter { $0.after[context] == nil }.map(\.intent)
            for info in here {
                guard let other = info.after[context], let index = intents.firstIndex(of: other) else { continue }
                intents.insert(info.intent, at: index + 1)
            }
            return (context, intents)
        })
}
