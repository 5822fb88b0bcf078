#define _GNU_SOURCE
#include "CSignals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static volatile sig_atomic_t note_descriptor = -1;

static void note(int signal, siginfo_t *info, void *context) {
    int saved = errno;
    struct signal_note note = {(unsigned char)signal, info->si_code == SI_KERNEL};
    // A full pipe already holds enough to wake its reader.
    ssize_t written = write(note_descriptor, &note, sizeof note);
    (void)written;
    (void)context;
    errno = saved;
}

void note_signals(int signal, int descriptor) {
    struct sigaction action = {0};
    action.sa_sigaction = note;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    sigfillset(&action.sa_mask);
    note_descriptor = descriptor;
    sigaction(signal, &action, NULL);
}

static struct sigaction reporters[NSIG];
static volatile sig_atomic_t announcement_descriptor = -1;
static volatile sig_atomic_t nowhere = -1;

void announce_crashes(int descriptor) {
    if (nowhere < 0) nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    announcement_descriptor = descriptor;
}

static void announce(int signal) {
    if (announcement_descriptor < 0) return;
    // What another thread is writing to the terminal right now still ends; the kernel lets nobody else write before.
    if (nowhere >= 0) dup2(nowhere, STDOUT_FILENO);
    unsigned char number = (unsigned char)signal;
    ssize_t written = write(announcement_descriptor, &number, 1);
    (void)written;
}

static void report_and_die(int signal, siginfo_t *info, void *context) {
    announce(signal);
    reporters[signal].sa_sigaction(signal, info, context);
    // A fault happens again when the handler returns, and then kills; a signal that somebody sent does not.
    if (info->si_code <= 0) {
        struct sigaction fatal = {0};
        fatal.sa_handler = SIG_DFL;
        sigaction(signal, &fatal, NULL);
        raise(signal);
    }
}

void die_after_report(int signal) {
    struct sigaction action;
    if (sigaction(signal, NULL, &action) != 0 || !(action.sa_flags & SA_SIGINFO)) return;
    if (action.sa_sigaction == report_and_die) return;
    reporters[signal] = action;
    action.sa_sigaction = report_and_die;
    sigaction(signal, &action, NULL);
}
