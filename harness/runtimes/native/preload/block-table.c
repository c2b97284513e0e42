/* Live blocks by their address: open addressing with linear probing, at most half full. Whoever owns a table locks it. */
#include "preload.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static size_t home_of(const struct block_table *table, uintptr_t address) {
  return (address >> 4) * 0x9e3779b97f4a7c15 >> 20 & (table->capacity - 1);
}

/* Where a block of this address lies or would lie. */
static size_t place_of(const struct block_table *table, uintptr_t address) {
  size_t at = home_of(table, address);
  while (table->blocks[at].address != 0 && table->blocks[at].address != address) at = (at + 1) & (table->capacity - 1);
  return at;
}

static int has_room(struct block_table *table) {
  if (2 * table->count < table->capacity) return 1;
  struct block_table larger = {.count = table->count, .capacity = table->capacity == 0 ? 65536 : 2 * table->capacity};
  int flags = MAP_PRIVATE | MAP_ANONYMOUS;
  size_t bytes = larger.capacity * sizeof(struct block);
  larger.blocks = (void *)syscall(SYS_mmap, NULL, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
  if ((void *)larger.blocks == MAP_FAILED) return 0;
  for (size_t index = 0; index < table->capacity; index++)
    if (table->blocks[index].address != 0)
      larger.blocks[place_of(&larger, table->blocks[index].address)] = table->blocks[index];
  if (table->blocks != NULL) syscall(SYS_munmap, table->blocks, table->capacity * sizeof(struct block));
  *table = larger;
  return 1;
}

int put_block(struct block_table *table, struct block block) {
  if (!has_room(table)) return 0;
  struct block *place = &table->blocks[place_of(table, block.address)];
  if (place->address == 0) __atomic_store_n(&table->count, table->count + 1, __ATOMIC_RELAXED);
  *place = block;
  return 1;
}

/* What stands behind moves up, so that a search may end at the first free place. */
static void close_gap(struct block_table *table, size_t gap) {
  size_t mask = table->capacity - 1;
  for (size_t at = (gap + 1) & mask; table->blocks[at].address != 0; at = (at + 1) & mask) {
    size_t home = home_of(table, table->blocks[at].address);
    if (((at - home) & mask) < ((at - gap) & mask)) continue;
    table->blocks[gap] = table->blocks[at];
    gap = at;
  }
  table->blocks[gap].address = 0;
}

int take_block(struct block_table *table, const void *address, struct block *taken) {
  if (table->count == 0) return 0;
  size_t at = place_of(table, (uintptr_t)address);
  if (table->blocks[at].address == 0) return 0;
  *taken = table->blocks[at];
  close_gap(table, at);
  __atomic_store_n(&table->count, table->count - 1, __ATOMIC_RELAXED);
  return 1;
}
