/*
 * Blocks of an allocator that is linked into the program, as jemalloc and mimalloc are into Rust programs. No other function
 * can stand in front of its functions. But Rust code calls them by entries of the global offset table, and those are replaced.
 * What was there is called as before.
 */
#include "preload.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
/* Its functions do not all say how large a block is that comes back. */
static struct block_table sizes;

void lock_linked(void) { pthread_mutex_lock(&lock); }
void unlock_linked(void) { pthread_mutex_unlock(&lock); }

static void *made(void *block, size_t bytes) {
  if (block == NULL || inside) return block;
  lock_linked();
  int is_known = put_block(&sizes, (struct block){.address = (uintptr_t)block, .bytes = bytes});
  unlock_linked();
  if (is_known) {
    count((int64_t)bytes, 1);
    remember_block(block, bytes);
  }
  return block;
}

/* Size of a block that goes; 0 where it was not counted when it came. */
static size_t gone(const void *block) {
  struct block taken = {.address = 0};
  if (block == NULL || inside) return 0;
  lock_linked();
  int is_known = take_block(&sizes, block, &taken);
  unlock_linked();
  if (!is_known) return 0;
  count(-(int64_t)taken.bytes, -1);
  forget_block((void *)block);
  return taken.bytes;
}

/* All that they are given is passed on: those with fewer parameters do not look at the others. */
typedef void *allocator_function(uintptr_t, uintptr_t, uintptr_t);

static void *call_next(allocator_function *next, uintptr_t first, uintptr_t second, uintptr_t third) {
  inside++;
  void *result = next(first, second, third);
  inside--;
  return result;
}

#define ALLOCATES(name, size)                                                              \
  static allocator_function *next_##name;                                                  \
  static void *own_##name(uintptr_t first, uintptr_t second, uintptr_t third) {            \
    return made(call_next(next_##name, first, second, third), size);                       \
  }
#define MOVES(name)                                                                        \
  static allocator_function *next_##name;                                                  \
  static void *own_##name(uintptr_t first, uintptr_t second, uintptr_t third) {            \
    size_t before = gone((void *)first);                                                   \
    void *moved = call_next(next_##name, first, second, third);                            \
    if (moved == NULL && before != 0 && second != 0) made((void *)first, before);          \
    return made(moved, second);                                                            \
  }
#define RELEASES(name)                                                                     \
  static allocator_function *next_##name;                                                  \
  static void *own_##name(uintptr_t first, uintptr_t second, uintptr_t third) {            \
    gone((void *)first);                                                                   \
    return call_next(next_##name, first, second, third);                                   \
  }

ALLOCATES(_rjem_malloc, first)
ALLOCATES(_rjem_mallocx, first)
ALLOCATES(_rjem_calloc, first * second)
ALLOCATES(_rjem_aligned_alloc, second)
MOVES(_rjem_realloc)
MOVES(_rjem_rallocx)
RELEASES(_rjem_free)
RELEASES(_rjem_dallocx)
RELEASES(_rjem_sdallocx)
ALLOCATES(mi_malloc, first)
ALLOCATES(mi_malloc_aligned, first)
ALLOCATES(mi_zalloc, first)
ALLOCATES(mi_zalloc_aligned, first)
MOVES(mi_realloc)
MOVES(mi_realloc_aligned)
RELEASES(mi_free)

enum kind { allocates, moves, releases };

#define FUNCTION(name, kind) {#name, &next_##name, own_##name, kind, 0}
static struct {
  const char *name;
  allocator_function **next;
  allocator_function *own;
  enum kind kind;
  uintptr_t address;
} functions[] = {
    FUNCTION(_rjem_malloc, allocates),        FUNCTION(_rjem_mallocx, allocates), FUNCTION(_rjem_calloc, allocates),
    FUNCTION(_rjem_aligned_alloc, allocates), FUNCTION(_rjem_realloc, moves),     FUNCTION(_rjem_rallocx, moves),
    FUNCTION(_rjem_free, releases),           FUNCTION(_rjem_dallocx, releases),  FUNCTION(_rjem_sdallocx, releases),
    FUNCTION(mi_malloc, allocates),           FUNCTION(mi_malloc_aligned, allocates), FUNCTION(mi_zalloc, allocates),
    FUNCTION(mi_zalloc_aligned, allocates),   FUNCTION(mi_realloc, moves),        FUNCTION(mi_realloc_aligned, moves),
    FUNCTION(mi_free, releases),
};
#define FUNCTIONS (sizeof functions / sizeof functions[0])

struct program {
  const char *file;
  size_t bytes;
  uintptr_t base;
  uintptr_t table; /* the global offset table */
  size_t table_bytes;
  uintptr_t protected; /* what the dynamic linker has made read-only; the table may lie there */
  size_t protected_bytes;
};

/* The first object is the program itself. */
static int take_place(struct dl_phdr_info *object, size_t bytes, void *argument) {
  (void)bytes;
  struct program *program = argument;
  program->base = object->dlpi_addr;
  for (int index = 0; index < object->dlpi_phnum; index++) {
    if (object->dlpi_phdr[index].p_type != PT_GNU_RELRO) continue;
    program->protected = program->base + object->dlpi_phdr[index].p_vaddr;
    program->protected_bytes = object->dlpi_phdr[index].p_memsz;
  }
  return 1;
}

static const Elf64_Shdr *sections_of(const struct program *program, unsigned *number) {
  const Elf64_Ehdr *header = (const Elf64_Ehdr *)program->file;
  if (program->bytes < sizeof *header || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
      header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_shentsize != sizeof(Elf64_Shdr) ||
      header->e_shoff > program->bytes || header->e_shnum > (program->bytes - header->e_shoff) / sizeof(Elf64_Shdr) ||
      header->e_shstrndx >= header->e_shnum)
    return NULL;
  *number = header->e_shnum;
  return (const Elf64_Shdr *)(program->file + header->e_shoff);
}

static int lies_in(const struct program *program, const Elf64_Shdr *section) {
  return section->sh_type != SHT_NOBITS && section->sh_offset <= program->bytes &&
         section->sh_size <= program->bytes - section->sh_offset;
}

static void take_symbols(const struct program *program, const Elf64_Shdr *table, const Elf64_Shdr *names) {
  const Elf64_Sym *symbols = (const Elf64_Sym *)(program->file + table->sh_offset);
  for (size_t index = 0; index < table->sh_size / sizeof *symbols; index++) {
    if (symbols[index].st_shndx == SHN_UNDEF || symbols[index].st_name >= names->sh_size) continue;
    const char *name = program->file + names->sh_offset + symbols[index].st_name;
    for (size_t at = 0; at < FUNCTIONS; at++)
      if (strcmp(name, functions[at].name) == 0) functions[at].address = program->base + symbols[index].st_value;
  }
}

static void read_program(struct program *program) {
  unsigned number = 0;
  const Elf64_Shdr *sections = sections_of(program, &number);
  if (sections == NULL) return;
  const Elf64_Shdr *names = &sections[((const Elf64_Ehdr *)program->file)->e_shstrndx];
  for (unsigned index = 0; lies_in(program, names) && index < number; index++) {
    const Elf64_Shdr *section = &sections[index];
    if (!lies_in(program, section) || section->sh_name >= names->sh_size) continue;
    if (section->sh_type == SHT_SYMTAB && section->sh_link < number && lies_in(program, &sections[section->sh_link]))
      take_symbols(program, section, &sections[section->sh_link]);
    if (strcmp(program->file + names->sh_offset + section->sh_name, ".got") != 0) continue;
    program->table = program->base + section->sh_addr;
    program->table_bytes = section->sh_size;
  }
}

/* Hands each entry of the table that holds a function to `use`. */
static void each_entry(const struct program *program, void (*use)(void **entry, size_t function)) {
  for (size_t offset = 0; offset + sizeof(void *) <= program->table_bytes; offset += sizeof(void *)) {
    void **entry = (void **)(program->table + offset);
    for (size_t at = 0; at < FUNCTIONS; at++)
      if (functions[at].address != 0 && (uintptr_t)*entry == functions[at].address) use(entry, at);
  }
}

static int called[releases + 1];

static void note_call(void **entry, size_t function) {
  (void)entry;
  called[functions[function].kind] = 1;
}

static void replace_call(void **entry, size_t function) {
  *functions[function].next = (allocator_function *)functions[function].address;
  *entry = (void *)functions[function].own;
}

static int replace_calls(const struct program *program) {
  each_entry(program, note_call);
  if (!called[allocates] || !called[releases]) return 0;
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  uintptr_t from = program->table & ~(page - 1), to = (program->table + program->table_bytes + page - 1) & ~(page - 1);
  if (mprotect((void *)from, to - from, PROT_READ | PROT_WRITE) != 0) return 0;
  each_entry(program, replace_call);
  uintptr_t start = program->protected & ~(page - 1), end = (program->protected + program->protected_bytes) & ~(page - 1);
  if (end > start) mprotect((void *)start, end - start, PROT_READ);
  return 1;
}

/* After the counters, and before the program's own code. */
__attribute__((constructor(102))) static void start(void) {
  struct program program = {0};
  struct stat stat;
  inside++;
  int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  void *mapped = file < 0 || fstat(file, &stat) != 0
                     ? MAP_FAILED
                     : mmap(NULL, (size_t)stat.st_size, PROT_READ, MAP_PRIVATE, file, 0);
  if (file >= 0) close(file);
  if (mapped != MAP_FAILED) {
    program.file = mapped;
    program.bytes = (size_t)stat.st_size;
    dl_iterate_phdr(take_place, &program);
    read_program(&program);
    munmap(mapped, program.bytes);
    counters.header.counts_linked = (uint64_t)replace_calls(&program);
  }
  inside--;
}
