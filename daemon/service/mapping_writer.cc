// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/service/mapping_writer.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace ipxlat {
namespace {

using nlohmann::ordered_json;

std::string utc(uint64_t nanoseconds) {
  const auto seconds = static_cast<time_t>(nanoseconds / 1000000000);
  tm parts{};
  gmtime_r(&seconds, &parts);
  char text[64];
  const size_t length = std::strftime(text, sizeof text, "%FT%T", &parts);
  std::snprintf(text + length, sizeof text - length, ".%03uZ",
                static_cast<unsigned>(nanoseconds / 1000000 % 1000));
  return text;
}

std::vector<std::string> words(const auto& prefixes) {
  std::vector<std::string> all;
  for (const auto& prefix : prefixes) all.push_back(to_string(prefix));
  return all;
}

}  // namespace

std::string mapping_line(bool begins, const std::string& instance, const Session& session,
                         const Endpoint4& outside, uint64_t time, bool destinations) {
  const Inside& between = session.between;
  ordered_json json = {{"time", utc(time)},
                       {"event", begins ? "begin" : "end"},
                       {"instance", instance},
                       {"protocol", protocol_name(between.protocol)},
                       {"client", to_string(session.client.address)},
                       {"client_port", session.client.port},
                       {"public", to_string(outside.address)},
                       {"public_port", outside.port}};
  if (destinations) {
    json["remote"] = to_string(between.remote.address);
    if (between.protocol != IPPROTO_ICMP) json["remote_port"] = between.remote.port;
  }
  return json.dump();
}

std::string blocks_line(const Nat64Config& config, uint64_t time) {
  const PortBlocks& blocks = *config.port_blocks;
  return ordered_json{{"time", utc(time)},
                      {"event", "blocks"},
                      {"instance", config.name},
                      {"clients", words(blocks.clients)},
                      {"client_prefix_length", config.client_prefix_length},
                      {"pool4", words(config.pool4)},
                      {"port_blocks", blocks.per_address}}
      .dump();
}

std::string block_line(const std::string& instance, const UsedBlock& block, uint64_t time) {
  return ordered_json{{"time", utc(time)},
                      {"event", "block"},
                      {"instance", instance},
                      {"client", to_string(block.client)},
                      {"public", to_string(block.address)},
                      {"first_port", block.first_port},
                      {"last_port", block.last_port}}
      .dump();
}

std::string loss_line(const std::string& instance, const char* what, uint64_t count, uint64_t time) {
  return ordered_json{{"time", utc(time)}, {"event", "lost"}, {"instance", instance}, {what, count}}.dump();
}

MappingWriter::MappingWriter(const std::string& instance, const MappingLogConfig& config, Say say)
    : instance_(instance),
      destinations_(config.destinations),
      file_(config.file.empty() ? nullptr : std::make_unique<LineFile>(config.file)),
      say_(std::move(say)) {}

void MappingWriter::put(const std::string& line) {
  if (!file_) return say_(Level::kInfo, line);
  if (file_->append(line)) return;
  // a burst may be longer than what waits at most
  static_cast<void>(file_->flush());
  if (!file_->append(line)) lost_lines_++;
}

void MappingWriter::write(bool begins, const Session& session, const Endpoint4& outside, uint64_t time) {
  put(mapping_line(begins, instance_, session, outside, time, destinations_));
}

void MappingWriter::write(const UsedBlock& block, uint64_t time) { put(block_line(instance_, block, time)); }

void MappingWriter::write_blocks(const Nat64Config& config, uint64_t time) { put(blocks_line(config, time)); }

void MappingWriter::lost(uint64_t events, uint64_t time) {
  put(loss_line(instance_, "events", events, time));
  if (file_)
    say_(Level::kWarning, "[nat64." + instance_ + "] the mapping log lacks " + std::to_string(events) +
                              " events of connection tracking, which came faster than they were read");
}

void MappingWriter::flush(uint64_t time) {
  if (!file_) return;
  const bool done = file_->flush();
  if (!done && !failed_)
    say_(Level::kError, "[nat64." + instance_ + "] the mapping log " + file_->path().string() +
                            " cannot be written: " + std::strerror(errno));
  failed_ = !done;
  if (!done || !lost_lines_) return;
  say_(Level::kWarning, "[nat64." + instance_ + "] the mapping log can be written again, and lacks " +
                            std::to_string(lost_lines_) + " lines");
  put(loss_line(instance_, "lines", std::exchange(lost_lines_, 0), time));
  static_cast<void>(file_->flush());
}

}  // namespace ipxlat
