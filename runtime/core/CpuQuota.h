// How many threads this process may keep busy.
#ifndef MSC_RUNTIME_CORE_CPUQUOTA_H
#define MSC_RUNTIME_CORE_CPUQUOTA_H

namespace msc::rt {

/// The CPUs that the process may be scheduled on (sched_getaffinity), cut to
/// the tightest CPU quota of its cgroup and the groups above (v2 `cpu.max`, v1
/// `cpu.cfs_quota_us`), rounded up. At least 1.
unsigned grantedThreads();

/// The quota alone, in CPUs rounded up; 0: none. `root` stands for "/" in the
/// paths that are read, for tests.
unsigned cgroupQuota(const char *root);

} // namespace msc::rt

#endif
