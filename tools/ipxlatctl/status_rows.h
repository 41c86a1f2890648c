// SPDX-License-Identifier: GPL-2.0-only
// What ipxlatd says of its instances, a line each.
#ifndef IPXLAT_TOOLS_IPXLATCTL_STATUS_ROWS_H
#define IPXLAT_TOOLS_IPXLATCTL_STATUS_ROWS_H

#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "lib/connection_table.h"

namespace ipxlat::ctl {

struct StatusRow {
  std::string name;
  std::string kind;
  std::string state;
  std::string details;
  std::vector<std::string> notes;
};

// What is on, if only in part, shows how it is set up; what is not, why. `instance` is one of those in the
// state file. nlohmann::ordered_json::exception.
StatusRow status_row(const nlohmann::ordered_json& instance, const std::optional<ConnectionTable>& table);

// In columns.
void print_status(std::ostream& out, const std::vector<StatusRow>& rows);

}  // namespace ipxlat::ctl

#endif
