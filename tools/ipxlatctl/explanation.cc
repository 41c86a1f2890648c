// SPDX-License-Identifier: GPL-2.0-only
#include "tools/ipxlatctl/explanation.h"

namespace ipxlat::ctl {
namespace {

const ipxlat_map_entry* find_entry(const ipxlat_map& map, const in_addr& address) {
  return ipxlat_map_find4(&map, address.s_addr);
}

const ipxlat_map_entry* find_entry(const ipxlat_map& map, const in6_addr& address) {
  return ipxlat_map_find6(&map, &address);
}

}  // namespace

Explainer::Explainer(const DeviceConfig& config) : core_(config) {
  if (const auto& prefix = config.settings.remote_prefix6)
    remote_rule_ = "remote-prefix6 " + to_string(*prefix);
}

template <class From, class To>
ExplainedEnd Explainer::end(const From& from, ipxlat_way way, const To& to) const {
  ExplainedEnd end{to_string(from), {}, {}};
  if (way == IPXLAT_WAY_NONE) return end;
  end.result = to_string(to);
  end.rule = rule(from, way);
  return end;
}

template <class From>
std::string Explainer::rule(const From& from, ipxlat_way way) const {
  switch (way) {
    case IPXLAT_WAY_NEAR:
      return "local-map " + to_string(entry_of(*find_entry(core_.map(), from)));
    case IPXLAT_WAY_FAR:
      return remote_rule_;
    case IPXLAT_WAY_QUOTED:
      return "the quoted destination";
    default:
      return "icmp-source4";
  }
}

Explanation Explainer::explain(const in_addr& address) const {
  in6_addr out{};
  ipxlat_way way = ipxlat_ends_address_to6(&config(), address.s_addr, &out);
  Explanation explanation{{end(address, way, out)}, IPXLAT_REASON_OK, {}};
  if (!ipxlat_config_usable(&config()))
    explanation.reason = IPXLAT_REASON_NOT_CONFIGURED;
  else if (ipxlat_reason bad = ipxlat_addr4_check(address.s_addr, IPXLAT_REASON_BAD_DESTINATION))
    explanation.reason = bad;
  else if (way == IPXLAT_WAY_NONE)
    explanation.reason = IPXLAT_REASON_DESTINATION_UNMAPPED;
  else
    explanation.reason = ipxlat_addr6_check(&out, IPXLAT_REASON_BAD_DESTINATION);
  return explanation;
}

Explanation Explainer::explain(const in6_addr& address) const {
  in_addr out{};
  ipxlat_way way = ipxlat_ends_address_to4(&config(), &address, &out.s_addr);
  Explanation explanation{{end(address, way, out)}, IPXLAT_REASON_OK, {}};
  if (!ipxlat_config_usable(&config())) {
    explanation.reason = IPXLAT_REASON_NOT_CONFIGURED;
  } else if (ipxlat_reason bad = ipxlat_addr6_check(&address, IPXLAT_REASON_BAD_DESTINATION)) {
    explanation.reason = bad;
  } else if (way == IPXLAT_WAY_NONE) {
    explanation.reason = IPXLAT_REASON_DESTINATION_UNMAPPED;
    explanation.error_source4 = to_string(in_addr{config().settings.icmp_source4});
  } else {
    explanation.reason = ipxlat_addr4_check(out.s_addr, IPXLAT_REASON_BAD_DESTINATION);
  }
  return explanation;
}

Explanation Explainer::explain(const in_addr& source, const in_addr& destination) const {
  ipxlat_ends4 in{source.s_addr, destination.s_addr};
  ipxlat_ends6 out{};
  ipxlat_ways ways{IPXLAT_WAY_NONE, IPXLAT_WAY_NONE};
  Explanation explanation;
  explanation.reason = ipxlat_config_usable(&config()) ? ipxlat_ends_to6(&config(), &in, &out, &ways)
                                                       : IPXLAT_REASON_NOT_CONFIGURED;
  explanation.ends = {end(source, ways.source, out.source),
                      end(destination, ways.destination, out.destination)};
  return explanation;
}

Explanation Explainer::explain(const in6_addr& source, const in6_addr& destination) const {
  ipxlat_ends6 in{source, destination};
  ipxlat_ends4 out{};
  ipxlat_ways ways{IPXLAT_WAY_NONE, IPXLAT_WAY_NONE};
  Explanation explanation;
  explanation.reason = ipxlat_config_usable(&config()) ? ipxlat_ends_to4(&config(), &in, &out, &ways)
                                                       : IPXLAT_REASON_NOT_CONFIGURED;
  explanation.ends = {end(source, ways.source, in_addr{out.source}),
                      end(destination, ways.destination, in_addr{out.destination})};
  if (explanation.reason == IPXLAT_REASON_SOURCE_UNMAPPED)
    explanation.error_source4 = to_string(in_addr{config().settings.icmp_source4});
  return explanation;
}

ExplainedEnd Explainer::written(const in_addr& from, const in6_addr& to) const {
  const auto& remote = config().settings.remote_prefix6;
  in6_addr out{};
  if (ipxlat_ends_address_to6(&config(), from.s_addr, &out) == IPXLAT_WAY_NEAR &&
      IN6_ARE_ADDR_EQUAL(&out, &to))
    return end(from, IPXLAT_WAY_NEAR, to);
  if (remote.length) ipxlat_addr_embed(&remote, from.s_addr, &out);
  return end(from, remote.length && IN6_ARE_ADDR_EQUAL(&out, &to) ? IPXLAT_WAY_FAR : IPXLAT_WAY_QUOTED, to);
}

ExplainedEnd Explainer::written(const in6_addr& from, const in_addr& to) const {
  in_addr out{};
  ipxlat_way way = ipxlat_ends_address_to4(&config(), &from, &out.s_addr);
  return end(from, out.s_addr == to.s_addr ? way : IPXLAT_WAY_ICMP_SOURCE, to);
}

}  // namespace ipxlat::ctl
