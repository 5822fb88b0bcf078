import CNcurses
import Dispatch
import Foundation
import Glibc
import Screen

/// An event of the terminal.
package enum TerminalEvent: Sendable, Hashable {
    /// A key, and when it was read: what is pasted without marks is read at once.
    case key(Key, at: Date)
    /// The size of the window has changed.
    case resized(Size)
    /// The program runs again after a stop. The clocks may have moved on.
    case resumed
    /// The terminal is gone; the program must end at once.
    case hangUp
    /// A signal that asks the program to end: SIGINT (`^C`) or SIGTERM.
    case interrupt(signal: Int32)
}

/// The terminal of this process: sends keys and signals as ``events``, and shows canvases. ncurses allows only one.
///
/// ncurses opens the terminal, sets its modes, reads its keys and restores it. It does not paint, for the reason in
/// ``FramePainter``.
/// ``FramePainter``.
@MainActor
package final class TerminalScreen {
    package private(set) var size: Size
    package let capabilities: Capabilities
    /// Keys, signals and changes of size, in order. The stream ends when the screen is closed.
    package let events: AsyncStream<TerminalEvent>

    private let continuation: AsyncStream<TerminalEvent>.Continuation
    private let environment: [String: String]
    private let bracketedPaste: (begin: [UInt8], end: [UInt8])
    private var painter: FramePainter
    private var lastCanvas: Canvas?
    private var input: TerminalInput?
    private var signals: TerminalSignals?
    /// The watch for the end of the supervisor.
    private var supervisorWatch: (any DispatchSourceRead)?
    private var state = State.open
    /// The program that owns the terminal.
    private var program: ForegroundProgram?

    private enum State: Equatable {
        case open
        /// Another program owns the terminal; nothing is written until it ends.
        case handedOver
        /// The terminal is gone; nothing more is written.
        case hungUp
        case closed
    }

    /// Checks whether a dashboard can run on the terminal, without changing it.
    package static func check(environment: [String: String]) throws(TerminalError) {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { throw .notATerminal }
        let type = environment["TERM", default: ""]
        var answer: Int32 = 0
        guard !type.isEmpty, setupterm(type, STDOUT_FILENO, &answer) == OK else { throw .unknownType(SafeText(type)) }
        guard Terminfo() != nil else { throw .unsuitable(SafeText(type)) }
    }

    /// Opens the terminal: shows the alternate screen, and reads keys one by one.
    ///
    /// - Parameter environment: contains `TERM`, `NO_COLOR`, the locale, `TMUX` and `STY`.
    package static func open(environment: [String: String]) throws(TerminalError) -> TerminalScreen {
        try check(environment: environment)
        setLocale(environment)
        let type = environment["TERM", default: ""]
        setSizeSource()
        set_escdelay(25)
        let pipe: SignalPipe
        do throws(SupervisorError) {
            // Before ncurses starts, because it keeps signal handlers that are already installed.
            pipe = try SignalPipe(TerminalSignals.numbers)
        } catch {
            throw .noResources(SafeText("\(error)"))
        }
        guard runtop_newterm(type) != nil else { throw .unknownType(SafeText(type)) }
        guard let terminfo = Terminfo() else {
            endwin()
            throw .unsuitable(SafeText(type))
        }
        TerminalSignals.endProcessOnCrashSignals()
        return TerminalScreen(terminfo: terminfo, environment: environment, pipe: pipe)
    }

    private init(terminfo: Terminfo, environment: [String: String], pipe: SignalPipe) {
        self.environment = environment
        capabilities = Capabilities(environment: environment, terminfoColors: terminfo.colors)
        bracketedPaste = Self.bracketedPaste(terminfo, type: environment["TERM", default: ""])
        painter = FramePainter(terminfo: terminfo, capabilities: capabilities)
        size = Self.windowSize(else: Size(rows: 24, columns: 80))
        (events, continuation) = AsyncStream.makeStream()
        setModes()
        resizeterm(Int32(size.rows), Int32(size.columns))
        enter()
        signals = TerminalSignals(pipe) { [weak self] in self?.receive($0) }
        input = TerminalInput { [weak self] in self?.receive($0) }
        supervisorWatch = Supervisor.link?.watchParent { [weak self] in self?.receive(.interrupt(SIGTERM)) }
    }

    /// Shows `canvas`; writes only the changes.
    package func paint(_ canvas: Canvas) {
        lastCanvas = canvas
        guard state == .open else { return }
        write(painter.frame(showing: canvas))
    }

    /// Draws everything again (`^L`), in case another program wrote on the screen.
    package func redraw() {
        painter.invalidate()
        if let lastCanvas { paint(lastCanvas) }
    }

    /// The result of ``TerminalScreen/copy(_:)``.
    package enum CopyResult: Sendable, Hashable {
        /// The text is in tmux's own paste buffer; tmux copies it to the attached terminals.
        case tmux
        /// The text was sent to the terminal as an OSC 52. No terminal reports whether it accepted the text.
        case terminal
        /// The text is longer than terminals accept, and was not copied.
        case tooLong
    }

    /// Copies `text` to the clipboard of the operator's terminal.
    @discardableResult
    package func copy(_ text: String) async -> CopyResult {
        guard let sequence = Clipboard.sequence(copying: text, environment: environment) else { return .tooLong }
        if Clipboard.isInsideTmux(environment), await TmuxBuffer.load(text, environment: environment) { return .tmux }
        if state == .open { write(sequence) }
        return .terminal
    }

    /// Restores the terminal and stops the process, as `^Z` does. Opens the screen again when the process continues.
    package func suspend() {
        guard state == .open else { return }
        leave()
        JobControl.stopThisProcess()
        signals?.discardStopSignals()
        reopen()
    }

    /// How a program that owned the terminal ended.
    package enum ProgramEnd: Sendable, Hashable {
        case exited(Int32)
        case signalled(Int32)
        /// The program could not be started.
        case notStarted(reason: String)
    }

    /// Restores the terminal, gives it to a program, and opens the screen again when that ends. Meanwhile keys, `^C` and
    /// `^Z` go to the program. When `^Z` stops it, this process also stops, as one job of the shell, and later continues it.
    ///
    /// - Parameters:
    ///   - path: the program's file; `arguments` starts with its name.
    ///   - environment: the program's environment.
    package func handOver(
        to path: String, arguments: [String], environment: [String: String]
    ) async -> ProgramEnd {
        guard state == .open else { return .notStarted(reason: "the terminal is not open") }
        input?.cancel()
        input = nil
        leave()
        state = .handedOver
        let end: ProgramEnd
        do throws(NewProgram.Failure) {
            let program = try ForegroundProgram(path: path, arguments: arguments, environment: environment)
            self.program = program
            end = await wait(for: program)
        } catch {
            end = .notStarted(reason: error.reason)
        }
        program = nil
        guard state == .handedOver else { return end }
        ForegroundProgram.takeTerminalBack()
        // A killed program leaves the terminal in its own state.
        if case .signalled = end { write(Array(SavedTerminal.reset.utf8)) }
        state = .open
        input = TerminalInput { [weak self] in self?.receive($0) }
        reopen()
        return end
    }

    private func wait(for program: ForegroundProgram) async -> ProgramEnd {
        while true {
            switch await program.nextChange() {
            case .exited(let status): return .exited(status)
            case .signalled(let signal): return .signalled(signal)
            case .stopped(SIGTTOU), .stopped(SIGTTIN): program.giveTerminal()
            case .stopped:
                ForegroundProgram.takeTerminalBack()
                JobControl.stopThisProcess()
                signals?.discardStopSignals()
                program.giveTerminal()
            }
        }
    }

    /// Restores the terminal and closes the screen.
    package func close() {
        guard state != .closed else { return }
        if let program {
            program.end()
            ForegroundProgram.takeTerminalBack()
        }
        // After a hang-up the terminal may still exist, because any process can send SIGHUP.
        if state != .handedOver { leave() }
        state = .closed
        input?.cancel()
        signals?.cancel()
        supervisorWatch?.cancel()
        continuation.finish()
    }
}

// MARK: - Events

extension TerminalScreen {
    private func receive(_ event: TerminalEvent) {
        if event == .hangUp { hangUp() } else { continuation.yield(event) }
    }

    private func receive(_ signal: TerminalSignals.Signal) {
        switch signal {
        case .hangUp: hangUp()
        case .interrupt(let number): continuation.yield(.interrupt(signal: number))
        case .windowChanged: if state == .open { resize() }
        case .stop: suspend()
        case .continued: if state == .open { reopen() }
        }
    }

    private func hangUp() {
        guard state == .open || state == .handedOver else { return }
        state = .hungUp
        input?.cancel()
        continuation.yield(.hangUp)
    }

    private func resize() {
        let changed = Self.windowSize(else: size)
        guard changed != size else { return }
        size = changed
        // ncurses has its own copy of the size, which must match.
        resizeterm(Int32(changed.rows), Int32(changed.columns))
        wrefresh(runtop_stdscr())
        painter.invalidate()
        continuation.yield(.resized(changed))
    }

    private func reopen() {
        enter()
        resize()
        redraw()
        continuation.yield(.resumed)
    }
}

// MARK: - Modes

extension TerminalScreen {
    /// Keys are read one by one, without echo. `^C`, `^Z` and `^\` are signals; `^S`, `^Q`, `^V` and `^O` are keys.
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

    /// Shows a blank alternate screen in our modes. ncurses assumes that it stays blank.
    private func enter() {
        reset_prog_mode()
        clearok(runtop_stdscr(), true)
        wrefresh(runtop_stdscr())
        curs_set(0)
        write(bracketedPaste.begin)
        painter.invalidate()
    }

    /// Restores the screen and the modes from before ``enter()``.
    private func leave() {
        write(bracketedPaste.end)
        // If the supervisor was killed, the shell has the terminal again and has set its own modes; they must stay.
        var modes = termios()
        let isShellBack = tcgetpgrp(STDIN_FILENO) != getpgrp() && tcgetattr(STDIN_FILENO, &modes) == 0
        endwin()
        if isShellBack { tcsetattr(STDIN_FILENO, TCSANOW, &modes) }
    }

    private static func bracketedPaste(_ terminfo: Terminfo, type: String) -> (begin: [UInt8], end: [UInt8]) {
        if !terminfo.beginBracketedPaste.isEmpty, !terminfo.endBracketedPaste.isEmpty {
            return (terminfo.beginBracketedPaste, terminfo.endBracketedPaste)
        }
        // Most terminfo entries do not contain bracketed paste, although their terminals support it.
        let isKnown = ["xterm", "tmux", "screen", "rxvt", "alacritty", "foot"].contains { type.hasPrefix($0) }
        return isKnown ? (Array("\u{1B}[?2004h".utf8), Array("\u{1B}[?2004l".utf8)) : ([], [])
    }

    /// Sets the locale, which ncurses uses to decode keys. If the environment names a UTF-8 locale that is not installed,
    /// uses C.UTF-8, which decodes them in the same way.
    private static func setLocale(_ environment: [String: String]) {
        if setlocale(LC_ALL, "") == nil, Capabilities(environment: environment, terminfoColors: 0).isUTF8 {
            setlocale(LC_CTYPE, "C.UTF-8")
        }
    }

    /// Makes ncurses read the window's size from the kernel instead of LINES and COLUMNS, which may be out of date.
    /// `newterm` would fail for an absurdly large size, so then LINES and COLUMNS are set to a usable one.
    private static func setSizeSource() {
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

    /// The window's size, clamped to 1 × 1 … 500 × 1,000, because a wrong size must not use much memory.
    private static func windowSize(else fallback: Size) -> Size {
        let window = runtop_window_size(STDOUT_FILENO)
        guard window.ws_row > 0, window.ws_col > 0 else { return fallback }
        return Size(rows: min(Int(window.ws_row), 500), columns: min(Int(window.ws_col), 1_000))
    }

    /// Writes all of `bytes`. An error means that the terminal is gone.
    private func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                // Another process has made the terminal non-blocking.
                var wait = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
                poll(&wait, 1, -1)
            } else if errno != EINTR {
                hangUp()
                return
            }
        }
    }
}
