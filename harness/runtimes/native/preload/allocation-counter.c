/* Every function of the C library that hands out or takes back a block, in front of the next one of its name. */
#include "preload.h"

#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <stdalign.h>
#include <string.h>
#include <unistd.h>

static struct {
  void *(*malloc)(size_t);
  void *(*calloc)(size_t, size_t);
  void *(*realloc)(void *, size_t);
  void (*free)(void *);
  void *(*memalign)(size_t, size_t);
  void *(*aligned_alloc)(size_t, size_t);
  int (*posix_memalign)(void **, size_t, size_t);
  void *(*valloc)(size_t);
  void *(*pvalloc)(size_t);
} next;

/* What dlsym itself allocates while it looks the functions up; never given back. */
static struct {
  alignas(16) char bytes[16384];
  size_t used;
} early;

static enum { unresolved, resolving, resolved } state;

static void *allocate_early(size_t bytes) {
  size_t rounded = (bytes + 15) & ~(size_t)15;
  if (rounded > sizeof early.bytes - early.used) return NULL;
  void *block = early.bytes + early.used;
  early.used += rounded;
  return block;
}

static int is_early(const void *block) {
  return (uintptr_t)block - (uintptr_t)early.bytes < sizeof early.bytes;
}

/* The dynamic linker calls malloc before the program has a second thread. */
static int resolve(void) {
  if (state == resolving) return 0;
  state = resolving;
  *(void **)&next.malloc = dlsym(RTLD_NEXT, "malloc");
  *(void **)&next.calloc = dlsym(RTLD_NEXT, "calloc");
  *(void **)&next.realloc = dlsym(RTLD_NEXT, "realloc");
  *(void **)&next.free = dlsym(RTLD_NEXT, "free");
  *(void **)&next.memalign = dlsym(RTLD_NEXT, "memalign");
  *(void **)&next.aligned_alloc = dlsym(RTLD_NEXT, "aligned_alloc");
  *(void **)&next.posix_memalign = dlsym(RTLD_NEXT, "posix_memalign");
  *(void **)&next.valloc = dlsym(RTLD_NEXT, "valloc");
  *(void **)&next.pvalloc = dlsym(RTLD_NEXT, "pvalloc");
  state = resolved;
  return 1;
}

static inline int is_usable(void) { return __builtin_expect(state == resolved, 1) || resolve(); }

static inline void *made(void *block) {
  if (block == NULL || inside) return block;
  size_t bytes = malloc_usable_size(block);
  count((int64_t)bytes, 1);
  remember_block(block, bytes);
  return block;
}

static inline void gone(void *block) {
  if (inside) return;
  count(-(int64_t)malloc_usable_size(block), -1);
  forget_block(block);
}

/* The allocator behind may map memory; that is not counted a second time. */
#define FROM_NEXT(call)       \
  ({                          \
    inside++;                 \
    void *handed_out = call;  \
    inside--;                 \
    made(handed_out);         \
  })

void *malloc(size_t bytes) {
  if (!is_usable()) return allocate_early(bytes);
  return FROM_NEXT(next.malloc(bytes));
}

void *calloc(size_t number, size_t bytes) {
  if (!is_usable()) return allocate_early(number * bytes);
  return FROM_NEXT(next.calloc(number, bytes));
}

void free(void *block) {
  if (block == NULL || is_early(block) || !is_usable()) return;
  gone(block);
  inside++;
  next.free(block);
  inside--;
}

/* Counted as gone before it is: as soon as it is, another thread may be given the same address. */
void *realloc(void *block, size_t bytes) {
  if (!is_usable()) return allocate_early(bytes);
  if (block != NULL && is_early(block)) {
    void *copy = malloc(bytes);
    size_t rest = (size_t)(early.bytes + sizeof early.bytes - (char *)block);
    return copy == NULL ? NULL : memcpy(copy, block, bytes < rest ? bytes : rest);
  }
  if (block != NULL) gone(block);
  void *moved = FROM_NEXT(next.realloc(block, bytes));
  if (moved == NULL && bytes != 0 && block != NULL) made(block);
  return moved;
}

void *reallocarray(void *block, size_t number, size_t bytes) {
  size_t total;
  if (__builtin_mul_overflow(number, bytes, &total)) {
    errno = ENOMEM;
    return NULL;
  }
  return realloc(block, total);
}

void *memalign(size_t alignment, size_t bytes) {
  if (!is_usable()) return NULL;
  return FROM_NEXT(next.memalign(alignment, bytes));
}

void *aligned_alloc(size_t alignment, size_t bytes) {
  if (!is_usable()) return NULL;
  return FROM_NEXT(next.aligned_alloc(alignment, bytes));
}

int posix_memalign(void **block, size_t alignment, size_t bytes) {
  if (!is_usable()) return ENOMEM;
  inside++;
  int error = next.posix_memalign(block, alignment, bytes);
  inside--;
  if (error == 0) made(*block);
  return error;
}

void *valloc(size_t bytes) {
  if (!is_usable()) return NULL;
  return FROM_NEXT(next.valloc(bytes));
}

void *pvalloc(size_t bytes) {
  if (!is_usable()) return NULL;
  return FROM_NEXT(next.pvalloc(bytes));
}

/* C23; where the C library has them, they need not call free. */
void free_sized(void *block, size_t bytes) {
  (void)bytes;
  free(block);
}

void free_aligned_sized(void *block, size_t alignment, size_t bytes) {
  (void)alignment, (void)bytes;
  free(block);
}
