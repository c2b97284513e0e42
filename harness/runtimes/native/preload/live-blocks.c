/* The stack that made each live block, while plateau records. */
#include "preload.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <unwind.h>

struct block {
  uintptr_t address; /* 0: free */
  size_t bytes;
  int32_t site;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
/* Open addressing with linear probing; at most half full. */
static struct block *blocks;
static size_t block_count, block_capacity;
/* Index + 1 of a site by the hash of its stack. */
static uint32_t site_of_hash[2 * SITES];

void lock_blocks(void) { pthread_mutex_lock(&lock); }
void unlock_blocks(void) { pthread_mutex_unlock(&lock); }

static _Unwind_Reason_Code take_frame(struct _Unwind_Context *context, void *argument) {
  struct site *site = argument;
  uintptr_t address = _Unwind_GetIP(context);
  if (address == 0) return _URC_END_OF_STACK;
  site->stack[site->depth++] = address;
  return site->depth == STACK_DEPTH ? _URC_END_OF_STACK : _URC_NO_REASON;
}

static uint64_t hash_of(const struct site *site) {
  uint64_t hash = 0xcbf29ce484222325;
  for (uint64_t index = 0; index < site->depth; index++) hash = (hash ^ site->stack[index]) * 0x100000001b3;
  return hash ^ hash >> 32;
}

/* Number of the site with this stack, made where it is new; -1 when there is no place left. Holds the lock. */
static int32_t find_site(const struct site *seen) {
  size_t mask = 2 * SITES - 1, at = hash_of(seen) & mask;
  for (; site_of_hash[at] != 0; at = (at + 1) & mask) {
    struct site *known = &recording->sites[site_of_hash[at] - 1];
    size_t bytes = seen->depth * sizeof seen->stack[0];
    if (known->depth == seen->depth && memcmp(known->stack, seen->stack, bytes) == 0) return site_of_hash[at] - 1;
  }
  uint64_t number = counters.header.site_count;
  if (number == SITES) return -1;
  struct site *site = &recording->sites[number];
  site->depth = seen->depth;
  memcpy(site->stack, seen->stack, seen->depth * sizeof seen->stack[0]);
  site_of_hash[at] = number + 1;
  __atomic_store_n(&counters.header.site_count, number + 1, __ATOMIC_RELEASE);
  return number;
}

static int is_recording(void) {
  return __atomic_load_n(&counters.header.recording, __ATOMIC_RELAXED) != 0 && recording != NULL;
}

int32_t current_site(void) {
  if (!is_recording() || inside) return -1;
  int error = errno;
  struct site seen = {.depth = 0};
  inside++;
  _Unwind_Backtrace(take_frame, &seen);
  inside--;
  lock_blocks();
  int32_t site = find_site(&seen);
  if (site < 0) counters.header.unrecorded++;
  unlock_blocks();
  errno = error;
  return site;
}

static void change_site_locked(int32_t site, int64_t bytes, int64_t number) {
  struct site *changed = &recording->sites[site];
  __atomic_store_n(&changed->bytes, changed->bytes + bytes, __ATOMIC_RELAXED);
  __atomic_store_n(&changed->blocks, changed->blocks + number, __ATOMIC_RELAXED);
  if (number > 0) __atomic_store_n(&changed->made, changed->made + (uint64_t)number, __ATOMIC_RELAXED);
}

void change_site(int32_t site, int64_t bytes, int64_t number) {
  if (site < 0) return;
  lock_blocks();
  change_site_locked(site, bytes, number);
  unlock_blocks();
}

static size_t home_of(uintptr_t address) {
  return (address >> 4) * 0x9e3779b97f4a7c15 >> 20 & (block_capacity - 1);
}

static void place(struct block block) {
  size_t at = home_of(block.address);
  while (blocks[at].address != 0) at = (at + 1) & (block_capacity - 1);
  blocks[at] = block;
}

static int has_room(void) {
  if (2 * block_count < block_capacity) return 1;
  size_t capacity = block_capacity, larger = capacity == 0 ? 65536 : 2 * capacity;
  struct block *old = blocks;
  int flags = MAP_PRIVATE | MAP_ANONYMOUS;
  void *mapped = (void *)syscall(SYS_mmap, NULL, larger * sizeof(struct block), PROT_READ | PROT_WRITE, flags, -1, 0);
  if (mapped == MAP_FAILED) return 0;
  blocks = mapped;
  block_capacity = larger;
  for (size_t index = 0; index < capacity; index++)
    if (old[index].address != 0) place(old[index]);
  if (old != NULL) syscall(SYS_munmap, old, capacity * sizeof(struct block));
  return 1;
}

void remember_block(void *address, size_t bytes) {
  int32_t site = current_site();
  if (site < 0) return;
  lock_blocks();
  if (has_room()) {
    place((struct block){(uintptr_t)address, bytes, site});
    block_count++;
    change_site_locked(site, (int64_t)bytes, 1);
  } else {
    counters.header.unrecorded++;
  }
  unlock_blocks();
}

/* What stands behind moves up, so that a search may end at the first free place. */
static void close_gap(size_t gap) {
  size_t mask = block_capacity - 1;
  for (size_t at = (gap + 1) & mask; blocks[at].address != 0; at = (at + 1) & mask) {
    size_t home = home_of(blocks[at].address);
    if (((at - home) & mask) < ((at - gap) & mask)) continue;
    blocks[gap] = blocks[at];
    gap = at;
  }
  blocks[gap].address = 0;
}

void forget_block(void *address) {
  if (__atomic_load_n(&block_count, __ATOMIC_RELAXED) == 0) return;
  lock_blocks();
  for (size_t at = home_of((uintptr_t)address); blocks[at].address != 0; at = (at + 1) & (block_capacity - 1)) {
    if (blocks[at].address != (uintptr_t)address) continue;
    change_site_locked(blocks[at].site, -(int64_t)blocks[at].bytes, -1);
    close_gap(at);
    block_count--;
    break;
  }
  unlock_blocks();
}
