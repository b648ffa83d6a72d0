#include "CGitSupport.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <unistd.h>

// A worker that waits for a silent server writes nothing, so a broken pipe would never stop it. The write end
// of a pipe polls as an error once its last reader is gone, also after a SIGKILL of that reader.
static void *watch(void *argument) {
    struct pollfd pipe = {.fd = (int)(intptr_t)argument, .events = 0};
    while (1) {
        int count = poll(&pipe, 1, -1);
        if (count < 0 && errno == EINTR) continue;
        if (count > 0 && (pipe.revents & (POLLERR | POLLHUP))) _exit(75);
        if (count < 0 || (pipe.revents & POLLNVAL)) return 0;
    }
}

int devinit_end_with_reader(int descriptor) {
    pthread_t thread;
    int error = pthread_create(&thread, 0, watch, (void *)(intptr_t)descriptor);
    if (error == 0) pthread_detach(thread);
    return error;
}
