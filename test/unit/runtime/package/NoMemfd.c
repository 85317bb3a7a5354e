/* Preloaded into msc-run: a system without files in memory. */
#include <errno.h>

int memfd_create(const char *name, unsigned flags) {
  (void)name;
  (void)flags;
  errno = ENOSYS;
  return -1;
}
