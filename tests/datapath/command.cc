// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/command.h"

#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <stdexcept>

#include "tests/datapath/file_descriptor.h"

namespace ipxlat::test {
namespace {

FileDescriptor memory_file(const std::string& contents) {
  FileDescriptor fd(memfd_create("command", MFD_CLOEXEC), "memfd_create");
  require(write(fd.get(), contents.data(), contents.size()), "write");
  require(lseek(fd.get(), 0, SEEK_SET), "lseek");
  return fd;
}

std::string contents_of(const FileDescriptor& fd) {
  std::string text(static_cast<size_t>(lseek(fd.get(), 0, SEEK_END)), '\0');
  ssize_t size = pread(fd.get(), text.data(), text.size(), 0);
  text.resize(size < 0 ? 0 : static_cast<size_t>(size));
  return text;
}

}  // namespace

pid_t start(std::vector<std::string> words, const Streams& streams) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, streams.in, 0);
  posix_spawn_file_actions_adddup2(&actions, streams.out, 1);
  posix_spawn_file_actions_adddup2(&actions, streams.error, 2);
  pid_t pid = 0;
  int failed = posix_spawnp(&pid, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed) throw std::system_error(failed, std::generic_category(), "start " + words[0]);
  return pid;
}

Ended run(const std::vector<std::string>& words, const std::string& input) {
  FileDescriptor in = memory_file(input);
  FileDescriptor out = memory_file("");
  pid_t pid = start(words, {in.get(), out.get(), out.get()});
  int status = 0;
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR) require(-1, "waitpid");
  return {WIFEXITED(status) && WEXITSTATUS(status) == 0, contents_of(out)};
}

void run_or_throw(const std::vector<std::string>& words, const std::string& input) {
  Ended ended = run(words, input);
  if (ended.good) return;
  std::string command;
  for (const std::string& word : words) command += word + " ";
  throw std::runtime_error(command + "failed: " + ended.output);
}

}  // namespace ipxlat::test
