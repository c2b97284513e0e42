/*
 * The stack that opened a descriptor or started a thread last, while plateau records. Which of them still live is read
 * from /proc: nothing is noted when they end.
 */
#include "preload.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

static int opened(int descriptor) {
  if (descriptor < 0 || descriptor >= DESCRIPTORS) return descriptor;
  int32_t site = current_site();
  if (site >= 0) recording->descriptor_site[descriptor] = (uint32_t)site + 1;
  return descriptor;
}

/* Defines a function that passes its arguments on and notes the descriptor that it returns. */
#define OPENER(name, parameters, ...)                               \
  int name parameters {                                             \
    static int(*next) parameters;                                   \
    if (next == NULL) *(void **)&next = dlsym(RTLD_NEXT, #name);    \
    return opened(next(__VA_ARGS__));                               \
  }

OPENER(socket, (int domain, int type, int protocol), domain, type, protocol)
OPENER(accept, (int socket, struct sockaddr *address, socklen_t *length), socket, address, length)
OPENER(accept4, (int socket, struct sockaddr *address, socklen_t *length, int flags), socket, address, length, flags)
OPENER(dup, (int descriptor), descriptor)
OPENER(dup2, (int descriptor, int wanted), descriptor, wanted)
OPENER(dup3, (int descriptor, int wanted, int flags), descriptor, wanted, flags)
OPENER(creat, (const char *path, mode_t mode), path, mode)
OPENER(creat64, (const char *path, mode_t mode), path, mode)
OPENER(eventfd, (unsigned value, int flags), value, flags)
OPENER(epoll_create, (int size), size)
OPENER(epoll_create1, (int flags), flags)
OPENER(timerfd_create, (clockid_t clock, int flags), clock, flags)
OPENER(inotify_init1, (int flags), flags)
OPENER(memfd_create, (const char *name, unsigned flags), name, flags)
OPENER(mkstemp, (char *pattern), pattern)
OPENER(mkostemp, (char *pattern, int flags), pattern, flags)

/* The mode is there only where a file may be created. */
#define OPENER_WITH_MODE(name, parameters, ...)                     \
  int name parameters {                                             \
    static int(*next) parameters;                                   \
    if (next == NULL) *(void **)&next = dlsym(RTLD_NEXT, #name);    \
    mode_t mode = 0;                                                \
    if ((flags & (O_CREAT | O_TMPFILE)) != 0) {                     \
      va_list rest;                                                 \
      va_start(rest, flags);                                        \
      mode = va_arg(rest, mode_t);                                  \
      va_end(rest);                                                 \
    }                                                               \
    return opened(next(__VA_ARGS__, flags, mode));                  \
  }

OPENER_WITH_MODE(open, (const char *path, int flags, ...), path)
OPENER_WITH_MODE(open64, (const char *path, int flags, ...), path)
OPENER_WITH_MODE(openat, (int directory, const char *path, int flags, ...), directory, path)
OPENER_WITH_MODE(openat64, (int directory, const char *path, int flags, ...), directory, path)

#define PAIR_OPENER(name, parameters, pair, ...)                    \
  int name parameters {                                             \
    static int(*next) parameters;                                   \
    if (next == NULL) *(void **)&next = dlsym(RTLD_NEXT, #name);    \
    int error = next(__VA_ARGS__);                                  \
    if (error == 0) opened(pair[0]), opened(pair[1]);               \
    return error;                                                   \
  }

PAIR_OPENER(pipe, (int pair[2]), pair, pair)
PAIR_OPENER(pipe2, (int pair[2], int flags), pair, pair, flags)
PAIR_OPENER(socketpair, (int domain, int type, int protocol, int pair[2]), pair, domain, type, protocol, pair)

#define STREAM_OPENER(stream, name, number, parameters, ...)        \
  stream *name parameters {                                         \
    static stream *(*next) parameters;                              \
    if (next == NULL) *(void **)&next = dlsym(RTLD_NEXT, #name);    \
    stream *made = next(__VA_ARGS__);                               \
    if (made != NULL) opened(number(made));                         \
    return made;                                                    \
  }

STREAM_OPENER(FILE, fopen, fileno, (const char *path, const char *mode), path, mode)
STREAM_OPENER(FILE, fopen64, fileno, (const char *path, const char *mode), path, mode)
STREAM_OPENER(FILE, tmpfile, fileno, (void))
STREAM_OPENER(FILE, popen, fileno, (const char *command, const char *mode), command, mode)
STREAM_OPENER(DIR, opendir, dirfd, (const char *path), path)

struct beginning {
  void *(*routine)(void *);
  void *argument;
  int32_t site;
};

static void *begin_thread(void *given) {
  struct beginning beginning = *(struct beginning *)given;
  inside++;
  free(given);
  inside--;
  uint32_t thread = (uint32_t)syscall(SYS_gettid);
  if (recording != NULL)
    recording->threads[thread % THREADS] = (struct thread_entry){thread, (uint32_t)beginning.site + 1};
  return beginning.routine(beginning.argument);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*routine)(void *), void *argument) {
  static int (*next)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
  if (next == NULL) *(void **)&next = dlsym(RTLD_NEXT, "pthread_create");
  int32_t site = current_site();
  inside++;
  struct beginning *beginning = site < 0 ? NULL : malloc(sizeof *beginning);
  inside--;
  if (beginning == NULL) return next(thread, attributes, routine, argument);
  *beginning = (struct beginning){routine, argument, site};
  return next(thread, attributes, begin_thread, beginning);
}
