// SPDX-License-Identifier: GPL-2.0-only
// The mapping log of one instance: lines of JSON, into its file or into the daemon's log.
#ifndef IPXLAT_DAEMON_SERVICE_MAPPING_WRITER_H
#define IPXLAT_DAEMON_SERVICE_MAPPING_WRITER_H

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "daemon/config/instances.h"
#include "daemon/service/block_use.h"
#include "daemon/service/line_file.h"
#include "daemon/service/log.h"
#include "lib/gateway.h"

namespace ipxlat {

// {"time":"2026-11-26T12:40:00.123Z","event":"begin","instance":"edge",...}; times in nanoseconds since 1970.
// Without `destinations` nothing tells of the remote end (RFC 6888 REQ-12).
std::string mapping_line(bool begins, const std::string& instance, const Session& session,
                         const Endpoint4& outside, uint64_t time, bool destinations);
// {"time":...,"event":"blocks","instance":"edge","clients":["2001:db8:0:1000::/54"],"client_prefix_length":64,
// "pool4":["203.0.113.16/28"],"port_blocks":64}: from now on this says which block is whose (RFC 7422 section
// 3).
std::string blocks_line(const Nat64Config& config, uint64_t time);
// {"time":...,"event":"block","instance":"edge","client":"2001:db8:0:1001::/64","public":"203.0.113.16",
// "first_port":2032,"last_port":3039}
std::string block_line(const std::string& instance, const UsedBlock& block, uint64_t time);
// {"time":...,"event":"lost","instance":"edge","events":7}: `what` is "events" or "lines".
std::string loss_line(const std::string& instance, const char* what, uint64_t count, uint64_t time);

class MappingWriter {
 public:
  // Into the daemon's log.
  using Say = std::function<void(Level, const std::string&)>;

  // std::runtime_error if its file cannot be opened.
  MappingWriter(const std::string& instance, const MappingLogConfig& config, Say say);

  void write(bool begins, const Session& session, const Endpoint4& outside, uint64_t time);
  void write(const UsedBlock& block, uint64_t time);
  void write_blocks(const Nat64Config& config, uint64_t time);
  void lost(uint64_t events, uint64_t time);
  // To be called when there is nothing more to write for now.
  void flush(uint64_t time);

 private:
  void put(const std::string& line);

  std::string instance_;
  bool destinations_;
  std::unique_ptr<LineFile> file_;
  Say say_;
  uint64_t lost_lines_ = 0;
  bool failed_ = false;
};

}  // namespace ipxlat

#endif
