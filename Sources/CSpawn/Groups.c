#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef __APPLE__
#include <sys/sysctl.h>
#else
#include <dirent.h>
#include <fcntl.h>
#endif

#include "CSpawn.h"

bool devinit_group_is_alive(pid_t group) {
    if (kill(-group, 0) < 0 && errno != EPERM) return false;
#ifdef __APPLE__
    int name[4] = {CTL_KERN, KERN_PROC, KERN_PROC_PGRP, group};
    struct kinfo_proc found[64];
    size_t size = sizeof found;
    if (sysctl(name, 4, found, &size, NULL, 0) < 0) return errno == ENOMEM;
    for (size_t i = 0; i < size / sizeof found[0]; i++)
        if (found[i].kp_proc.p_stat != SZOMB) return true;
    return false;
#else
    DIR *processes = opendir("/proc");
    if (!processes) return true;
    bool alive = false;
    struct dirent *entry;
    while (!alive && (entry = readdir(processes))) {
        if (entry->d_name[0] < '1' || entry->d_name[0] > '9') continue;
        char text[512];
        snprintf(text, sizeof text, "%.20s/stat", entry->d_name);
        int descriptor = openat(dirfd(processes), text, O_RDONLY | O_CLOEXEC);
        if (descriptor < 0) continue;
        ssize_t count = read(descriptor, text, sizeof text - 1);
        close(descriptor);
        if (count <= 0) continue;
        text[count] = 0;
        char *place = strrchr(text, ')');
        char state;
        int parent, found;
        if (place && sscanf(place + 1, " %c %d %d", &state, &parent, &found) == 3)
            alive = found == group && state != 'Z' && state != 'X';
    }
    closedir(processes);
    return alive;
#endif
}
