#include "runtime/core/CpuQuota.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sched.h>
#include <string>

using msc::rt::cgroupQuota;

namespace {

/// A file system root with the files that describe cgroups.
class CpuQuotaTest : public ::testing::Test {
protected:
  void SetUp() override {
    root = std::filesystem::path(::testing::TempDir()) /
           ::testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(root);
  }
  void write(const std::string &path, const std::string &text) {
    std::filesystem::path full = root / path;
    std::filesystem::create_directories(full.parent_path());
    std::ofstream(full) << text;
  }
  unsigned quota() const { return cgroupQuota(root.c_str()); }

  std::filesystem::path root;
};

TEST_F(CpuQuotaTest, NoCgroupsNoQuota) { EXPECT_EQ(quota(), 0u); }

TEST_F(CpuQuotaTest, UnifiedQuotaIsRoundedUp) {
  write("proc/self/cgroup", "0::/a/b\n");
  write("sys/fs/cgroup/a/b/cpu.max", "150000 100000\n");
  EXPECT_EQ(quota(), 2u);
}

TEST_F(CpuQuotaTest, UnifiedMaxIsNoQuota) {
  write("proc/self/cgroup", "0::/a\n");
  write("sys/fs/cgroup/a/cpu.max", "max 100000\n");
  EXPECT_EQ(quota(), 0u);
}

TEST_F(CpuQuotaTest, GroupsAboveCountToo) {
  write("proc/self/cgroup", "0::/a/b/c\n");
  write("sys/fs/cgroup/a/b/c/cpu.max", "800000 100000\n");
  write("sys/fs/cgroup/a/cpu.max", "300000 100000\n");
  EXPECT_EQ(quota(), 3u);
}

// A container sees its own group as the root of the mount.
TEST_F(CpuQuotaTest, RootOfTheMountCounts) {
  write("proc/self/cgroup", "0::/not/there\n");
  write("sys/fs/cgroup/cpu.max", "50000 100000\n");
  EXPECT_EQ(quota(), 1u);
}

TEST_F(CpuQuotaTest, VersionOne) {
  write("proc/self/cgroup", "5:memory:/x\n4:cpu,cpuacct:/job\n");
  write("sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_quota_us", "400000\n");
  write("sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(quota(), 4u);
  write("sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_quota_us", "-1\n");
  EXPECT_EQ(quota(), 0u);
}

TEST_F(CpuQuotaTest, GarbageIsIgnored) {
  write("proc/self/cgroup", "nonsense\n0::\n:::\n0::/a\n");
  write("sys/fs/cgroup/a/cpu.max", "-3 zero\n");
  write("sys/fs/cgroup/cpu.max", "100000 0\n");
  EXPECT_EQ(quota(), 0u);
}

TEST(GrantedThreads, FollowsAffinity) {
  cpu_set_t all, one;
  ASSERT_EQ(sched_getaffinity(0, sizeof all, &all), 0);
  EXPECT_LE(msc::rt::grantedThreads(), static_cast<unsigned>(CPU_COUNT(&all)));
  CPU_ZERO(&one);
  for (int cpu = 0; CPU_COUNT(&one) == 0; ++cpu)
    if (CPU_ISSET(cpu, &all))
      CPU_SET(cpu, &one);
  ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
  EXPECT_EQ(msc::rt::grantedThreads(), 1u);
  sched_setaffinity(0, sizeof all, &all);
}

} // namespace
