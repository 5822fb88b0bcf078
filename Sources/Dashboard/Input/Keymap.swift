import Screen

/// The screen on which a key is pressed: a key may have different meanings on different screens.
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
    /// The output of one of the user's own commands.
    case command
}

/// The keys and their meanings: by default as in vi, less, htop and k9s; the settings can change them.
package struct Keymap: Sendable, Hashable {
    /// A key that is bound to several intents on one screen.
    package struct Conflict: Error, Equatable {
        package let key: Key
        package let context: KeyContext
        package let intents: [Intent]
    }

    private var keys: [Intent: [Key]]

    /// The default keys.
    package static let standard = Keymap(
        keys: Dictionary(uniqueKeysWithValues: Intent.Info.table.map { ($0.intent, $0.keys) }))

    /// The intents on a screen, in the order of its help and footer.
    static func intents(in context: KeyContext) -> [Intent] { Intent.Info.intents[context] ?? [] }

    /// The keys of an intent; the footer shows the first.
    package func keys(for intent: Intent) -> [Key] { keys[intent] ?? [] }

    /// The intent of a key on a screen, by its name in the settings.
    package func action(for key: Key, on screen: KeyContext) -> String? { intent(for: key, in: screen)?.rawValue }

    /// The intent of a key on a screen.
    func intent(for key: Key, in context: KeyContext) -> Intent? {
        Self.intents(in: context).first { keys(for: $0).contains(key) }
    }

    /// The keymap with the keys of some intents replaced.
    ///
    /// - Throws: ``Conflict`` if a key would have two meanings on one screen.
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

/// An intent that a key can be bound to. Its ``Info`` has its keys and its screens.
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

    // Opening and closing screens.
    case open
    case jobPage = "job-page"
    case openTrace = "trace"
    case back
    case quit
    case help
    case nextView = "next-view"

    // Changing the view.
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

    /// The row in ``Info/table``. A test checks that every intent has one.
    var info: Info {
        guard let info = Info.ofIntent[self] else { fatalError("Intent.Info.table has no row for \(self)") }
        return info
    }
}

extension Intent {
    /// Everything about an intent, for the keymap, the help, the footer and the commands.
    struct Info: Sendable {
        let intent: Intent
        /// The default keys; the footer shows the first.
        let keys: [Key]
        /// The screens on which it works.
        let screens: [KeyContext]
        /// The text in the help.
        let help: String
        /// The word in the footer, which is also an alias of the command; `nil` if the footer omits the intent.
        let footer: String?
        /// Whether it is also a command, named by its raw value.
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

    /// One row per intent, in the order of the help and the footer.
    static let table: [Intent.Info] = [
        Self(
            .open, [.enter], [.jobs, .runs, .job, .run, .tasks, .output, .causes, .command],
            "open what is selected; on a job's page its runs, on a run its tasks, in an output the folded frames",
            footer: "open"),
        Self(
            .jobPage, [.character("d")], tables, "the job's page: its problems, chart, statistics, failures, schedule",
            footer: "job"),
        Self(.back, [.escape, .backspace], everywhere, "one step back", footer: "back", after: [.jobs: .help]),
        Self(
            .openTrace, [.character("e")], [.jobs, .runs, .job], "open the error trace of the newest failure",
            footer: "trace"),
        Self(
            .repair, [.character("R")], data,
            "repair the failed run, or the marked tasks or the failed one; asks first", footer: "repair"),
        Self(
            .trigger, [.character("T")], data, "run the job now: edit its parameters, then confirm", footer: "run"),
        Self(.cancel, [.character("X")], data, "cancel the active run; asks first", footer: "cancel"),
        Self(
            .filter, [.character("/")], [.jobs, .causes],
            "filter as you type; !word excludes, a word with / searches the path, cause:word the causes",
            footer: "filter"),
        Self(
            .focus, [.character("f")], [.jobs], "show all, only broken, late, flapping or active jobs", footer: "focus"),
        Self(.sort, [.character("s"), .function(6)], sorted, "sort by a column", footer: "sort"),
        Self(.reverse, [.character("S")], sorted, "reverse the order", footer: "reverse"),
        Self(
            .causes, [.character("C")], [.jobs], "the causes of failures, and the jobs with each", footer: "causes"
        ),
        Self(
            .rootCause, [.character("c")], readers, "go to the line that names the cause",
            footer: "cause"),
        Self(.search, [.character("/")], readers, "search for a regular expression", footer: "search"),
        Self(.searchNext, [.character("n")], readers, "next match", footer: "next match"),
        Self(.searchPrevious, [.character("N")], readers, "previous match"),
        Self(.wrap, [.character("w")], readers, "wrap long lines, or scroll sideways", footer: "wrap"),
        Self(
            .fold, [.character("z")], readers, "show the first folded stack frames in view, or fold them again",
            footer: "frames"),
        Self(.foldAll, [.character("Z")], readers, "show all folded stack frames, or fold them again"),
        Self(.numbers, [.character("#")], readers, "show or hide line numbers"),
        Self(.markLines, [.character("v")], readers, "mark lines to copy or save; move to mark more", footer: "mark"),
        Self(.tasks, [.character("t")], [.run], "go to the tasks", footer: "tasks"),
        Self(.save, [.character("s")], readers, "save to a file: the marked lines, or all", footer: "save"),
        Self(.pager, [.character("P")], readers, "open the text in $PAGER, or less", footer: "pager"),
        Self(.editor, [.character("E")], readers, "open the text in $EDITOR, or vi", footer: "editor"),
        Self(
            .mark, [.character(" ")], tables + [.tasks],
            "mark the row, to act on several rows; Esc removes all marks",
            isCommand: false),
        Self(.journal, [.character("J")], data, "the journal of actions: when, who, what, and the outcome"),
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
        Self(.lineEnd, [.character("$")], readers, "to the end of the longest line in view", isCommand: false),
        Self(
            .palette, [.character(":")], data + [.causes], "type a command; Tab completes it", footer: "command",
            isCommand: false),
        Self(.redraw, [.control("l")], everywhere, "redraw the screen"),
        Self(.suspend, [.control("z")], everywhere, "suspend runtop; fg in the shell resumes it"),
    ]

    fileprivate static let ofIntent = Dictionary(uniqueKeysWithValues: table.map { ($0.intent, $0) })

    /// The intents on each screen, in the order of its help and footer.
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
