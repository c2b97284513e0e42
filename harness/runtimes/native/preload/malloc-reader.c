/*
 * An addon for a Node target: reads how much memory of the C library's allocator is in use. It hooks nothing and costs
 * nothing until it is asked. What it needs of Node and of the C library is declared here, so that no headers are needed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

typedef struct napi_env_of_node *napi_env;
typedef struct napi_value_of_node *napi_value;
typedef struct napi_call_of_node *napi_callback_info;
typedef napi_value (*napi_callback)(napi_env, napi_callback_info);
int napi_create_function(napi_env, const char *, size_t, napi_callback, void *, napi_value *);
int napi_create_double(napi_env, double, napi_value *);

/* `struct mallinfo2` of glibc 2.33 and newer, and `struct mallinfo` of older ones, whose numbers wrap around. */
struct use {
  size_t arena, free_chunks, fast_chunks, mappings, mapped_bytes, unused, fast_bytes, used_bytes, free_bytes, top_bytes;
};
struct short_use {
  unsigned arena, free_chunks, fast_chunks, mappings, mapped_bytes, unused, fast_bytes, used_bytes, free_bytes, top_bytes;
};
static struct use (*read_use)(void);
static struct short_use (*read_short_use)(void);

/* Smaller than what the allocator maps by itself, and larger than what other threads allocate meanwhile. */
#define PLANTED_BYTES 65536

static double bytes_in_use(void) {
  if (read_use != NULL) {
    struct use use = read_use();
    return (double)use.used_bytes + (double)use.mapped_bytes;
  }
  struct short_use use = read_short_use();
  return (double)use.used_bytes + (double)use.mapped_bytes;
}

/* Another allocator may stand in front of the C library's, which then sees nothing. */
static int sees_planted_bytes(void) {
  *(void **)&read_use = dlsym(RTLD_DEFAULT, "mallinfo2");
  *(void **)&read_short_use = dlsym(RTLD_DEFAULT, "mallinfo");
  if (read_use == NULL && read_short_use == NULL) return 0;
  double before = bytes_in_use();
  char *volatile planted = malloc(PLANTED_BYTES);
  if (planted == NULL) return 0;
  memset(planted, 1, PLANTED_BYTES);
  double seen = bytes_in_use() - before;
  free(planted);
  return seen >= PLANTED_BYTES * 0.9 && seen < PLANTED_BYTES * 16.0;
}

static napi_value read_bytes(napi_env environment, napi_callback_info call) {
  (void)call;
  napi_value result = NULL;
  napi_create_double(environment, bytes_in_use(), &result);
  return result;
}

/* The exports are the function itself; where it would see nothing, they stay as they are. */
__attribute__((visibility("default"))) napi_value napi_register_module_v1(napi_env environment, napi_value exports) {
  napi_value function = NULL;
  if (!sees_planted_bytes()) return exports;
  napi_create_function(environment, "bytesInUse", (size_t)-1, read_bytes, NULL, &function);
  return function;
}
