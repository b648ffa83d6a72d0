// Preloaded by benchmarks/crash: from a drawn call on, a number of syncs in a row fail, as on a disk that breaks.
// FAULTS_FROM and FAULTS_COUNT say which; counted per process, so that devinit alone is meant and not its children.
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

static atomic_long calls;

static int fails(void) {
    const char *from = getenv("FAULTS_FROM"), *count = getenv("FAULTS_COUNT");
    if (!from || !count) return 0;
    long call = atomic_fetch_add(&calls, 1), first = atol(from);
    return call >= first && call < first + atol(count);
}

int fsync(int descriptor) {
    (void)descriptor;
    if (!fails()) return 0;
    errno = EIO;
    return -1;
}

int fdatasync(int descriptor) { return fsync(descriptor); }
