/* What the program maps by itself. A region may be unmapped, moved or mapped over in parts. */
#include "preload.h"

#include <pthread.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

struct region {
  uintptr_t start, end;
  int32_t site;
  int is_file; /* counts as a mapping without bytes: its pages are those of the file, however often it is mapped */
};

/* Highest address first: the kernel maps downwards, so that a new region usually comes last. */
static struct region *regions;
static size_t region_count, region_capacity;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void lock_regions(void) { pthread_mutex_lock(&lock); }
void unlock_regions(void) { pthread_mutex_unlock(&lock); }

static void *map_raw(void *address, size_t bytes, int protection, int flags, int file, off_t offset) {
  return (void *)syscall(SYS_mmap, address, bytes, protection, flags, file, offset);
}

static size_t whole_pages(size_t bytes) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  return (bytes + page - 1) / page * page;
}

/* Index of the first region that begins below an address. */
static size_t first_below(uintptr_t address) {
  size_t low = 0, high = region_count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (regions[middle].start < address) high = middle;
    else low = middle + 1;
  }
  return low;
}

static int has_room(void) {
  if (region_count < region_capacity) return 1;
  size_t capacity = region_capacity == 0 ? 4096 : region_capacity * 2;
  size_t bytes = capacity * sizeof(struct region);
  struct region *larger = map_raw(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (larger == MAP_FAILED) return 0;
  if (regions != NULL) {
    memcpy(larger, regions, region_count * sizeof(struct region));
    syscall(SYS_munmap, regions, region_capacity * sizeof(struct region));
  }
  regions = larger;
  region_capacity = capacity;
  return 1;
}

static void change(struct region region, int64_t number) {
  int64_t bytes = region.is_file ? 0 : number * (int64_t)(region.end - region.start);
  count_mapping(bytes, number);
  change_site(region.site, bytes, number);
}

static void insert(struct region region) {
  if (!has_room()) return;
  size_t at = first_below(region.start);
  memmove(&regions[at + 1], &regions[at], (region_count - at) * sizeof(struct region));
  regions[at] = region;
  region_count++;
  change(region, 1);
}

/* Takes a range out of all regions that it touches. */
static void take_out(uintptr_t start, uintptr_t end) {
  for (size_t at = first_below(end); at < region_count && regions[at].end > start;) {
    struct region whole = regions[at];
    memmove(&regions[at], &regions[at + 1], (region_count - at - 1) * sizeof(struct region));
    region_count--;
    change(whole, -1);
    struct region above = whole, below = whole;
    above.start = end;
    below.end = start;
    if (whole.end > end) insert(above);
    if (whole.start < start) {
      insert(below);
      break;
    }
    at = first_below(end);
  }
}

void *mmap(void *address, size_t bytes, int protection, int flags, int file, off_t offset) {
  if (inside) return map_raw(address, bytes, protection, flags, file, offset);
  int32_t site = current_site();
  lock_regions();
  void *mapped = map_raw(address, bytes, protection, flags, file, offset);
  if (mapped != MAP_FAILED) {
    uintptr_t start = (uintptr_t)mapped, end = start + whole_pages(bytes);
    if ((flags & MAP_FIXED) != 0) take_out(start, end);
    insert((struct region){start, end, site, (flags & MAP_ANONYMOUS) == 0});
  }
  unlock_regions();
  return mapped;
}

void *mmap64(void *address, size_t bytes, int protection, int flags, int file, off64_t offset) {
  return mmap(address, bytes, protection, flags, file, offset);
}

int munmap(void *address, size_t bytes) {
  if (inside) return (int)syscall(SYS_munmap, address, bytes);
  lock_regions();
  int error = (int)syscall(SYS_munmap, address, bytes);
  if (error == 0) take_out((uintptr_t)address, (uintptr_t)address + whole_pages(bytes));
  unlock_regions();
  return error;
}

void *mremap(void *address, size_t bytes_before, size_t bytes, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  void *wanted = (flags & MREMAP_FIXED) != 0 ? va_arg(rest, void *) : NULL;
  va_end(rest);
  if (inside) return (void *)syscall(SYS_mremap, address, bytes_before, bytes, flags, wanted);
  lock_regions();
  size_t at = first_below((uintptr_t)address + 1);
  int is_counted = at < region_count && regions[at].end > (uintptr_t)address;
  struct region region = is_counted ? regions[at] : (struct region){0};
  void *moved = (void *)syscall(SYS_mremap, address, bytes_before, bytes, flags, wanted);
  if (moved != MAP_FAILED && is_counted) {
    region.start = (uintptr_t)moved;
    region.end = region.start + whole_pages(bytes);
    take_out((uintptr_t)address, (uintptr_t)address + whole_pages(bytes_before));
    take_out(region.start, region.end);
    insert(region);
  }
  unlock_regions();
  return moved;
}
