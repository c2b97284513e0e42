/* The counters, the file that shows them to plateau, and what becomes of both in a forked child. */
#include "preload.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef RECORDING
#define FILE_BYTES (COUNTERS_BYTES + sizeof(struct recording))
struct recording *recording;
#else
#define FILE_BYTES COUNTERS_BYTES
#endif

/* Private memory first, so that what is allocated before the constructor counts; then the file is mapped over it. */
struct counters counters __attribute__((aligned(COUNTERS_BYTES)));
__thread int inside;

static __thread struct slot *own_slot;
static atomic_bool claimed[SLOTS];
static pthread_key_t thread_end;
static atomic_bool is_ready;
static char directory[4000];
static char path[4096];

/* A thread that ends gives its slot to the next; what it frees after that is counted in the shared one. */
static void release_slot(void *slot) {
  atomic_store(&claimed[(struct slot *)slot - counters.slots], 0);
  own_slot = &counters.slots[0];
}

static struct slot *claim_slot(void) {
  if (!atomic_load(&is_ready)) return &counters.slots[0];
  own_slot = &counters.slots[0];
  for (uint64_t index = 1; index < SLOTS; index++) {
    if (atomic_load_explicit(&claimed[index], memory_order_relaxed) || atomic_exchange(&claimed[index], 1)) continue;
    own_slot = &counters.slots[index];
    uint64_t used = __atomic_load_n(&counters.header.slots_used, __ATOMIC_RELAXED);
    while (used <= index && !__atomic_compare_exchange_n(&counters.header.slots_used, &used, index + 1, 1,
                                                         __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
    }
    pthread_setspecific(thread_end, own_slot);
    break;
  }
  return own_slot;
}

/* Only its thread writes to a slot: a store without a lock, which another process may read at any time. */
static void add(int64_t *value, int64_t change) {
  __atomic_store_n(value, __atomic_load_n(value, __ATOMIC_RELAXED) + change, __ATOMIC_RELAXED);
}

void count(int64_t bytes, int64_t blocks) {
  struct slot *slot = own_slot != NULL ? own_slot : claim_slot();
  if (__builtin_expect(slot == &counters.slots[0], 0)) {
    __atomic_fetch_add(&slot->live_bytes, bytes, __ATOMIC_RELAXED);
    __atomic_fetch_add(&slot->live_blocks, blocks, __ATOMIC_RELAXED);
    if (bytes > 0) __atomic_fetch_add(&slot->allocated_bytes, bytes, __ATOMIC_RELAXED);
    return;
  }
  add(&slot->live_bytes, bytes);
  add(&slot->live_blocks, blocks);
  if (bytes > 0) add(&slot->allocated_bytes, bytes);
}

void count_mapping(int64_t bytes, int64_t blocks) {
  count(bytes, blocks);
  __atomic_fetch_add(&(own_slot != NULL ? own_slot : &counters.slots[0])->mapped_bytes, bytes, __ATOMIC_RELAXED);
}

static void *map(size_t bytes, int flags, int file, off_t offset) {
  long address = syscall(SYS_mmap, NULL, bytes, PROT_READ | PROT_WRITE, flags, file, offset);
  return address == -1 ? NULL : (void *)address;
}

/* A new file of this process, or private memory where none can be made: a child never writes into its parent's. */
static int create_file(void) {
  int length = snprintf(path, sizeof path, "%s/allocations-%d", directory, (int)getpid());
  if (directory[0] == 0 || length >= (int)sizeof path) return -1;
  int flags = O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW;
  int file = (int)syscall(SYS_openat, AT_FDCWD, path, flags, 0600);
  if (file >= 0 && ftruncate(file, FILE_BYTES) != 0) {
    close(file);
    return -1;
  }
  return file;
}

static void show_counters(void) {
  int file = create_file();
  int flags = file < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED;
  struct counters *shown = map(COUNTERS_BYTES, flags, file, 0);
  if (shown != NULL) {
    memcpy(shown, &counters, sizeof(struct header) + counters.header.slots_used * sizeof(struct slot));
    shown->header.pid = (uint64_t)getpid();
    syscall(SYS_mremap, shown, COUNTERS_BYTES, COUNTERS_BYTES, MREMAP_MAYMOVE | MREMAP_FIXED, &counters);
  }
#ifdef RECORDING
  struct recording *before = recording;
  recording = map(sizeof(struct recording), flags, file, COUNTERS_BYTES);
  if (before != NULL && recording != NULL) {
    memcpy(recording->descriptor_site, before->descriptor_site, sizeof before->descriptor_site);
    memcpy(recording->sites, before->sites, counters.header.site_count * sizeof(struct site));
    syscall(SYS_munmap, before, sizeof(struct recording));
  }
#endif
  if (file >= 0) close(file);
}

/* Of threads that the child does not have, slots keep their sums and become free. */
static void continue_in_child(void) {
  unlock_linked();
  unlock_blocks();
  unlock_regions();
  for (int index = 1; index < SLOTS; index++) atomic_store(&claimed[index], own_slot == &counters.slots[index]);
  show_counters();
}

static void before_fork(void) {
  lock_regions();
  lock_blocks();
  lock_linked();
}

static void continue_in_parent(void) {
  unlock_linked();
  unlock_blocks();
  unlock_regions();
}

__attribute__((constructor(101))) static void start(void) {
  const char *wanted = getenv("PLATEAU_ALLOCATIONS");
  if (wanted != NULL && wanted[0] == '/' && strlen(wanted) < sizeof directory) strcpy(directory, wanted);
  memcpy(counters.header.magic, MAGIC, sizeof counters.header.magic);
  counters.header.slots_used = 1;
  counters.header.recording = getenv("PLATEAU_RECORD") != NULL;
  show_counters();
  if (pthread_key_create(&thread_end, release_slot) == 0) atomic_store(&is_ready, 1);
  pthread_atfork(before_fork, continue_in_parent, continue_in_child);
}

/* A child made by vfork still runs in its parent's memory: the file is not its own. */
static void remove_file(void) {
  if (path[0] != 0 && counters.header.pid == (uint64_t)getpid()) unlink(path);
}

__attribute__((destructor(101))) static void end(void) { remove_file(); }

/* Forked children end this way, without destructors. */
void _exit(int code) {
  remove_file();
  for (;;) syscall(SYS_exit_group, code);
}

void _Exit(int code) { _exit(code); }
