// SPDX-License-Identifier: GPL-2.0-only
// Explanations as a person and as a program reads them.
#ifndef IPXLAT_TOOLS_IPXLATCTL_EXPLAIN_RENDER_H
#define IPXLAT_TOOLS_IPXLATCTL_EXPLAIN_RENDER_H

#include <iosfwd>
#include <nlohmann/json_fwd.hpp>

#include "tools/ipxlatctl/packet_explanation.h"

namespace ipxlat::ctl {

// Several lines, each ended.
void print_text(std::ostream& out, const Explanation& explanation);
void print_text(std::ostream& out, const PacketExplanation& explanation);

nlohmann::ordered_json explanation_json(const Explanation& explanation);
nlohmann::ordered_json explanation_json(const PacketExplanation& explanation);

}  // namespace ipxlat::ctl

#endif
