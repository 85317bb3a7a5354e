/* Counts what memcpy and memmove move, by --wrap of the linker, and prints it at
 * the end of the program. */
#include <stdio.h>
#include <stdlib.h>

void *__real_memcpy(void *to, const void *from, size_t bytes);
void *__real_memmove(void *to, const void *from, size_t bytes);
void *__wrap_memcpy(void *to, const void *from, size_t bytes);
void *__wrap_memmove(void *to, const void *from, size_t bytes);

static size_t copied;

static void print(void) { fprintf(stderr, "copied %zu bytes\n", copied); }

__attribute__((constructor)) static void begin(void) { atexit(print); }

void *__wrap_memcpy(void *to, const void *from, size_t bytes) {
  __atomic_fetch_add(&copied, bytes, __ATOMIC_RELAXED);
  return __real_memcpy(to, from, bytes);
}

void *__wrap_memmove(void *to, const void *from, size_t bytes) {
  __atomic_fetch_add(&copied, bytes, __ATOMIC_RELAXED);
  return __real_memmove(to, from, bytes);
}
