// A disk that can be told to fail, to stall, and to remember, for tests: preloaded into a process, it stands between that
// process and the files under one folder. disk.ts says how it is steered and reads what it remembers.
//
//   LEADLIGHT_TEST_DISK          the folder; every other file is left alone
//   LEADLIGHT_TEST_DISK_CONTROL  a file of one `struct control`, shared with whoever steers
//   LEADLIGHT_TEST_DISK_LOG      where every change is remembered, in order; optional
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum mode { HEALTHY, FULL, READ_ONLY, STALLED };

struct control {
  uint32_t mode;
  int32_t countdown; // the so-manieth call from now fails; 0 is none
  int32_t error;     // with this errno
  uint32_t sticky;   // and, if set, every one after it
  uint32_t calls;    // that could have failed, so far
};

enum kind { OPEN = 1, WRITE, SYNC, TRUNCATE, UNLINK, MAKE_FOLDER };

// What precedes each record's data in the log: little-endian, no padding between the fields.
struct record {
  uint32_t kind;
  int32_t fd;
  uint64_t offset;
  uint64_t length;
};

#define FDS 4096
static struct { dev_t dev; ino_t ino; } tracked[FDS];

static struct control healthy;
static volatile struct control *control = &healthy;
static const char *folder;
static int log_fd = -1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) ((__typeof__(&name))real(#name))
static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void start(void) {
  folder = getenv("LEADLIGHT_TEST_DISK");
  const char *steered = getenv("LEADLIGHT_TEST_DISK_CONTROL");
  const char *log = getenv("LEADLIGHT_TEST_DISK_LOG");
  if (steered) {
    int fd = REAL(open)(steered, O_RDWR | O_CLOEXEC);
    void *page = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (page != MAP_FAILED) control = page;
  }
  if (log) log_fd = REAL(open)(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int ours(const char *path) {
  if (!folder || !path || strncmp(path, folder, strlen(folder)) != 0) return 0;
  char next = path[strlen(folder)];
  return next == '/' || next == 0;
}

/** A descriptor may have been closed and taken for something else since. */
static int known(int fd) {
  struct stat now;
  if (fd < 0 || fd >= FDS || tracked[fd].ino == 0 || fstat(fd, &now) != 0) return 0;
  return now.st_ino == tracked[fd].ino && now.st_dev == tracked[fd].dev;
}

static void remember(enum kind kind, int fd, uint64_t offset, const void *data, uint64_t length) {
  if (log_fd < 0) return;
  struct record head = { kind, fd, offset, length };
  struct iovec parts[] = { { &head, sizeof head }, { (void *)data, length } };
  if (REAL(writev)(log_fd, parts, 2) != (ssize_t)(sizeof head + length)) abort();
}

/** 0, or the errno that this call fails with. `grows` says whether it needs room. */
static int fault(int grows) {
  while (control->mode == STALLED) usleep(1000);
  __atomic_add_fetch(&control->calls, 1, __ATOMIC_SEQ_CST);
  if (control->countdown > 0) {
    int left = __atomic_sub_fetch(&control->countdown, 1, __ATOMIC_SEQ_CST);
    if (left == 0) {
      if (control->sticky) control->countdown = 1;
      return control->error;
    }
  }
  if (control->mode == READ_ONLY) return EROFS;
  if (control->mode == FULL && grows) return ENOSPC;
  return 0;
}

#define FAIL_IF(grows) do { int code = fault(grows); if (code) { errno = code; return -1; } } while (0)

static int opened(int fd, const char *path, int created) {
  struct stat now;
  if (fd < 0 || fd >= FDS || fstat(fd, &now) != 0) return fd;
  tracked[fd].dev = now.st_dev;
  tracked[fd].ino = now.st_ino;
  pthread_mutex_lock(&lock);
  remember(OPEN, fd, created, path, strlen(path));
  pthread_mutex_unlock(&lock);
  return fd;
}

static int open_one(const char *path, int flags, mode_t mode) {
  if (!ours(path)) return REAL(open)(path, flags, mode);
  struct stat before;
  int missing = (flags & O_CREAT) && stat(path, &before) != 0;
  if (missing) FAIL_IF(1);
  return opened(REAL(open)(path, flags, mode), path, missing || (flags & O_TRUNC));
}

static mode_t mode_of(int flags, va_list rest) { return flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; }

#define OPEN_LIKE(name)                          \
  int name(const char *path, int flags, ...) {   \
    va_list rest;                                \
    va_start(rest, flags);                       \
    mode_t mode = mode_of(flags, rest);          \
    va_end(rest);                                \
    return open_one(path, flags, mode);          \
  }
OPEN_LIKE(open)
OPEN_LIKE(open64)

#define OPENAT_LIKE(name)                                                     \
  int name(int at, const char *path, int flags, ...) {                        \
    va_list rest;                                                             \
    va_start(rest, flags);                                                    \
    mode_t mode = mode_of(flags, rest);                                       \
    va_end(rest);                                                             \
    return ours(path) ? open_one(path, flags, mode) : REAL(openat)(at, path, flags, mode); \
  }
OPENAT_LIKE(openat)
OPENAT_LIKE(openat64)

static int grows(int fd, off_t end) {
  struct stat now;
  return fstat(fd, &now) == 0 && end > now.st_size;
}

static ssize_t write_at(int fd, const void *data, size_t length, off_t offset) {
  FAIL_IF(grows(fd, offset + (off_t)length));
  pthread_mutex_lock(&lock);
  ssize_t written = REAL(pwrite)(fd, data, length, offset);
  if (written > 0) remember(WRITE, fd, offset, data, written);
  pthread_mutex_unlock(&lock);
  return written;
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) {
  return known(fd) ? write_at(fd, data, length, offset) : REAL(pwrite)(fd, data, length, offset);
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset) {
  return known(fd) ? write_at(fd, data, length, offset) : REAL(pwrite64)(fd, data, length, offset);
}

ssize_t write(int fd, const void *data, size_t length) {
  if (!known(fd)) return REAL(write)(fd, data, length);
  off_t at = lseek(fd, 0, SEEK_CUR);
  FAIL_IF(grows(fd, at + (off_t)length));
  pthread_mutex_lock(&lock);
  ssize_t written = REAL(write)(fd, data, length);
  if (written > 0) remember(WRITE, fd, at, data, written);
  pthread_mutex_unlock(&lock);
  return written;
}

// Noted when it has returned: only then is what was written before it safe.
static int sync_with(int (*flush)(int), int fd) {
  if (!known(fd)) return flush(fd);
  FAIL_IF(0);
  int result = flush(fd);
  pthread_mutex_lock(&lock);
  if (result == 0) remember(SYNC, fd, 0, NULL, 0);
  pthread_mutex_unlock(&lock);
  return result;
}

int fsync(int fd) { return sync_with(REAL(fsync), fd); }
int fdatasync(int fd) { return sync_with(REAL(fdatasync), fd); }

static int truncate_to(int fd, off_t size) {
  FAIL_IF(grows(fd, size));
  pthread_mutex_lock(&lock);
  int result = REAL(ftruncate)(fd, size);
  if (result == 0) remember(TRUNCATE, fd, size, NULL, 0);
  pthread_mutex_unlock(&lock);
  return result;
}

int ftruncate(int fd, off_t size) { return known(fd) ? truncate_to(fd, size) : REAL(ftruncate)(fd, size); }
int ftruncate64(int fd, off64_t size) { return known(fd) ? truncate_to(fd, size) : REAL(ftruncate64)(fd, size); }

int unlink(const char *path) {
  if (!ours(path)) return REAL(unlink)(path);
  FAIL_IF(0);
  pthread_mutex_lock(&lock);
  int result = REAL(unlink)(path);
  if (result == 0) remember(UNLINK, -1, 0, path, strlen(path));
  pthread_mutex_unlock(&lock);
  return result;
}

// Nothing renames files here; whatever begins to must be taught to disk.ts and replay.ts first.
int rename(const char *from, const char *to) {
  if (ours(from)) abort();
  return REAL(rename)(from, to);
}

int mkdir(const char *path, mode_t mode) {
  if (!ours(path)) return REAL(mkdir)(path, mode);
  FAIL_IF(1);
  int result = REAL(mkdir)(path, mode);
  pthread_mutex_lock(&lock);
  if (result == 0) remember(MAKE_FOLDER, -1, 0, path, strlen(path));
  pthread_mutex_unlock(&lock);
  return result;
}
