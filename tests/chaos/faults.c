/* Preloaded into processes of Loa: calls fail, the clock jumps and a process dies as a plan in shared memory says.
   The plan is written by faults.py; both sides know its layout. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

struct plan {
    int32_t error;     /* errno of the call that fails; 0: none does */
    int32_t is_short;  /* a write keeps half instead */
    int64_t ahead_s;   /* of the true time */
    char call[24];
    char home[96];     /* only below this folder */
    char word[96];     /* and only paths that contain this */
    char poison[32];   /* who writes this below scratch is killed */
};
static volatile struct plan *plan;

#define REAL(name) \
    static __typeof__(&name) real; \
    if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("CHAOS_PLAN");
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0) return;
    void *at = mmap(NULL, sizeof(struct plan), PROT_READ, MAP_SHARED, fd, 0);
    close(fd);
    if (at != MAP_FAILED) plan = at;
}

static int in_plan(const char *path) {
    return strstr(path, (char *)plan->home) && strstr(path, (char *)plan->word);
}

static int fails(const char *call, const char *path) {
    if (!plan || !plan->error || strcmp(call, (char *)plan->call) || !path || !in_plan(path)) return 0;
    errno = plan->error;
    return 1;
}

static const char *path_of(int fd) {
    static __thread char path[512];
    char link[32];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    path[length < 0 ? 0 : length] = 0;
    return path;
}

static int fails_fd(const char *call, int fd) {
    return plan && plan->error && !strcmp(call, (char *)plan->call) && fails(call, path_of(fd));
}

static void die_of_poison(int fd, const void *data, size_t size) {
    const char *poison = plan ? (char *)plan->poison : "";
    if (*poison && memmem(data, size, poison, strlen(poison)) && strstr(path_of(fd), "/loa-process-"))
        kill(getpid(), SIGKILL);
}

static size_t kept(size_t size) { return plan->is_short && size > 1 ? size / 2 : 0; }

ssize_t write(int fd, const void *data, size_t size) {
    REAL(write);
    die_of_poison(fd, data, size);
    if (!fails_fd("write", fd)) return real(fd, data, size);
    return kept(size) ? real(fd, data, kept(size)) : -1;
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
    REAL(pwrite);
    return fails_fd("write", fd) ? -1 : real(fd, data, size, at);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    REAL(pwrite64);
    return fails_fd("write", fd) ? -1 : real(fd, data, size, at);
}
ssize_t read(int fd, void *data, size_t size) {
    REAL(read);
    return fails_fd("read", fd) ? -1 : real(fd, data, size);
}
int fsync(int fd) {
    REAL(fsync);
    return fails_fd("fsync", fd) ? -1 : real(fd);
}
int fdatasync(int fd) {
    REAL(fdatasync);
    return fails_fd("fsync", fd) ? -1 : real(fd);
}
int rename(const char *from, const char *to) {
    REAL(rename);
    return fails("rename", to) ? -1 : real(from, to);
}
int mkdir(const char *path, mode_t mode) {
    REAL(mkdir);
    return fails("mkdir", path) ? -1 : real(path, mode);
}
int open(const char *path, int flags, ...) {
    REAL(open);
    va_list more;
    va_start(more, flags);
    mode_t mode = va_arg(more, mode_t);
    va_end(more);
    return fails("open", path) ? -1 : real(path, flags, mode);
}
int open64(const char *path, int flags, ...) {
    REAL(open64);
    va_list more;
    va_start(more, flags);
    mode_t mode = va_arg(more, mode_t);
    va_end(more);
    return fails("open", path) ? -1 : real(path, flags, mode);
}

int clock_gettime(clockid_t which, struct timespec *at) {
    REAL(clock_gettime);
    int outcome = real(which, at);
    if (!outcome && plan && which == CLOCK_REALTIME) at->tv_sec += plan->ahead_s;
    return outcome;
}
int gettimeofday(struct timeval *restrict at, void *restrict zone) {
    REAL(gettimeofday);
    int outcome = real(at, zone);
    if (!outcome && plan) at->tv_sec += plan->ahead_s;
    return outcome;
}
time_t time(time_t *at) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (at) *at = now.tv_sec;
    return now.tv_sec;
}
