// A disk that takes its time, for the bench: preloaded into a process, it makes every flush take 5 ms longer.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <unistd.h>

#define SLOW(name)                                             \
  int name(int fd) {                                           \
    usleep(5000);                                              \
    return ((int (*)(int))dlsym(RTLD_NEXT, #name))(fd);        \
  }
SLOW(fsync)
SLOW(fdatasync)
