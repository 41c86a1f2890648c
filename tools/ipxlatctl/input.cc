// SPDX-License-Identifier: GPL-2.0-only
#include "tools/ipxlatctl/input.h"

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

namespace ipxlat::ctl {

using nlohmann::ordered_json;

Input::Input(Context& context, const std::string& path) : standard_(context.in), name_(path) {
  if (path == "-") {
    name_ = "standard input";
    return;
  }
  file_.open(path);
  if (!file_) throw Failure(path + ": " + std::strerror(errno));
}

bool Input::is_json() { return stream().peek() == '['; }

ordered_json Input::json() {
  auto json = ordered_json::parse(stream(), nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) throw Failure(name_ + ": not JSON");
  return json;
}

void apply_from(Context& context, const std::string& device, const Change& change, const std::string& name,
                const std::vector<size_t>& map_lines) {
  auto done = open_devices(context)->change(device, change);
  if (done) return;
  const NetlinkError& error = done.error();
  if (!error.map_entry) throw Failure(error.text);
  if (map_lines.empty())
    throw Failure(name + ": " + to_string(change.map_add.at(*error.map_entry)) + ": " + error.text);
  throw Failure(name + ":" + std::to_string(map_lines.at(*error.map_entry)) + ": " + error.text);
}

}  // namespace ipxlat::ctl
