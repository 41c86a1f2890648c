// SPDX-License-Identifier: GPL-2.0-only
// A file that lines are appended to, none of them in part. Others may append to it, rename it and remove it.
#ifndef IPXLAT_DAEMON_SERVICE_LINE_FILE_H
#define IPXLAT_DAEMON_SERVICE_LINE_FILE_H

#include <cstdint>
#include <filesystem>
#include <string>

namespace ipxlat {

class LineFile {
 public:
  // How many bytes wait for a file that cannot be written.
  static constexpr size_t kMostWaiting = 1 << 20;

  // Made if it is not there, for its owner and group. std::runtime_error.
  explicit LineFile(std::filesystem::path path);
  ~LineFile();
  LineFile(const LineFile&) = delete;
  LineFile& operator=(const LineFile&) = delete;

  const std::filesystem::path& path() const { return path_; }

  // Takes a line, without its end, for the next flush(). False: there is no room, and the line is lost.
  bool append(const std::string& line);
  // What cannot be written waits. False then, with the reason in errno.
  bool flush();

 private:
  std::filesystem::path path_;
  int file_ = -1;
  std::string waiting_;
};

}  // namespace ipxlat

#endif
