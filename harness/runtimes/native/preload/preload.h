/*
 * What the parts of the preloaded library share. It counts, inside the process under soak, the memory that malloc and
 * mmap handed out and did not get back. plateau reads the counters from a file that is mapped into the process: the
 * process gains no thread, no descriptor and no socket. Built twice: as a counter for the measuring pass, and with
 * RECORDING for the cause pass, where every live block also has the stack that made it.
 */
#ifndef PLATEAU_PRELOAD_H
#define PLATEAU_PRELOAD_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stddef.h>
#include <stdint.h>

#if __SIZEOF_POINTER__ != 8
#error "only 64-bit processes are counted"
#endif

/* The layout of the file, all in the byte order of the machine. `counter-file.ts` reads it: change both. */

/* Of one thread, so that counting takes no lock and shares no cache line; slot 0 is shared by what has no other. */
struct slot {
  int64_t live_bytes;
  int64_t live_blocks;
  int64_t allocated_bytes; /* ever; what was given back is the difference to live_bytes */
  int64_t mapped_bytes;    /* of the live bytes, those of anonymous mappings */
  int64_t unused[4];
};

struct header {
  char magic[8];
  uint64_t pid;
  uint64_t recording;   /* not 0: blocks are recorded with their stacks; set by PLATEAU_RECORD, or later by plateau */
  uint64_t slots_used;  /* above this no slot was ever used */
  uint64_t site_count;
  uint64_t unrecorded;  /* blocks made while recording for which no place was left */
  uint64_t counts_linked; /* not 0: blocks of an allocator that is linked into the program are counted too */
  uint64_t reserved;
};

#define MAGIC "PLATEAU1"
#define SLOTS 1023
/* A multiple of every page size in use, since it is mapped over memory of the same address. */
#define COUNTERS_BYTES 65536

struct counters {
  struct header header;
  struct slot slots[SLOTS];
};

_Static_assert(sizeof(struct counters) == COUNTERS_BYTES, "header and slots fill the counters exactly");

#define STACK_DEPTH 32
#define SITES 32768
#define DESCRIPTORS 65536
#define THREADS 65536
#define FILES 65536

/* What one stack has made and is still alive. */
struct site {
  int64_t bytes;
  int64_t blocks;
  uint64_t made; /* blocks ever */
  uint64_t depth;
  uint64_t stack[STACK_DEPTH]; /* return addresses, innermost first */
};

struct thread_entry {
  uint32_t thread;
  uint32_t site; /* index + 1 */
};

struct file_entry {
  uint64_t inode;
  uint64_t site; /* index + 1 */
};

/* Follows the counters in the file where the library records. */
struct recording {
  uint32_t descriptor_site[DESCRIPTORS]; /* by descriptor: index + 1 of the stack that opened it last */
  struct thread_entry threads[THREADS];  /* by thread id, modulo */
  struct file_entry files[FILES];        /* by inode, modulo: what made a file, under whatever name it goes by now */
  struct site sites[SITES];
};

/* A name of this library must never stand in front of the program's own. */
#pragma GCC visibility push(hidden)

/* Set in a thread while it is in the allocator or in this library: what it allocates meanwhile is not the program's. */
extern __thread int inside;

/* counter-file.c */
extern struct counters counters;
#ifdef RECORDING
extern struct recording *recording; /* NULL before the constructor, and where there is no file */
#endif
/* A block came (positive) or went (negative). */
void count(int64_t bytes, int64_t blocks);
/* The same of a mapping; that of a file has no bytes. */
void count_mapping(int64_t bytes, int64_t blocks);

/* block-table.c */
struct block {
  uintptr_t address; /* 0: free */
  size_t bytes;
  int32_t site;
};
struct block_table {
  struct block *blocks;
  size_t count, capacity;
};
/* In place of one with its address, whose end was not seen; 0 where there is no room. */
int put_block(struct block_table *table, struct block block);
int take_block(struct block_table *table, const void *address, struct block *taken);

/* linked-allocator.c */
void lock_linked(void);
void unlock_linked(void);

/* live-blocks.c */
#ifdef RECORDING
void remember_block(void *block, size_t bytes);
void forget_block(void *block);
/* Number of the stack that runs now, or -1 where nothing is recorded. */
int32_t current_site(void);
/* Moves what a site has alive, for memory that is given back in parts. */
void change_site(int32_t site, int64_t bytes, int64_t blocks);
void lock_blocks(void);
void unlock_blocks(void);
#else
static inline void remember_block(void *block, size_t bytes) { (void)block, (void)bytes; }
static inline void forget_block(void *block) { (void)block; }
static inline int32_t current_site(void) { return -1; }
static inline void change_site(int32_t site, int64_t bytes, int64_t blocks) { (void)site, (void)bytes, (void)blocks; }
static inline void lock_blocks(void) {}
static inline void unlock_blocks(void) {}
#endif

/* mapped-regions.c */
void lock_regions(void);
void unlock_regions(void);

#pragma GCC visibility pop

#endif
