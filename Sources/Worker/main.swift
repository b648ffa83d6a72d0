import CGit2
import CGitSupport

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

// libgit2's sockets would raise it when a server hangs up; a lost reader ends the process in its own way.
signal(SIGPIPE, SIG_IGN)
_ = devinit_end_with_reader(STDOUT_FILENO)
exit(Session.run() ? 0 : 1)
