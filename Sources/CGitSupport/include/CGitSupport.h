#pragma once

#include <git2.h>

/// Whether this libgit2 can fetch with a depth (1.7 and later).
int devinit_git_has_depth(void);

/// Asks for a shallow fetch; 0 when done, -1 where libgit2 is too old.
int devinit_git_set_depth(git_fetch_options *options, int depth);

/// Certificates to trust instead of the system's: a file, a folder of hashed names, or both; either may be null.
int devinit_git_set_certificates(const char *file, const char *folder);

/// The name that servers see.
int devinit_git_set_user_agent(const char *name);

/// Limits in milliseconds for connecting and for one read or write; does nothing where libgit2 has none.
void devinit_git_set_time_limits(int connecting, int silence);

/// Ends this process at once when whoever reads the pipe `descriptor` has gone. Returns 0 when it watches.
int devinit_end_with_reader(int descriptor);
