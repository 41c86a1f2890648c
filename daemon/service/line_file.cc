// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/service/line_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace ipxlat {

LineFile::LineFile(std::filesystem::path path) : path_(std::move(path)) {
  file_ = open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0640);
  if (file_ < 0) throw std::runtime_error("cannot open " + path_.string() + ": " + std::strerror(errno));
}

LineFile::~LineFile() {
  flush();
  close(file_);
}

bool LineFile::append(const std::string& line) {
  if (waiting_.size() + line.size() >= kMostWaiting) return false;
  waiting_ += line;
  waiting_ += '\n';
  return true;
}

bool LineFile::flush() {
  size_t done = 0;
  int code = 0;
  while (done < waiting_.size() && code == 0) {
    const ssize_t length = write(file_, waiting_.data() + done, waiting_.size() - done);
    if (length >= 0)
      done += static_cast<size_t>(length);
    else if (errno != EINTR)
      code = errno;
  }
  waiting_.erase(0, done);
  errno = code;
  return code == 0;
}

}  // namespace ipxlat
