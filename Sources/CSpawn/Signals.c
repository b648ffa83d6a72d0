// What runs inside signal handlers: only async-signal-safe calls, errno kept.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "CSpawn.h"

// Atomic, because the handler runs on any thread; lock-free, so it may.
static _Atomic int signal_descriptor = -1;

static void report_signal(int signal) {
    int kept = errno;
    unsigned char byte = (unsigned char)signal;
    // A full pipe drops the signal: as many of the same are waiting in it already.
    ssize_t ignored = write(signal_descriptor, &byte, 1);
    (void)ignored;
    errno = kept;
}

bool devinit_catch_signal(int signal, int descriptor) {
    struct sigaction now, wanted;
    if (sigaction(signal, NULL, &now) == 0 && now.sa_handler == SIG_IGN) return false;
    memset(&wanted, 0, sizeof wanted);
    wanted.sa_handler = report_signal;
    wanted.sa_flags = SA_RESTART;
    sigfillset(&wanted.sa_mask);
    signal_descriptor = descriptor;
    return sigaction(signal, &wanted, NULL) == 0;
}

void devinit_release_signal(int signal) {
    struct sigaction now;
    if (sigaction(signal, NULL, &now) == 0 && now.sa_handler == report_signal) devinit_default_signal(signal);
}

void devinit_default_signal(int signal) {
    struct sigaction wanted;
    memset(&wanted, 0, sizeof wanted);
    wanted.sa_handler = SIG_DFL;
    sigemptyset(&wanted.sa_mask);
    sigaction(signal, &wanted, NULL);
}

void devinit_stop(void) {
    struct sigaction kept, wanted;
    memset(&wanted, 0, sizeof wanted);
    wanted.sa_handler = SIG_DFL;
    sigemptyset(&wanted.sa_mask);
    // To this very thread, so that the process is stopped before the call returns and not somewhat later. Threads of
    // a pool block signals.
    sigset_t before, stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    sigaction(SIGTSTP, &wanted, &kept);
    pthread_sigmask(SIG_UNBLOCK, &stop, &before);
    raise(SIGTSTP);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    sigaction(SIGTSTP, &kept, NULL);
}

_Noreturn void devinit_end_by_signal(int signal) {
    devinit_show_typing();
    devinit_default_signal(signal);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signal);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    kill(getpid(), signal);
    raise(signal);
    // A signal whose default is to go on.
    _exit(128 + signal);
}

static struct termios shown;
static _Atomic int hidden_terminal = -1;
static const int deadly[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
enum { deadly_count = sizeof deadly / sizeof deadly[0] };
static bool guarded[sizeof deadly / sizeof deadly[0]];

static void show_and_die(int signal) { devinit_end_by_signal(signal); }

static int set_hidden(int terminal) {
    struct termios hidden = shown;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    hidden.c_lflag |= ICANON | ECHONL;
    return tcsetattr(terminal, TCSANOW, &hidden) < 0 ? errno : 0;
}

int devinit_hide_typing(int terminal) {
    if (tcgetattr(terminal, &shown) < 0) return errno;
    hidden_terminal = terminal;
    for (int i = 0; i < deadly_count; i++) {
        struct sigaction now, wanted;
        guarded[i] = sigaction(deadly[i], NULL, &now) == 0 && now.sa_handler == SIG_DFL;
        if (!guarded[i]) continue;
        memset(&wanted, 0, sizeof wanted);
        wanted.sa_handler = show_and_die;
        sigfillset(&wanted.sa_mask);
        sigaction(deadly[i], &wanted, NULL);
    }
    return set_hidden(terminal);
}

void devinit_show_typing(void) {
    int terminal = hidden_terminal;
    if (terminal < 0) return;
    tcsetattr(terminal, TCSANOW, &shown);
    hidden_terminal = -1;
    for (int i = 0; i < deadly_count; i++) {
        struct sigaction now;
        if (guarded[i] && sigaction(deadly[i], NULL, &now) == 0 && now.sa_handler == show_and_die)
            devinit_default_signal(deadly[i]);
        guarded[i] = false;
    }
}

void devinit_keep_hidden(int terminal) {
    struct termios now;
    if (hidden_terminal != terminal || tcgetpgrp(terminal) != getpgrp()) return;
    if (tcgetattr(terminal, &now) == 0 && (now.c_lflag & ECHO)) set_hidden(terminal);
}

bool devinit_terminal_size(int terminal, int *columns, int *rows) {
    struct winsize size;
    if (ioctl(terminal, TIOCGWINSZ, &size) < 0 || size.ws_col == 0) return false;
    *columns = size.ws_col;
    *rows = size.ws_row;
    return true;
}
