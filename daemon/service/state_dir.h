// SPDX-License-Identifier: GPL-2.0-only
// The directory in which the daemon publishes its state and remembers what it has to put back.
#ifndef IPXLAT_DAEMON_SERVICE_STATE_DIR_H
#define IPXLAT_DAEMON_SERVICE_STATE_DIR_H

#include <ctime>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "daemon/plan/knowledge.h"
#include "daemon/plan/made.h"
#include "daemon/plan/report.h"
#include "lib/result.h"

namespace ipxlat {

// The contents of state.json, as docs/man/ipxlatd.8 describes it.
// `since` is when the daemon was started, in seconds since 1970.
std::string state_text(const std::vector<Report>& reports, int pid, time_t since);

class StateDir {
 public:
  // Made if it is not there. std::runtime_error, also if another daemon has it.
  explicit StateDir(std::filesystem::path path);
  ~StateDir();
  StateDir(const StateDir&) = delete;
  StateDir& operator=(const StateDir&) = delete;

  const std::filesystem::path& path() const { return path_; }

  // $RUNTIME_DIRECTORY, or /run/ipxlat.
  static std::filesystem::path default_path();

  // What this daemon or one that was killed has made. std::runtime_error if the file is damaged.
  static MadeResources load_made(const std::filesystem::path& path);
  Result<void> save_made(const MadeResources& made);

  // The NAT64 instances that take no new flows, as a daemon that was killed knew them.
  static std::set<std::string> load_drained(const std::filesystem::path& path);
  Result<void> save_drained(const std::set<std::string>& names);

  // The prefixes that a daemon which was killed had learnt and used, with the index that `index_of` gives to
  // their uplink, where that is not 0. Nothing where the file is damaged.
  static Knowledge load_learnt(const std::filesystem::path& path,
                               const std::function<uint32_t(const std::string&)>& index_of);

  Result<void> publish(const std::vector<Report>& reports);
  // After a clean stop nothing is left to tell.
  void clear();

 private:
  // A reader sees the old text or the new one.
  Result<void> write(const char* name, const std::string& text);

  std::filesystem::path path_;
  int lock_ = -1;
  time_t since_ = std::time(nullptr);
  std::string published_;
};

}  // namespace ipxlat

#endif
