// SPDX-License-Identifier: GPL-2.0-only
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "lib/namespace_lock.h"

namespace ipxlat {
namespace {

bool taken(const std::string& name) {
  auto answer = NamespaceLock::taken(name);
  return answer && *answer;
}

TEST(NamespaceLock, IsTakenOnceAndGivenBackWithTheObject) {
  const std::string name = "ipxlat-test-" + std::to_string(getpid());
  {
    auto first = NamespaceLock::take(name);
    ASSERT_TRUE(first) << first.error().text;
    EXPECT_TRUE(taken(name));
    auto second = NamespaceLock::take(name);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, EADDRINUSE);
    EXPECT_EQ(second.error().text,
              "another " + name + " runs in this network namespace (ss -xp src @" + name + ")");
    NamespaceLock moved(std::move(*first));
    EXPECT_TRUE(taken(name));
  }
  EXPECT_FALSE(taken(name));
  EXPECT_TRUE(NamespaceLock::take(name));
}

TEST(NamespaceLock, IsFreeWhenItsHolderWasKilled) {
  const std::string name = "ipxlat-test-" + std::to_string(getpid());
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  pid_t child = fork();
  if (child == 0) {
    auto lock = NamespaceLock::take(name);
    if (write(ready[1], lock ? "y" : "n", 1) == 1) pause();
    _exit(0);
  }
  char answer = 0;
  ASSERT_EQ(read(ready[0], &answer, 1), 1);
  EXPECT_EQ(answer, 'y');
  EXPECT_TRUE(taken(name));
  kill(child, SIGKILL);
  ASSERT_EQ(waitpid(child, nullptr, 0), child);
  EXPECT_FALSE(taken(name));
  close(ready[0]);
  close(ready[1]);
}

}  // namespace
}  // namespace ipxlat
