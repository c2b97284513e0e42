/* The stack that made each live block, while plateau records. */
#include "preload.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <unwind.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct block_table blocks;
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

void remember_block(void *address, size_t bytes) {
  int32_t site = current_site();
  if (site < 0) return;
  lock_blocks();
  if (put_block(&blocks, (struct block){(uintptr_t)address, bytes, site}))
    change_site_locked(site, (int64_t)bytes, 1);
  else
    counters.header.unrecorded++;
  unlock_blocks();
}

void forget_block(void *address) {
  if (__atomic_load_n(&blocks.count, __ATOMIC_RELAXED) == 0) return;
  struct block taken;
  lock_blocks();
  if (take_block(&blocks, address, &taken)) change_site_locked(taken.site, -(int64_t)taken.bytes, -1);
  unlock_blocks();
}
