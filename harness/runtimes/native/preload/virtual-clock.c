/*
 * The clocks of the C library, ahead of real time by what a file says, and waits that end when those clocks say so.
 * A wait is made of short ones: none of them has to be woken when the clocks are moved on.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define NANOSECONDS 1000000000LL
/* So soon a wait notices that the clocks were moved on; ten looks a second cost nothing that can be measured. */
#define SLICE (NANOSECONDS / 10)
/* No machine runs for thirty years: later times are dates. */
#define DATES_FROM NANOSECONDS

static const int64_t zero;
static const volatile int64_t *ahead = &zero;

#define REAL(name)                                   \
  static __typeof__(name) *real;                     \
  if (real == NULL) real = (__typeof__(name) *)find(#name)

/* Of waits on conditions there are two versions, of which the older one keeps something else in the same bytes. */
static void *find(const char *name) {
  void *found = dlvsym(RTLD_NEXT, name, "GLIBC_2.3.2");
  return found != NULL ? found : dlsym(RTLD_NEXT, name);
}

__attribute__((constructor)) static void open_clock(void) {
  const char *path = getenv("PLATEAU_CLOCK");
  int file = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  void *mapped = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
  if (mapped != MAP_FAILED) ahead = mapped;
  close(file);
}

static int64_t ahead_by(void) { return __atomic_load_n(ahead, __ATOMIC_RELAXED); }

static int64_t nanoseconds(const struct timespec *time) { return time->tv_sec * NANOSECONDS + time->tv_nsec; }

static struct timespec timespec_of(int64_t time) {
  if (time < 0) time = 0;
  return (struct timespec){.tv_sec = time / NANOSECONDS, .tv_nsec = time % NANOSECONDS};
}

static int moves(clockid_t clock) {
  return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC || clock == CLOCK_MONOTONIC_RAW ||
         clock == CLOCK_REALTIME_COARSE || clock == CLOCK_MONOTONIC_COARSE || clock == CLOCK_BOOTTIME;
}

static int64_t real_now(clockid_t clock) {
  REAL(clock_gettime);
  struct timespec now;
  real(clock, &now);
  return nanoseconds(&now);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  REAL(clock_gettime);
  int result = real(clock, now);
  if (result == 0 && ahead_by() != 0 && moves(clock)) *now = timespec_of(nanoseconds(now) + ahead_by());
  return result;
}

int timespec_get(struct timespec *now, int base) {
  return base == TIME_UTC && clock_gettime(CLOCK_REALTIME, now) == 0 ? base : 0;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  (void)zone;
  int64_t time = real_now(CLOCK_REALTIME) + ahead_by();
  now->tv_sec = time / NANOSECONDS;
  now->tv_usec = time % NANOSECONDS / 1000;
  return 0;
}

time_t time(time_t *out) {
  time_t now = (real_now(CLOCK_REALTIME) + ahead_by()) / NANOSECONDS;
  if (out != NULL) *out = now;
  return now;
}

/* Until when a wait lasts, on the moved monotonic clock. */
static int64_t end_after(int64_t wait) { return real_now(CLOCK_MONOTONIC) + ahead_by() + wait; }

/* What is left of it, and at most a slice; 0 when it is over. */
static int64_t next_slice(int64_t end) {
  int64_t left = end - real_now(CLOCK_MONOTONIC) - ahead_by();
  return left <= 0 ? 0 : left < SLICE ? left : SLICE;
}

static int sleep_until(int64_t end, struct timespec *left) {
  REAL(nanosleep);
  for (int64_t slice = next_slice(end); slice > 0; slice = next_slice(end)) {
    struct timespec wait = timespec_of(slice);
    if (real(&wait, NULL) != 0) {
      if (left != NULL) *left = timespec_of(end - real_now(CLOCK_MONOTONIC) - ahead_by());
      return errno;
    }
  }
  return 0;
}

int nanosleep(const struct timespec *wait, struct timespec *left) {
  int error = wait->tv_nsec < 0 || wait->tv_nsec >= NANOSECONDS || wait->tv_sec < 0
                  ? EINVAL
                  : sleep_until(end_after(nanoseconds(wait)), left);
  if (error != 0) errno = error;
  return error == 0 ? 0 : -1;
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *wait, struct timespec *left) {
  REAL(clock_nanosleep);
  if (!moves(clock) || wait->tv_nsec < 0 || wait->tv_nsec >= NANOSECONDS) return real(clock, flags, wait, left);
  int64_t for_long = nanoseconds(wait);
  if ((flags & TIMER_ABSTIME) == 0) return sleep_until(end_after(for_long), left);
  return sleep_until(end_after(for_long - real_now(clock) - ahead_by()), NULL);
}

unsigned int sleep(unsigned int seconds) {
  struct timespec left = {0};
  struct timespec wait = {.tv_sec = seconds};
  return nanosleep(&wait, &left) == 0 ? 0 : left.tv_sec + (left.tv_nsec > 0);
}

int usleep(useconds_t microseconds) {
  struct timespec wait = timespec_of(microseconds * 1000LL);
  return nanosleep(&wait, NULL);
}

/* Until something has come, or an error, or the end; `wait` in ns, below 0 for ever. */
#define IN_SLICES(wait, call)                                                                 \
  int64_t end = end_after(wait);                                                              \
  for (;;) {                                                                                  \
    int64_t slice = next_slice(end);                                                          \
    int result = call;                                                                        \
    if (result != 0 || slice == 0) return result;                                             \
  }

/* A slice in ms, rounded up: one of 0 would not wait. */
#define MILLISECONDS(slice) ((int)(((slice) + 999999) / 1000000))

int poll(struct pollfd *files, nfds_t count, int wait) {
  REAL(poll);
  if (wait <= 0) return real(files, count, wait);
  IN_SLICES(wait * 1000000LL, real(files, count, MILLISECONDS(slice)))
}

int ppoll(struct pollfd *files, nfds_t count, const struct timespec *wait, const sigset_t *mask) {
  REAL(ppoll);
  if (wait == NULL) return real(files, count, wait, mask);
  IN_SLICES(nanoseconds(wait), ({
              struct timespec part = timespec_of(slice);
              real(files, count, &part, mask);
            }))
}

int epoll_wait(int epoll, struct epoll_event *events, int most, int wait) {
  REAL(epoll_wait);
  if (wait <= 0) return real(epoll, events, most, wait);
  IN_SLICES(wait * 1000000LL, real(epoll, events, most, MILLISECONDS(slice)))
}

int epoll_pwait(int epoll, struct epoll_event *events, int most, int wait, const sigset_t *mask) {
  REAL(epoll_pwait);
  if (wait <= 0) return real(epoll, events, most, wait, mask);
  IN_SLICES(wait * 1000000LL, real(epoll, events, most, MILLISECONDS(slice), mask))
}

/* What was asked for is lost with each look. */
int select(int count, fd_set *restrict reading, fd_set *restrict writing, fd_set *restrict failing,
           struct timeval *restrict wait) {
  REAL(select);
  if (wait == NULL) return real(count, reading, writing, failing, wait);
  fd_set wanted[3];
  fd_set *sets[3] = {reading, writing, failing};
  for (int set = 0; set < 3; set++)
    if (sets[set] != NULL) wanted[set] = *sets[set];
  IN_SLICES(wait->tv_sec * NANOSECONDS + wait->tv_usec * 1000LL, ({
              struct timeval part = {.tv_usec = (slice + 999) / 1000};
              for (int set = 0; set < 3; set++)
                if (sets[set] != NULL) *sets[set] = wanted[set];
              real(count, reading, writing, failing, &part);
            }))
}

/* Which clock a time is of. */
static clockid_t clock_of(const struct timespec *until) {
  return until->tv_sec > DATES_FROM ? CLOCK_REALTIME : CLOCK_MONOTONIC;
}

/* A time on the moved clock as real time, and at most a slice from now; `is_cut` where it is less far than asked for. */
static struct timespec real_until(clockid_t clock, const struct timespec *until, int *is_cut) {
  int64_t wanted = nanoseconds(until) - ahead_by();
  int64_t most = real_now(clock) + SLICE;
  *is_cut = wanted > most;
  return timespec_of(*is_cut ? most : wanted);
}

/* Who waits for a condition must expect to be woken without one. */
int pthread_cond_timedwait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex,
                           const struct timespec *restrict until) {
  REAL(pthread_cond_timedwait);
  int is_cut;
  struct timespec part = real_until(clock_of(until), until, &is_cut);
  int result = real(condition, mutex, &part);
  return result == ETIMEDOUT && is_cut ? 0 : result;
}

int pthread_cond_clockwait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex, clockid_t clock,
                           const struct timespec *restrict until) {
  REAL(pthread_cond_clockwait);
  int is_cut;
  struct timespec part = real_until(clock, until, &is_cut);
  int result = real(condition, mutex, clock, &part);
  return result == ETIMEDOUT && is_cut ? 0 : result;
}

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict until) {
  REAL(sem_timedwait);
  for (;;) {
    int is_cut;
    struct timespec part = real_until(CLOCK_REALTIME, until, &is_cut);
    int result = real(semaphore, &part);
    if (result == 0 || errno != ETIMEDOUT || !is_cut) return result;
  }
}

int sem_clockwait(sem_t *restrict semaphore, clockid_t clock, const struct timespec *restrict until) {
  REAL(sem_clockwait);
  for (;;) {
    int is_cut;
    struct timespec part = real_until(clock, until, &is_cut);
    int result = real(semaphore, clock, &part);
    if (result == 0 || errno != ETIMEDOUT || !is_cut) return result;
  }
}

int pthread_mutex_timedlock(pthread_mutex_t *restrict mutex, const struct timespec *restrict until) {
  REAL(pthread_mutex_timedlock);
  struct timespec part = timespec_of(nanoseconds(until) - ahead_by());
  return real(mutex, &part);
}
