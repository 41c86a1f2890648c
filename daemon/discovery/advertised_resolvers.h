// SPDX-License-Identifier: GPL-2.0-only
// The resolvers that routers name, each as long as one of them says (RFC 8106 section 5.1).
#ifndef IPXLAT_DAEMON_DISCOVERY_ADVERTISED_RESOLVERS_H
#define IPXLAT_DAEMON_DISCOVERY_ADVERTISED_RESOLVERS_H

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "daemon/discovery/resolver_option.h"
#include "daemon/plan/knowledge.h"
#include "daemon/plan/time.h"

namespace ipxlat {

class AdvertisedResolvers {
 public:
  static constexpr size_t kMostOfLink = 8;  // the first that are heard; whoever floods it fills no memory

  // The links, by index, that are up. Of others nothing is taken, nor is anything kept.
  void want(const std::set<uint32_t>& links);
  void take(uint32_t ifindex, const ResolverOption& option, Time now);
  // Forgets what has ended.
  void pass(Time now);
  // When to call it again.
  std::optional<Time> next() const;
  // In the order in which they were heard first.
  std::vector<LearntResolver> all() const;

 private:
  struct Named {
    LearntResolver resolver;
    std::optional<Time> until;
  };

  std::set<uint32_t> links_;
  std::vector<Named> named_;
};

}  // namespace ipxlat

#endif
