// The signal handlers of runtop. They are in C because a handler may run on any thread at any instruction, where
// nothing of a Swift runtime may be relied on.
#ifndef RUNTOP_CSIGNALS_H
#define RUNTOP_CSIGNALS_H

// What is written for a signal that came.
struct signal_note {
    unsigned char signal;
    // Whether the kernel sent it, as it does for the keys of a terminal, and not a process.
    unsigned char is_from_kernel;
};

// From now on a note of `signal` is written to `descriptor`, whichever thread it comes to. One descriptor serves all.
void note_signals(int signal, int descriptor);

// Makes `signal` end the process after the runtime's crash reporter has seen it, even if sent by `kill`.
void die_after_report(int signal);

// From now on such a signal first disconnects standard output, so that no thread can draw on the terminal any more, and
// then writes its number, one byte, to `descriptor`. The reporter, which takes seconds, comes after that.
void announce_crashes(int descriptor);

#endif
