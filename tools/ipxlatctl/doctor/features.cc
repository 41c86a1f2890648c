// SPDX-License-Identifier: GPL-2.0-only
// What this kernel lacks, or has switched off.
#include "tools/ipxlatctl/doctor/check.h"

namespace ipxlat::ctl::doctor {
namespace {

struct Need {
  const char* module;
  const char* kinds;  // that need it
  const char* what;
};

constexpr Need kNeeds[] = {
    {"nf_tables", "nat64 clat", "nftables"},
    {"nf_conntrack", "nat64 clat", "connection tracking"},
    {"nft_ct", "nat64 clat", "nftables' ct"},
    {"nft_nat", "nat64", "nftables' snat"},
    {"nft_masq", "nat64 clat", "nftables' masquerade"},
    {"nft_reject_inet", "nat64", "nftables' reject"},
    {"nft_dup_ipv6", "clat", "nftables' dup"},
    {"nft_fwd_netdev", "clat", "nftables' fwd"},
};

void missing_modules(const Observed& observed, Findings& findings) {
  if (!observed.kernel_modules_unread.empty()) return;
  for (const Need& need : kNeeds)
    for (const Translator& t : observed.translators) {
      if (t.kind.empty() || std::string(need.kinds).find(t.kind) == std::string::npos) continue;
      if (observed.kernel_modules.contains(need.module)) continue;
      findings.push_back({t.device,
                          "this kernel has no " + std::string(need.what) + " (module " + need.module +
                              "), which " + t.device + " needs",
                          "modprobe " + std::string(need.module)});
      break;
    }
}

void disabled_ipv6(const Observed& observed, const std::string& link, Findings& findings) {
  if (observed.sysctl_number("net/ipv6/conf/" + link + "/disable_ipv6") == 1)
    findings.push_back(
        {link, "IPv6 is switched off on " + link, "sysctl -w net.ipv6.conf." + link + ".disable_ipv6=0"});
}

}  // namespace

Findings find_features(const Observed& observed) {
  Findings findings;
  if (!observed.module_problem.empty()) findings.push_back({"", observed.module_problem, "modprobe ipxlat"});
  if (!observed.sysctl_number("net/ipv6/conf/all/disable_ipv6"))
    findings.push_back(
        {"", "this kernel runs without IPv6", "take ipv6.disable=1 from the kernel's command line"});
  missing_modules(observed, findings);
  for (const Translator& t : observed.translators) {
    disabled_ipv6(observed, t.device, findings);
    for (const auto& name : t.kind == "clat" ? t.uplinks : t.downlinks)
      disabled_ipv6(observed, name, findings);
  }
  return findings;
}

}  // namespace ipxlat::ctl::doctor
