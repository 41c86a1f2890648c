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

std::string unit_id(const ordered_json& instance) {
  const std::string kind = instance.at("kind");
  const auto uplinks = instance.value("uplinks", std::vector<std::string>());
  return kind + "." + instance.at("name").get<std::string>() +
         (kind == "clat" && !uplinks.empty() ? "/" + uplinks.front() : "");
}

}  // namespace ipxlat::ctl
