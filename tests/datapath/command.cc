// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/command.h"

#include <fcntl.h>
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

// prints one line, after all that was asked for before it
constexpr const char* kQuestion = "link show dev lo\n";

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

Batch::Batch(const std::string& space) {
  int commands[2], answers[2];
  require(pipe2(commands, O_CLOEXEC), "pipe");
  FileDescriptor read_end(commands[0], "pipe");
  commands_ = std::make_unique<FileDescriptor>(commands[1], "pipe");
  require(pipe2(answers, O_CLOEXEC), "pipe");
  answers_ = std::make_unique<FileDescriptor>(answers[0], "pipe");
  FileDescriptor write_end(answers[1], "pipe");
  FileDescriptor nowhere(open("/dev/null", O_WRONLY | O_CLOEXEC), "/dev/null");
  process_ = start({"ip", "-o", "-n", space, "-force", "-batch", "-"},
                   {read_end.get(), write_end.get(), nowhere.get()});
}

Batch::~Batch() {
  commands_.reset();
  waitpid(process_, nullptr, 0);
}

void Batch::run(const std::string& lines) {
  const std::string text = lines + kQuestion;
  require(write(commands_->get(), text.data(), text.size()), "write to a batch");
  for (char byte = 0; byte != '\n';)
    if (read(answers_->get(), &byte, 1) != 1) throw std::runtime_error("a batch of commands has ended");
}

}  // namespace ipxlat::test
