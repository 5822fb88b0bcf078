// The signal handlers of runtop. They are in C because a handler may interrupt any thread at any instruction, where
// Swift code must not run.
#ifndef RUNTOP_CSIGNALS_H
#define RUNTOP_CSIGNALS_H

// What is written to the pipe for one signal.
struct signal_record {
    unsigned char signal;
    // Whether the kernel sent it, as for the keys of a terminal, and not another process.
    unsigned char is_from_kernel;
};

// From now on a record of each `signal` is written to `descriptor`, in whichever thread it arrives. All signals use the
// descriptor of the last call.
void write_signal_to(int signal, int descriptor);

// Makes `signal` end the process after the runtime's crash reporter has handled it, even if `kill` sent it.
void end_process_after_report(int signal);

// From now on such a signal first disconnects standard output, so that no thread can draw on the terminal any more, and
// then writes its number, one byte, to `descriptor`. After that the reporter runs, which takes seconds.
void announce_crashes_to(int descriptor);

#endif
