#define _GNU_SOURCE
#include "CSpawn.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __APPLE__
#include <sys/event.h>
#include <sys/sysctl.h>
#else
#include <sched.h>
#include <stdlib.h>
#include <sys/syscall.h>
#endif

#ifndef POSIX_SPAWN_SETSID
#define POSIX_SPAWN_SETSID 0x80
#endif

static int set_attributes(posix_spawnattr_t *attributes, enum devinit_spawn_place place) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    // Nobody may set these two; macOS refuses a set that holds them.
    sigdelset(&all, SIGKILL);
    sigdelset(&all, SIGSTOP);
    short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    if (place == devinit_spawn_own_group) flags |= POSIX_SPAWN_SETPGROUP;
    if (place == devinit_spawn_own_session) flags |= POSIX_SPAWN_SETSID;
#ifdef __APPLE__
    flags |= POSIX_SPAWN_CLOEXEC_DEFAULT;
#endif
    int code = posix_spawnattr_setsigmask(attributes, &none);
    if (!code) code = posix_spawnattr_setsigdefault(attributes, &all);
    if (!code && place == devinit_spawn_own_group) code = posix_spawnattr_setpgroup(attributes, 0);
    return code ? code : posix_spawnattr_setflags(attributes, flags);
}

static int set_actions(posix_spawn_file_actions_t *actions, const struct devinit_spawn_request *request) {
    const int wanted[3] = {request->input, request->output, request->error};
    int code = 0;
    for (int target = 0; target < 3 && !code; target++) {
        if (wanted[target] >= 0) {
            code = posix_spawn_file_actions_adddup2(actions, wanted[target], target);
        } else {
#ifdef __APPLE__
            // CLOEXEC_DEFAULT closes what isn't named; a closed one can't be named.
            if (fcntl(target, F_GETFD) >= 0) code = posix_spawn_file_actions_addinherit_np(actions, target);
#endif
        }
    }
    if (!code) code = posix_spawn_file_actions_addchdir_np(actions, request->folder);
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 34)
    if (!code) code = posix_spawn_file_actions_addclosefrom_np(actions, 3);
#endif
    return code;
}

int devinit_spawn(const struct devinit_spawn_request *request, pid_t *child) {
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    int code = posix_spawnattr_init(&attributes);
    if (code) return code;
    code = posix_spawn_file_actions_init(&actions);
    if (code) {
        posix_spawnattr_destroy(&attributes);
        return code;
    }
    code = set_attributes(&attributes, request->place);
    if (!code) code = set_actions(&actions, request);
    if (!code)
        code = posix_spawn(
            child, request->executable, &actions, &attributes, request->arguments, request->environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return code;
}

int devinit_exit_descriptor(pid_t child) {
#ifdef __APPLE__
    int queue = kqueue();
    if (queue < 0) return -1;
    fcntl(queue, F_SETFD, FD_CLOEXEC);
    struct kevent event;
    EV_SET(&event, child, EVFILT_PROC, EV_ADD, NOTE_EXIT, 0, NULL);
    if (kevent(queue, &event, 1, NULL, 0, NULL) < 0) {
        close(queue);
        return -1;
    }
    return queue;
#elif defined(SYS_pidfd_open)
    return (int)syscall(SYS_pidfd_open, child, 0);
#else
    return -1;
#endif
}

enum devinit_child_state devinit_child_state(pid_t child) {
    siginfo_t info;
    memset(&info, 0, sizeof info);
    int result;
    do result = waitid(P_PID, (id_t)child, &info, WEXITED | WSTOPPED | WNOHANG | WNOWAIT);
    while (result < 0 && errno == EINTR);
    if (result < 0) return devinit_child_unknown;
    if (info.si_pid == 0) return devinit_child_running;
    if (info.si_code == CLD_STOPPED)
        return info.si_status == SIGTTIN || info.si_status == SIGTTOU ? devinit_child_wants_terminal
                                                                      : devinit_child_running;
    return info.si_code == CLD_CONTINUED || info.si_code == CLD_TRAPPED ? devinit_child_running : devinit_child_ended;
}

int devinit_reap(pid_t child) {
    int status = 0;
    pid_t result;
    do result = waitpid(child, &status, 0);
    while (result < 0 && errno == EINTR);
    if (result != child) return INT_MIN;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

int64_t devinit_start_time(pid_t process) {
#ifdef __APPLE__
    int name[4] = {CTL_KERN, KERN_PROC, KERN_PROC_PID, process};
    struct kinfo_proc found;
    size_t size = sizeof found;
    if (sysctl(name, 4, &found, &size, NULL, 0) < 0 || size == 0 || found.kp_proc.p_stat == SZOMB) return -1;
    return (int64_t)found.kp_proc.p_starttime.tv_sec * 1000000 + found.kp_proc.p_starttime.tv_usec;
#else
    char text[1024];
    snprintf(text, sizeof text, "/proc/%d/stat", (int)process);
    int descriptor = open(text, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return -1;
    ssize_t count = read(descriptor, text, sizeof text - 1);
    close(descriptor);
    if (count <= 0) return -1;
    text[count] = 0;
    // The name in parentheses may hold anything, so fields are counted from the last one on.
    char *place = strrchr(text, ')');
    if (!place || place[1] == 0 || place[2] == 'Z' || place[2] == 'X') return -1;
    place += 2;
    for (int field = 3; field < 22; field++) {
        place = strchr(place, ' ');
        if (!place) return -1;
        place++;
    }
    return strtoll(place, NULL, 10);
#endif
}

int devinit_pipe(int *ends) {
#ifdef __APPLE__
    if (pipe(ends) < 0) return errno;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
#else
    if (pipe2(ends, O_CLOEXEC) < 0) return errno;
#endif
    // With a closed standard stream the kernel hands out 0 to 2, which spawning would overwrite.
    for (int i = 0; i < 2; i++) {
        if (ends[i] > 2) continue;
        int moved = fcntl(ends[i], F_DUPFD_CLOEXEC, 3);
        int code = errno;
        if (moved < 0) {
            close(ends[0]);
            close(ends[1]);
            return code;
        }
        close(ends[i]);
        ends[i] = moved;
    }
    return 0;
}

int devinit_search_flag(void) {
#ifdef __APPLE__
    return O_SEARCH;
#else
    return O_PATH;
#endif
}

int devinit_usable_processors(void) {
#ifndef __APPLE__
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (int)online : 0;
}
