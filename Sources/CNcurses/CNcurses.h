// ncurses with wide characters, and the few C calls around a terminal that Swift cannot import: macros, variables of
// the C library, and functions with variable arguments.
#ifndef RUNTOP_CNCURSES_H
#define RUNTOP_CNCURSES_H

#ifndef _XOPEN_SOURCE_EXTENDED
#define _XOPEN_SOURCE_EXTENDED 1
#endif
#define NCURSES_WIDECHAR 1

#include <locale.h>
#include <ncurses.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <term.h>
#include <wchar.h>

// Opens a terminal of the type `type` on standard input and output; null if terminfo does not know it.
static inline SCREEN *runtop_newterm(const char *type) { return newterm(type, stdout, stdin); }

static inline WINDOW *runtop_stdscr(void) { return stdscr; }

// A capability with its parameters filled in. Valid until the next call.
static inline const char *runtop_tiparm(const char *capability, int first, int second) {
    return tiparm(capability, first, second);
}

// The window's size from the kernel; 0 × 0 if it has none.
static inline struct winsize runtop_window_size(int terminal) {
    struct winsize size = {0, 0, 0, 0};
    if (ioctl(terminal, TIOCGWINSZ, &size) != 0) { size.ws_row = 0; size.ws_col = 0; }
    return size;
}

// How many bytes can be read without waiting; -1 if that is not known.
static inline int runtop_bytes_waiting(int terminal) {
    int count = 0;
    return ioctl(terminal, FIONREAD, &count) == 0 ? count : -1;
}

#endif
