// SPDX-License-Identifier: GPL-2.0-only
// The checks of the doctor: pure functions of what was observed, in a table.
#ifndef IPXLAT_TOOLS_IPXLATCTL_DOCTOR_CHECK_H
#define IPXLAT_TOOLS_IPXLATCTL_DOCTOR_CHECK_H

#include <string>
#include <vector>

#include "tools/ipxlatctl/doctor/observed.h"

namespace ipxlat::ctl::doctor {

struct Finding {
  std::string about;    // a device, an interface; "" for the host
  std::string text;     // one sentence, without a full stop
  std::string mend;     // the command that mends it
  bool certain = true;  // false: it may be as somebody wants it
};

using Findings = std::vector<Finding>;

struct Check {
  const char* name;
  const char* question;  // what it asks
  Findings (*find)(const Observed& observed);
  // Why the question cannot be answered; "" if it can.
  std::string (*unread)(const Observed& observed);
  // What is good to know where all is well; nothing for most.
  std::string (*note)(const Observed& observed) = nullptr;
};

// In the order in which they are printed. A new check is a function and a line.
const std::vector<Check>& checks();

Findings find_features(const Observed& observed);
Findings find_forwarding(const Observed& observed);
Findings find_firewall(const Observed& observed);
Findings find_reverse_path(const Observed& observed);
Findings find_routes(const Observed& observed);
Findings find_sizes(const Observed& observed);
Findings find_connections(const Observed& observed);
Findings find_managers(const Observed& observed);
std::string note_managers(const Observed& observed);
Findings find_dns64(const Observed& observed);
std::string unread_dns64(const Observed& observed);

}  // namespace ipxlat::ctl::doctor

#endif
