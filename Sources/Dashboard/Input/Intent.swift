/// What a key can be bound to. A key map says which key does what, and on which screen.
package enum Intent: String, Hashable, Sendable, CaseIterable {
    // Moving.
    case up
    case down
    case left
    case right
    case pageUp = "page-up"
    case pageDown = "page-down"
    case halfPageUp = "half-page-up"
    case halfPageDown = "half-page-down"
    case top
    case bottom
    case lineStart = "line-start"
    case lineEnd = "line-end"

    // Going in and out.
    case open
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

    // The poller.
    case pause
    case refresh
    case faster
    case slower

    // Taking things along.
    case copy
    case save

    case palette
    case redraw
    case suspend

    /// What the help says of it.
    var explanation: String {
        switch self {
        case .up: "up"
        case .down: "down"
        case .left: "left"
        case .right: "right"
        case .pageUp: "a page up"
        case .pageDown: "a page down"
        case .halfPageUp: "half a page up"
        case .halfPageDown: "half a page down"
        case .top: "to the top"
        case .bottom: "to the bottom"
        case .lineStart: "to the start of the lines"
        case .lineEnd: "to the end of the longest line"
        case .open: "open what is selected"
        case .openTrace: "open the error trace of the newest failure"
        case .back: "one step back"
        case .quit: "quit; from an inner screen, one step back"
        case .help: "this help"
        case .nextView: "the next job of the table, or the next older run"
        case .filter: "filter as you type; !word leaves out, a word with / looks in the path"
        case .focus: "show all, only broken, only late, only active jobs"
        case .focusAll: "show all jobs"
        case .focusBroken: "show broken jobs only"
        case .focusLate: "show late jobs only"
        case .focusActive: "show active jobs only"
        case .sort: "sort by a column"
        case .reverse: "reverse the order"
        case .search: "search"
        case .searchNext: "next match"
        case .searchPrevious: "previous match"
        case .rootCause: "to the root cause: the last \"Caused by\", or the exception"
        case .tasks: "to the tasks"
        case .wrap: "wrap long lines, or scroll sideways"
        case .pause: "pause polling, or resume it"
        case .refresh: "refresh now"
        case .faster: "poll more often"
        case .slower: "poll less often"
        case .copy: "copy to the clipboard: a key, or the error trace"
        case .save: "save to a file"
        case .palette: "type a command; Tab completes it"
        case .redraw: "redraw the screen"
        case .suspend: "suspend runtop; fg in the shell resumes it"
        }
    }

    /// The word of the footer; `nil` for what the footer leaves out. After `:` it is a name of the command too.
    var shortName: String? {
        switch self {
        case .open: "open"
        case .openTrace: "trace"
        case .back: "back"
        case .quit: "quit"
        case .help: "help"
        case .nextView: "next"
        case .filter: "filter"
        case .focus: "focus"
        case .sort: "sort"
        case .reverse: "reverse"
        case .search: "search"
        case .searchNext: "next match"
        case .rootCause: "cause"
        case .tasks: "tasks"
        case .wrap: "wrap"
        case .pause: "pause"
        case .refresh: "refresh"
        case .copy: "copy"
        case .save: "save"
        case .palette: "command"
        case .up, .down, .left, .right, .pageUp, .pageDown, .halfPageUp, .halfPageDown, .top, .bottom, .lineStart,
            .lineEnd, .searchPrevious, .faster, .slower, .redraw, .suspend, .focusAll, .focusBroken, .focusLate,
            .focusActive:
            nil
        }
    }
}
