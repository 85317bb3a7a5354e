#include "runtime/core/CpuQuota.h"

#include <cstdio>
#include <cstring>
#include <initializer_list>
#include <sched.h>

namespace msc::rt {
namespace {

constexpr size_t kPathSize = 4096;

/// Reads up to two decimal numbers of a one-line file. The text "max" and
/// negative numbers (v1's "no limit") give -1.
int readNumbers(const char *path, long long *first, long long *second) {
  FILE *file = std::fopen(path, "re");
  if (!file)
    return 0;
  char line[128] = "";
  bool read = std::fgets(line, sizeof line, file) != nullptr;
  std::fclose(file);
  if (!read)
    return 0;
  if (std::strncmp(line, "max", 3) == 0) {
    *first = -1;
    return 1;
  }
  return std::sscanf(line, "%lld %lld", first, second);
}

unsigned roundUp(long long quota, long long period) {
  if (quota <= 0 || period <= 0)
    return 0;
  long long cpus = quota / period + (quota % period != 0);
  return cpus > 1 << 20 ? 1 << 20 : static_cast<unsigned>(cpus);
}

/// The quota of one group's folder; 0: none.
unsigned quotaOf(const char *folder, bool unified) {
  char path[kPathSize + 64];
  long long quota = -1, period = 100000;
  if (unified) {
    std::snprintf(path, sizeof path, "%s/cpu.max", folder);
    readNumbers(path, &quota, &period);
    return roundUp(quota, period);
  }
  long long unused;
  std::snprintf(path, sizeof path, "%s/cpu.cfs_quota_us", folder);
  if (readNumbers(path, &quota, &unused) < 1)
    return 0;
  std::snprintf(path, sizeof path, "%s/cpu.cfs_period_us", folder);
  if (readNumbers(path, &period, &unused) < 1)
    return 0;
  return roundUp(quota, period);
}

unsigned tighter(unsigned a, unsigned b) {
  return a == 0 ? b : b == 0 ? a : a < b ? a : b;
}

/// The tightest quota from `group` up to the root of its hierarchy. In a
/// container the group's path may not exist under the mount: its root is then
/// the container's own group, which the walk ends at.
unsigned tightestQuota(const char *mount, const char *group, bool unified) {
  char folder[kPathSize];
  int length = std::snprintf(folder, sizeof folder, "%s%s", mount, group);
  if (length < 0 || static_cast<size_t>(length) >= sizeof folder)
    return 0;
  size_t mountLength = std::strlen(mount);
  unsigned quota = 0;
  for (;;) {
    quota = tighter(quota, quotaOf(folder, unified));
    char *slash = std::strrchr(folder, '/');
    if (!slash || static_cast<size_t>(slash - folder) < mountLength)
      return quota;
    *slash = 0;
  }
}

bool listsController(const char *controllers, const char *name) {
  size_t length = std::strlen(name);
  for (const char *at = controllers; *at;) {
    size_t item = std::strcspn(at, ",");
    if (item == length && std::memcmp(at, name, length) == 0)
      return true;
    at += item + (at[item] == ',');
  }
  return false;
}

} // namespace

unsigned cgroupQuota(const char *root) {
  char path[kPathSize];
  std::snprintf(path, sizeof path, "%s/proc/self/cgroup", root);
  FILE *file = std::fopen(path, "re");
  if (!file)
    return 0;
  // Lines are "id:controllers:/group"; v2's has no controllers.
  unsigned quota = 0;
  char line[kPathSize];
  while (std::fgets(line, sizeof line, file)) {
    line[std::strcspn(line, "\n")] = 0;
    char *controllers = std::strchr(line, ':');
    char *group = controllers ? std::strchr(controllers + 1, ':') : nullptr;
    if (!group)
      continue;
    *group++ = 0;
    ++controllers;
    char mount[kPathSize];
    if (*controllers == 0) {
      for (const char *at : {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"}) {
        std::snprintf(mount, sizeof mount, "%s%s", root, at);
        quota = tighter(quota, tightestQuota(mount, group, true));
      }
    } else if (listsController(controllers, "cpu")) {
      for (const char *at :
           {"/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct"}) {
        std::snprintf(mount, sizeof mount, "%s%s", root, at);
        quota = tighter(quota, tightestQuota(mount, group, false));
      }
    }
  }
  std::fclose(file);
  return quota;
}

unsigned grantedThreads() {
  // Large enough for any kernel that Debian ships (8192 CPUs).
  constexpr int kMaxCpus = 8192;
  unsigned long mask[kMaxCpus / (8 * sizeof(unsigned long))] = {};
  auto *set = reinterpret_cast<cpu_set_t *>(mask);
  unsigned cpus = 1;
  if (sched_getaffinity(0, sizeof mask, set) == 0)
    cpus = static_cast<unsigned>(CPU_COUNT_S(sizeof mask, set));
  unsigned granted = tighter(cpus, cgroupQuota(""));
  return granted ? granted : 1;
}

} // namespace msc::rt
