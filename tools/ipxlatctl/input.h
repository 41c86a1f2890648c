// SPDX-License-Identifier: GPL-2.0-only
// A file that a command reads, and a refusal of what it says.
#ifndef IPXLAT_TOOLS_IPXLATCTL_INPUT_H
#define IPXLAT_TOOLS_IPXLATCTL_INPUT_H

#include <fstream>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "tools/ipxlatctl/context.h"

namespace ipxlat::ctl {

class Input {
 public:
  // "-" is the context's standard input. Failure if the file cannot be opened.
  Input(Context& context, const std::string& path);

  std::istream& stream() { return file_.is_open() ? file_ : standard_; }
  const std::string& name() const { return name_; }

  // Whether it begins as the arrays do that --json prints. No setting does.
  bool is_json();
  // All of it. Failure if it is none.
  nlohmann::ordered_json json();

 private:
  std::istream& standard_;
  std::ifstream file_;
  std::string name_;
};

// Makes the change that was read from `name`, whose map entries stood in `map_lines`, which is empty where
// there were no lines. Failure: the kernel's sentence, behind "name:line: " if one entry is to blame, or
// behind the entry.
void apply_from(Context& context, const std::string& device, const Change& change, const std::string& name,
                const std::vector<size_t>& map_lines);

}  // namespace ipxlat::ctl

#endif
