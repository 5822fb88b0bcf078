#define _GNU_SOURCE
#include "CSignals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static volatile sig_atomic_t signal_descriptor = -1;

static void write_record(int signal, siginfo_t *info, void *context) {
    int saved = errno;
    struct signal_record record = {(unsigned char)signal, info->si_code == SI_KERNEL};
    // A full pipe already has enough in it to wake its reader.
    ssize_t written = write(signal_descriptor, &record, sizeof record);
    (void)written;
    (void)context;
    errno = saved;
}

void write_signal_to(int signal, int descriptor) {
    struct sigaction action = {0};
    action.sa_sigaction = write_record;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    sigfillset(&action.sa_mask);
    signal_descriptor = descriptor;
    sigaction(signal, &action, NULL);
}

static struct sigaction reporters[NSIG];
static volatile sig_atomic_t crash_descriptor = -1;
static volatile sig_atomic_t null_device = -1;

void announce_crashes_to(int descriptor) {
    if (null_device < 0) null_device = open("/dev/null", O_WRONLY | O_CLOEXEC);
    crash_descriptor = descriptor;
}

static void announce(int signal) {
    if (crash_descriptor < 0) return;
    // A write by another thread that is in progress still completes; the kernel lets nobody else write before its end.
    if (null_device >= 0) dup2(null_device, STDOUT_FILENO);
    unsigned char number = (unsigned char)signal;
    ssize_t written = write(crash_descriptor, &number, 1);
    (void)written;
}

static void report_and_end(int signal, siginfo_t *info, void *context) {
    announce(signal);
    reporters[signal].sa_sigaction(signal, info, context);
    // A fault occurs again when the handler returns, and then ends the process; a signal that was sent does not.
    if (info->si_code <= 0) {
        struct sigaction fatal = {0};
        fatal.sa_handler = SIG_DFL;
        sigaction(signal, &fatal, NULL);
        raise(signal);
    }
}

void end_process_after_report(int signal) {
    struct sigaction action;
    if (sigaction(signal, NULL, &action) != 0 || !(action.sa_flags & SA_SIGINFO)) return;
    if (action.sa_sigaction == report_and_end) return;
    reporters[signal] = action;
    action.sa_sigaction = report_and_end;
    sigaction(signal, &action, NULL);
}
