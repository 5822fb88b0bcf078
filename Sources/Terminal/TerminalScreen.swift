import CNcurses
import Dispatch
import Glibc
import Screen

/// The terminal the program was started on: keys and signals come out of it as events, canvases go in. There is only
/// one, since ncurses keeps one for the process.
///
/// ncurses opens the terminal, sets its modes, reads its keys and restores it. It does not paint: ``FramePainter``
/// says why.
@MainActor
public final class TerminalScreen {
    public private(set) var size: Size
    public let capabilities: Capabilities
    /// Keys, signals and changes of size, in order. Ends when the screen is closed.
    public let events: AsyncStream<TerminalEvent>

    private let continuation: AsyncStream<TerminalEvent>.Continuation
    private let environment: [String: String]
    private let bracketedPaste: (begin: [UInt8], end: [UInt8])
    private var painter: FramePainter
    private var lastCanvas: Canvas?
    private var input: TerminalInput?
    private var signals: TerminalSignals?
    private var lifeline: (any DispatchSourceRead)?
    private var state = State.open

    private enum State {
        case open
        /// Another program has the terminal.
        case lent
        /// The terminal is gone: nothing is written any more.
        case hungUp
        case closed
    }

    /// Checks whether a dashboard can run on the terminal, and changes nothing.
    public static func check(environment: [String: String]) throws(TerminalError) {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { throw .notATerminal }
        let type = environment["TERM", default: ""]
        var answer: Int32 = 0
        guard !type.isEmpty, setupterm(type, STDOUT_FILENO, &answer) == OK else { throw .unknownType(SafeText(type)) }
        guard Terminfo() != nil else { throw .unsuitable(SafeText(type)) }
    }

    /// Opens the terminal: the alternate screen, keys one by one.
    ///
    /// - Parameter environment: where `TERM`, `NO_COLOR`, the locale and `STY` are read.
    public static func open(environment: [String: String]) throws(TerminalError) -> TerminalScreen {
        try check(environment: environment)
        setLocale(environment)
        let type = environment["TERM", default: ""]
        chooseSize()
        set_escdelay(25)
        let notes: SignalNotes
        do throws(SupervisorError) {
            // Before ncurses, which keeps signal handlers that are there already.
            notes = try SignalNotes(TerminalSignals.numbers)
        } catch {
            throw .outOfRoom(SafeText("\(error)"))
        }
        guard runtop_newterm(type) != nil else { throw .unknownType(SafeText(type)) }
        guard let terminfo = Terminfo() else {
            endwin()
            throw .unsuitable(SafeText(type))
        }
        TerminalSignals.dieOfCrashSignals()
        return TerminalScreen(terminfo: terminfo, environment: environment, notes: notes)
    }

    private init(terminfo: Terminfo, environment: [String: String], notes: SignalNotes) {
        self.environment = environment
        capabilities = Capabilities(environment: environment, terminfoColors: terminfo.colors)
        bracketedPaste = Self.bracketedPaste(terminfo, type: environment["TERM", default: ""])
        painter = FramePainter(terminfo: terminfo, capabilities: capabilities)
        size = Self.windowSize(else: Size(rows: 24, columns: 80))
        (events, continuation) = AsyncStream.makeStream()
        setModes()
        resizeterm(Int32(size.rows), Int32(size.columns))
        enter()
        signals = TerminalSignals(notes) { [weak self] in self?.receive($0) }
        input = TerminalInput { [weak self] in self?.receive($0) }
        lifeline = Supervisor.lifeline?.watch { [weak self] in self?.receive(.interrupt(SIGTERM)) }
    }

    /// Shows `canvas`, writing only what has changed.
    public func paint(_ canvas: Canvas) {
        lastCanvas = canvas
        guard state == .open else { return }
        write(painter.frame(showing: canvas))
    }

    /// Draws everything again (`^L`), in case another program wrote on the screen.
    public func redraw() {
        painter.invalidate()
        if let lastCanvas { paint(lastCanvas) }
    }

    /// Where a copied text went.
    public enum CopyResult: Sendable, Hashable {
        /// Into tmux's own paste buffer, which offers it to the terminals attached.
        case tmux
        /// To the terminal, as an OSC 52. No terminal reports whether it took it.
        case terminal
        /// Nowhere: terminals take less.
        case tooLong
    }

    /// Copies `text` to the clipboard of the terminal the operator sits at.
    @discardableResult
    public func copy(_ text: String) async -> CopyResult {
        guard let sequence = Clipboard.sequence(copying: text, environment: environment) else { return .tooLong }
        if Clipboard.isInsideTmux(environment), await TmuxBuffer.load(text, environment: environment) { return .tmux }
        if state == .open { write(sequence) }
        return .terminal
    }

    /// Gives the terminal back and stops, as `^Z` asks; takes it again when the process continues.
    public func suspend() {
        guard state == .open else { return }
        leave()
        ProcessStop.stopThisProcess()
        signals?.wasStopped()
        comeBack()
    }

    /// Gives the terminal back while `body` runs a pager or an editor on it, and takes it again.
    public func runOutside<Result>(_ body: @MainActor () async throws -> Result) async rethrows -> Result {
        guard state == .open else { return try await body() }
        leave()
        state = .lent
        input?.suspend()
        defer {
            if state == .lent {
                state = .open
                input?.resume()
                comeBack()
            }
        }
        return try await body()
    }

    /// Gives the terminal back, as it was.
    public func close() {
        guard state != .closed else { return }
        // A terminal that hung up may still be there: any process can send SIGHUP.
        if state != .lent { leave() }
        state = .closed
        input?.cancel()
        signals?.cancel()
        lifeline?.cancel()
        continuation.finish()
    }
}

// MARK: - Events

extension TerminalScreen {
    private func receive(_ event: TerminalInput.Event) {
        switch event {
        case .key(let key): continuation.yield(.key(key))
        case .hangUp: hangUp()
        }
    }

    private func receive(_ signal: TerminalSignals.Signal) {
        switch signal {
        case .hangUp: hangUp()
        case .interrupt(let number):
            // A ^C in the pager is for the pager.
            if state != .lent || number != SIGINT { continuation.yield(.interrupt(signal: number)) }
        case .windowChanged: if state == .open { resize() }
        case .stop: suspend()
        case .continued: if state == .open { comeBack() }
        }
    }

    private func hangUp() {
        guard state == .open || state == .lent else { return }
        state = .hungUp
        input?.cancel()
        continuation.yield(.hangUp)
    }

    private func resize() {
        let changed = Self.windowSize(else: size)
        guard changed != size else { return }
        size = changed
        // ncurses keeps a size of its own, which must be the same.
        resizeterm(Int32(changed.rows), Int32(changed.columns))
        wrefresh(runtop_stdscr())
        painter.invalidate()
        continuation.yield(.resized(changed))
    }

    private func comeBack() {
        enter()
        resize()
        redraw()
        continuation.yield(.resumed)
    }
}

// MARK: - Modes

extension TerminalScreen {
    /// Keys one by one and unechoed, `^C`, `^Z` and `^\` as signals, `^S`, `^Q`, `^V` and `^O` as keys.
    private func setModes() {
        cbreak()
        noecho()
        nonl()
        keypad(runtop_stdscr(), true)
        nodelay(runtop_stdscr(), true)
        typeahead(-1)
        KeySequences.define()
        var modes = termios()
        if tcgetattr(STDIN_FILENO, &modes) == 0 {
            modes.c_iflag &= ~tcflag_t(IXON)
            modes.c_lflag &= ~tcflag_t(IEXTEN)
            modes.c_lflag |= tcflag_t(ISIG)
            tcsetattr(STDIN_FILENO, TCSANOW, &modes)
        }
        def_prog_mode()
    }

    /// Enters the alternate screen, blank, in our modes. ncurses believes that it stays blank.
    private func enter() {
        reset_prog_mode()
        clearok(runtop_stdscr(), true)
        wrefresh(runtop_stdscr())
        curs_set(0)
        write(bracketedPaste.begin)
        painter.invalidate()
    }

    private func leave() {
        write(bracketedPaste.end)
        // A shell that has the terminal again, because the supervisor was killed, has set modes of its own: they stay.
        var modes = termios()
        let isShellBack = tcgetpgrp(STDIN_FILENO) != getpgrp() && tcgetattr(STDIN_FILENO, &modes) == 0
        endwin()
        if isShellBack { tcsetattr(STDIN_FILENO, TCSANOW, &modes) }
    }

    private static func bracketedPaste(_ terminfo: Terminfo, type: String) -> (begin: [UInt8], end: [UInt8]) {
        if !terminfo.beginBracketedPaste.isEmpty, !terminfo.endBracketedPaste.isEmpty {
            return (terminfo.beginBracketedPaste, terminfo.endBracketedPaste)
        }
        // Most terminfo entries leave it out, though their terminals have it.
        let isKnown = ["xterm", "tmux", "screen", "rxvt", "alacritty", "foot"].contains { type.hasPrefix($0) }
        return isKnown ? (Array("\u{1B}[?2004h".utf8), Array("\u{1B}[?2004l".utf8)) : ([], [])
    }

    /// The locale decides how ncurses reads keys. Where the environment names a UTF-8 locale that is not installed,
    /// C.UTF-8 reads them as well.
    private static func setLocale(_ environment: [String: String]) {
        if setlocale(LC_ALL, "") == nil, Capabilities(environment: environment, terminfoColors: 0).isUTF8 {
            setlocale(LC_CTYPE, "C.UTF-8")
        }
    }

    /// Lets ncurses take the window's size from the kernel, not from LINES and COLUMNS, which may be stale. For an
    /// absurd size `newterm` would fail, and the environment is the only other way to tell it one.
    private static func chooseSize() {
        let window = runtop_window_size(STDOUT_FILENO)
        let size = windowSize(else: Size(rows: 24, columns: 80))
        let isAbsurd = Int(window.ws_row) > size.rows || Int(window.ws_col) > size.columns
        if isAbsurd {
            setenv("LINES", String(size.rows), 1)
            setenv("COLUMNS", String(size.columns), 1)
        }
        use_env(isAbsurd)
        use_tioctl(!isAbsurd)
    }

    /// The window's size, at least 1 × 1, and at most 500 × 1,000, since a wrong size must not cost much memory.
    private static func windowSize(else fallback: Size) -> Size {
        let window = runtop_window_size(STDOUT_FILENO)
        guard window.ws_row > 0, window.ws_col > 0 else { return fallback }
        return Size(rows: min(Int(window.ws_row), 500), columns: min(Int(window.ws_col), 1_000))
    }

    /// Writes all of `bytes`, or finds that the terminal is gone.
    private func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                // Another process on the terminal made it non-blocking.
                var wait = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
                poll(&wait, 1, -1)
            } else if errno != EINTR {
                hangUp()
                return
            }
        }
    }
}
