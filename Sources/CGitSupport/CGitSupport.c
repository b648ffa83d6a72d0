#include "CGitSupport.h"

// Options are set through a variadic function, which Swift can't call; what came after 1.5 is guarded here,
// so that the Swift side builds against every libgit2 from 1.5 to 1.9.

#define LIBGIT2_IS(major, minor) \
    (LIBGIT2_VER_MAJOR > (major) || (LIBGIT2_VER_MAJOR == (major) && LIBGIT2_VER_MINOR >= (minor)))

int devinit_git_has_depth(void) { return LIBGIT2_IS(1, 7); }

int devinit_git_set_depth(git_fetch_options *options, int depth) {
#if LIBGIT2_IS(1, 7)
    options->depth = depth;
    return 0;
#else
    (void)options;
    (void)depth;
    return -1;
#endif
}

int devinit_git_set_certificates(const char *file, const char *folder) {
    return git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, file, folder);
}

int devinit_git_set_user_agent(const char *name) { return git_libgit2_opts(GIT_OPT_SET_USER_AGENT, name); }

void devinit_git_set_time_limits(int connecting, int silence) {
#if LIBGIT2_IS(1, 7)
    git_libgit2_opts(GIT_OPT_SET_SERVER_CONNECT_TIMEOUT, connecting);
    git_libgit2_opts(GIT_OPT_SET_SERVER_TIMEOUT, silence);
#else
    (void)connecting;
    (void)silence;
#endif
}
