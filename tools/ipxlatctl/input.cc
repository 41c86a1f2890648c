// SPDX-License-Identifier: GPL-2.0-only
#include "tools/ipxlatctl/input.h"

#include <cerrno>
#include <cstring>

namespace ipxlat::ctl {

Input::Input(Context& context, const std::string& path) : standard_(context.in), name_(path) {
  if (path == "-") {
    name_ = "standard input";
    return;
  }
  file_.open(path);
  if (!file_) throw Failure(path + ": " + std::strerror(errno));
}

void apply_from(Context& context, const std::string& device, const Change& change, const std::string& name,
                const std::vector<size_t>& map_lines) {
  auto done = open_devices(context)->change(device, change);
  if (done) return;
  const NetlinkError& error = done.error();
  if (error.map_entry)
    throw Failure(name + ":" + std::to_string(map_lines.at(*error.map_entry)) + ": " + error.text);
  throw Failure(error.text);
}

}  // namespace ipxlat::ctl
