// SPDX-License-Identifier: GPL-2.0-only
// An expression of libnftnl as an instruction.
#ifndef IPXLAT_TOOLS_IPXLATCTL_DOCTOR_READ_RULE_H
#define IPXLAT_TOOLS_IPXLATCTL_DOCTOR_READ_RULE_H

#include <cstdint>
#include <optional>

#include "tools/ipxlatctl/doctor/ruleset.h"

struct nftnl_expr;
struct nftnl_rule;

namespace ipxlat::ctl::doctor {

Rule read_rule(nftnl_rule* rule);

// A verdict of the kernel (NFT_JUMP and so on); nothing for one that lets the next rule decide.
std::optional<Give> read_verdict(uint32_t code, const char* chain);

}  // namespace ipxlat::ctl::doctor

#endif
