#pragma once
// What Swift cannot say of POSIX: posix_spawn with its `_np` calls, exit descriptors, and code that runs
// inside a signal handler. Everything returns 0 or an errno value unless it says otherwise.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
// For pid_t; <sys/types.h> would bring types of the system into this module.
#include <unistd.h>

/// Where a child stands in relation to our process group and session.
enum devinit_spawn_place {
    devinit_spawn_same_group = 0,
    devinit_spawn_own_group = 1,
    devinit_spawn_own_session = 2,
};

struct devinit_spawn_request {
    const char *_Nonnull executable;
    const char *_Nonnull folder;
    char *_Nullable const *_Nonnull arguments;
    char *_Nullable const *_Nonnull environment;
    /// Descriptors that become 0, 1 and 2; -1 leaves ours.
    int input;
    int output;
    int error;
    enum devinit_spawn_place place;
};

/// Starts a child: empty signal mask, default handlers, nothing open from descriptor 3 up.
int devinit_spawn(const struct devinit_spawn_request *_Nonnull request, pid_t *_Nonnull child);

/// A descriptor that polls readable once the child has ended; -1 where the system has none.
int devinit_exit_descriptor(pid_t child);

/// What a child of ours does; nothing is reaped.
enum devinit_child_state {
    devinit_child_running = 0,
    devinit_child_ended = 1,
    /// Stopped because it wanted to use the terminal from the background.
    devinit_child_wants_terminal = 2,
    /// Not our child (any more).
    devinit_child_unknown = 3,
};
enum devinit_child_state devinit_child_state(pid_t child);

/// Collects an ended child. Returns the exit status, or minus the signal that ended it; INT_MIN when there is none.
int devinit_reap(pid_t child);

/// The kernel's start time of a live process; -1 when there is none or it is a zombie.
int64_t devinit_start_time(pid_t process);

/// A pipe whose ends are closed on exec and lie above 2. `ends[0]` is read.
int devinit_pipe(int *_Nonnull ends);

/// The flag of open(2) for a folder in which names are looked up and not read.
int devinit_search_flag(void);

/// Number of processors that this process may use; 0 when unknown.
int devinit_usable_processors(void);

/// From now on each such signal writes its number as one byte to `descriptor`. Returns false, and changes
/// nothing, when the signal is ignored now: whoever started us (nohup) wants it so.
bool devinit_catch_signal(int signal, int descriptor);
/// The default action again, if `devinit_catch_signal` had changed it.
void devinit_release_signal(int signal);
/// The default action again.
void devinit_default_signal(int signal);
/// Ends the process by this signal, so that a waiting shell sees it.
_Noreturn void devinit_end_by_signal(int signal);

/// Stops showing what is typed. Where a deadly signal has its default action, its arrival shows typing again first.
int devinit_hide_typing(int terminal);
/// Shows typing again, exactly as it was before; nothing happens when it isn't hidden.
void devinit_show_typing(void);
/// Hides typing again when a shell has reset the terminal while we were stopped.
void devinit_keep_hidden(int terminal);

/// Windows and other ioctl numbers that Swift does not import.
bool devinit_terminal_size(int terminal, int *_Nonnull columns, int *_Nonnull rows);

/// Whether a process group has a member that is more than a zombie: where process 1 reaps nothing, dead
/// grandchildren stay members for ever.
bool devinit_group_is_alive(pid_t group);

/// Stops the process as Ctrl-Z does where nobody catches it, and returns when it is continued; at once where no shell
/// could continue it (an orphaned process group), since the kernel then stops nothing.
void devinit_stop(void);
