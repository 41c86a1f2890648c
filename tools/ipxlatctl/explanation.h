// SPDX-License-Identifier: GPL-2.0-only
// What the translating code makes of addresses: the same code that the kernel runs, on a device's
// settings.
#ifndef IPXLAT_TOOLS_IPXLATCTL_EXPLANATION_H
#define IPXLAT_TOOLS_IPXLATCTL_EXPLANATION_H

#include <netinet/in.h>

#include <string>
#include <vector>

#include "kmod/core/ends.h"
#include "lib/core_config.h"

namespace ipxlat::ctl {

// One address and what it becomes.
struct ExplainedEnd {
  std::string address;
  std::string result;  // empty if it has no form in the other family
  // "local-map PREFIX4 PREFIX6", "remote-prefix6 PREFIX6", "icmp-source4", "the quoted destination"; or empty
  std::string rule;
};

struct Explanation {
  std::vector<ExplainedEnd> ends;  // one, or source and destination; empty results if never looked up
  uint32_t reason = IPXLAT_REASON_OK;
  std::string error_source4;  // what an ICMPv6 error from the first end would come from, if it matters
};

class Explainer {
 public:
  // std::invalid_argument: the core refuses the settings or the map.
  explicit Explainer(const DeviceConfig& config);

  // One address, as a packet's destination.
  Explanation explain(const in_addr& address) const;
  Explanation explain(const in6_addr& address) const;

  // Both ends of a packet that is no ICMP error.
  Explanation explain(const in_addr& source, const in_addr& destination) const;
  Explanation explain(const in6_addr& source, const in6_addr& destination) const;

  // One end of a packet that is known to have become `to`.
  ExplainedEnd written(const in_addr& from, const in6_addr& to) const;
  ExplainedEnd written(const in6_addr& from, const in_addr& to) const;

  const ipxlat_config& config() const { return core_.get(); }

 private:
  template <class From, class To>
  ExplainedEnd end(const From& from, ipxlat_way way, const To& to) const;
  template <class From>
  std::string rule(const From& from, ipxlat_way way) const;

  CoreConfig core_;
  std::string remote_rule_;
};

}  // namespace ipxlat::ctl

#endif
