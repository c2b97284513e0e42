/*
 * The stack that opened a descriptor, made a file or started a thread last, while plateau records. Which of them still
 * live is read from /proc and from the directory: nothing is noted when they end.
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
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

static int32_t opener_of(int descriptor) {
  if (descriptor < 0 || descriptor >= DESCRIPTORS) return -1;
  int32_t site = current_site();
  if (site >= 0) recording->descriptor_site[descriptor] = (uint32_t)site + 1;
  return site;
}

static int opened(int descriptor) {
  opener_of(descriptor);
  return descriptor;
}

/* Opened with leave to make the file. */
static int made(int descriptor) {
  int32_t site = opener_of(descriptor);
  int error = errno;
  struct stat file;
  if (site >= 0 && fstat(descriptor, &file) == 0)
    recording->files[file.st_ino % FILES] = (struct file_entry){file.st_ino, (uint64_t)site + 1};
  errno = error;
  return descriptor;
}

/* Defines a function that passes its arguments on and notes the descriptor that it returns. */
#define NOTING(note, name, parameters, ...)                         \
  int name parameters {                                             \
    static int(*next) parameters;                                   \
    if (next == NULL) *(void **)&next = dlsym(RTLD_NEXT, #name);    \
    return note(next(__VA_ARGS__));                                 \
  }
#define OPENER(name, parameters, ...) NOTING(opened, name, parameters, __VA_ARGS__)
#define MAKER(name, parameters, ...) NOTING(made, name, parameters, __VA_ARGS__)

OPENER(socket, (int domain, int type, int protocol), domain, type, protocol)
OPENER(accept, (int socket, struct sockaddr *address, socklen_t *length), socket, address, length)
OPENER(accept4, (int socket, struct sockaddr *address, socklen_t *length, int flags), socket, address, length, flags)
OPENER(dup, (int descriptor), descriptor)
OPENER(dup2, (int descriptor, int wanted), descriptor, wanted)
OPENER(dup3, (int descriptor, int wanted, int flags), descriptor, wanted, flags)
MAKER(creat, (const char *path, mode_t mode), path, mode)
MAKER(creat64, (const char *path, mode_t mode), path, mode)
OPENER(eventfd, (unsigned value, int flags), value, flags)
OPENER(epoll_create, (int size), size)
OPENER(epoll_create1, (int flags), flags)
OPENER(timerfd_create, (clockid_t clock, int flags), clock, flags)
OPENER(inotify_init1, (int flags), flags)
OPENER(memfd_create, (const char *name, unsigned flags), name, flags)
MAKER(mkstemp, (char *pattern), pattern)
MAKER(mkostemp, (char *pattern, int flags), pattern, flags)

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
    int descriptor = next(__VA_ARGS__, flags, mode);                \
    return (flags & O_CREAT) != 0 ? made(descriptor) : opened(descriptor); \
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

#define STREAM(note, stream, name, number, parameters, ...)         \
  stream *name parameters {                                         \
    static stream *(*next) parameters;                              \
    if (next == NULL) *(void **)&next = dlsym(RTLD_NEXT, #name);    \
    stream *opened_stream = next(__VA_ARGS__);                      \
    if (opened_stream != NULL) note(number(opened_stream));         \
    return opened_stream;                                           \
  }

/* What is opened for reading has to be there. */
#define AS_WANTED(descriptor) (mode[0] == 'r' ? opened(descriptor) : made(descriptor))

STREAM(AS_WANTED, FILE, fopen, fileno, (const char *path, const char *mode), path, mode)
STREAM(AS_WANTED, FILE, fopen64, fileno, (const char *path, const char *mode), path, mode)
STREAM(opened, FILE, tmpfile, fileno, (void))
STREAM(opened, FILE, popen, fileno, (const char *command, const char *mode), command, mode)
STREAM(opened, DIR, opendir, dirfd, (const char *path), path)

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
