// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/batch.h"

#include <fcntl.h>
#include <sys/wait.h>

#include <stdexcept>

#include "tests/datapath/command.h"

namespace ipxlat::test {
namespace {

// prints one line, after all that was asked for before it
constexpr const char* kQuestion = "link show dev lo\n";

}  // namespace

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
