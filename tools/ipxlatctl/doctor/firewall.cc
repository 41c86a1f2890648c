// SPDX-License-Identifier: GPL-2.0-only
// Chains of others that would drop what a translator lives on.
#include <algorithm>

#include "tools/ipxlatctl/doctor/check.h"
#include "tools/ipxlatctl/doctor/ways.h"

namespace ipxlat::ctl::doctor {
namespace {

constexpr int32_t kOurPrerouting = 0;  // where a CLAT takes its packets away

const char* name_of(Family family) {
  switch (family) {
    case Family::kInet:
      return "inet";
    case Family::kIp:
      return "ip";
    case Family::kIp6:
      return "ip6";
  }
  return "";
}

bool sees(const Table& table, const Chain& chain, const Packet& packet) {
  if (!chain.base || chain.base->hook != packet.hook) return false;
  if (packet.hook == Hook::kPrerouting && chain.base->priority >= kOurPrerouting) return false;
  return table.family == Family::kInet || (table.family == Family::kIp6) == packet.ipv6;
}

std::string if_any(const char* words, const std::optional<Interface>& interface) {
  return interface ? words + interface->name : "";
}

bool has_chain(const Table& table, const char* name) { return table.chains.contains(name); }

// ufw(8) has chains of these names, in the tables of iptables.
bool is_ufw(const Table& table) {
  return has_chain(table, "ufw-before-forward") || has_chain(table, "ufw6-before-forward");
}

bool is_iptables(const Table& table, const Chain& chain) {
  return table.family != Family::kInet && table.name == "filter" &&
         (chain.name == "INPUT" || chain.name == "FORWARD" || chain.name == "OUTPUT");
}

std::string mend_ufw(const Packet& packet) {
  if (packet.hook == Hook::kForward)
    return "ufw route allow" + if_any(" in on ", packet.in) + if_any(" out on ", packet.out);
  if (packet.hook == Hook::kInput) return "ufw allow" + if_any(" in on ", packet.in);
  return "ufw allow" + if_any(" out on ", packet.out);
}

// The zone trusted accepts what comes from its interfaces; what goes to them from other zones needs a policy.
std::string mend_firewalld(const Packet& packet, const std::string& device) {
  std::string zone = "firewall-cmd --permanent --zone=trusted --add-interface=" + device;
  if (packet.hook == Hook::kForward && packet.out && packet.out->name == device)
    zone += "; firewall-cmd --permanent --new-policy=to-" + device +
            "; firewall-cmd --permanent --policy=to-" + device +
            " --add-ingress-zone=ANY --add-egress-zone=trusted --set-target=ACCEPT";
  return zone + "; firewall-cmd --reload";
}

std::string mend(const Table& table, const Chain& chain, const Packet& packet, const std::string& device) {
  const char* iptables = packet.ipv6 ? "ip6tables" : "iptables";
  const std::string match = if_any(" -i ", packet.in) + if_any(" -o ", packet.out) + " -j ACCEPT";
  if (is_iptables(table, chain)) {
    if (packet.hook == Hook::kForward && has_chain(table, "DOCKER-USER"))
      return iptables + (" -I DOCKER-USER" + match);
    if (is_ufw(table)) return mend_ufw(packet);
    return iptables + (" -I " + chain.name + match);
  }
  if (table.name == "firewalld") return mend_firewalld(packet, device);
  const auto quoted = [](const char* words, const std::optional<Interface>& interface) {
    return interface ? words + ("\"" + interface->name + "\"") : "";
  };
  return "nft 'insert rule " + std::string(name_of(table.family)) + " " + table.name + " " + chain.name +
         quoted(" iifname ", packet.in) + quoted(" oifname ", packet.out) + " accept'";
}

std::string owner_of(const Table& table, const Chain& chain) {
  if (table.name == "firewalld") return " (firewalld)";
  if (!is_iptables(table, chain)) return "";
  if (is_ufw(table)) return " (ufw)";
  return has_chain(table, "DOCKER-USER") ? " (Docker)" : "";
}

void look_at(const Translator& translator, const Way& way, const Table& table, const Chain& chain,
             Findings& findings) {
  if (!sees(table, chain, way.packet)) return;
  Fate fate = walk(table, chain, way.packet);
  if (!fate.dropped) return;
  std::string text = "table " + std::string(name_of(table.family)) + " " + table.name + ", chain " +
                     chain.name + owner_of(table, chain) + " drops " + way.what + ", by " + fate.by;
  if (fate.excepted) text += ", but for what its rules accept";
  Finding finding{translator.device, text, mend(table, chain, way.packet, translator.device), !fate.excepted};
  // one command may mend several ways; the first is told
  auto same = [&](const Finding& other) {
    return other.mend == finding.mend && other.about == finding.about;
  };
  if (std::none_of(findings.begin(), findings.end(), same)) findings.push_back(std::move(finding));
}

}  // namespace

Findings find_firewall(const Observed& observed) {
  Findings findings;
  for (const Translator& translator : observed.translators)
    for (const Way& way : ways_of(translator, observed))
      for (const Table& table : observed.ruleset)
        for (const auto& [name, chain] : table.chains) look_at(translator, way, table, chain, findings);
  if (observed.legacy_tables.contains("filter") && !observed.translators.empty())
    findings.push_back({"", "rules of iptables-legacy are in use, which cannot be read here",
                        "iptables-legacy-save; ip6tables-legacy-save", false});
  return findings;
}

}  // namespace ipxlat::ctl::doctor
