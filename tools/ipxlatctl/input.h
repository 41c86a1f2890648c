// SPDX-License-Identifier: GPL-2.0-only
// A file that a command reads, and a refusal of what it says.
#ifndef IPXLAT_TOOLS_IPXLATCTL_INPUT_H
#define IPXLAT_TOOLS_IPXLATCTL_INPUT_H

#include <fstream>
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

 private:
  std::istream& standard_;
  std::ifstream file_;
  std::string name_;
};

// Makes the change that was read from `name`, whose map entries stood in `map_lines`. Failure:
// "name:line: the kernel's sentence" if one entry is to blame, else the sentence.
void apply_from(Context& context, const std::string& device, const Change& change, const std::string& name,
                const std::vector<size_t>& map_lines);

}  // namespace ipxlat::ctl

#endif
