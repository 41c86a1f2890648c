// SPDX-License-Identifier: GPL-2.0-only
#include "tools/ipxlatctl/state_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tools/ipxlatctl/context.h"

namespace ipxlat::ctl {

using nlohmann::ordered_json;

constexpr int kStateVersion = 1;

ordered_json read_state(const std::string& file) {
  std::ifstream stream(file);
  stream.peek();  // a directory can be opened, but not read
  if (!stream.is_open() || stream.bad()) {
    if (errno == ENOENT) return nullptr;
    throw Failure(file + ": " + std::strerror(errno));
  }
  auto state = ordered_json::parse(stream, nullptr, /*allow_exceptions=*/false);
  if (!state.is_object() || !state.contains("instances") || !state["instances"].is_array())
    throw Failure(file + ": not a state file of ipxlatd");
  if (state.value("version", ordered_json(kStateVersion)) != kStateVersion)
    throw Failure(file + ": written by another version of ipxlatd");
  return state;
}

}  // namespace ipxlat::ctl
