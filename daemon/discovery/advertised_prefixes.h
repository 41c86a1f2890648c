// SPDX-License-Identifier: GPL-2.0-only
// The prefixes that routers advertise, each as long as its router says (RFC 8781 section 5), and when routers
// are to be asked for them: RFC 7559 as long as a link has none, and in time before one ends.
#ifndef IPXLAT_DAEMON_DISCOVERY_ADVERTISED_PREFIXES_H
#define IPXLAT_DAEMON_DISCOVERY_ADVERTISED_PREFIXES_H

#include <netinet/in.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

#include "daemon/discovery/pref64_option.h"
#include "daemon/plan/knowledge.h"
#include "daemon/plan/time.h"

namespace ipxlat {

class AdvertisedPrefixes {
 public:
  static constexpr std::chrono::seconds kFirstPause{4}, kLongestPause{3600};  // RFC 7559 section 2
  // After a link's carrier was away it may be another network: what was advertised there must be again.
  static constexpr std::chrono::seconds kProof{10};
  // A router's advertisements come three times a lifetime (RFC 8781 section 4.1): two are lost when this is
  // left of it.
  static constexpr int kLastPart = 3;
  static constexpr std::chrono::seconds kLastQuestion{1};  // before an end
  static constexpr size_t kMostOfLink = 16;                // whoever floods it shall not fill the memory

  // The links, by index, that are up and on which somebody wants a prefix. What is advertised on others is
  // not taken.
  void want(const std::set<uint32_t>& links, Time now);

  // From a router, by its link-local address.
  void take(uint32_t ifindex, const in6_addr& router, const Pref64Option& option, Time now);

  // One that a former daemon had from there. It has to come again once the link is wanted.
  void remember(const LearntPrefix& former, Time now);

  // Forgets what has ended. The links whose routers are to be asked now, by the caller.
  std::vector<uint32_t> pass(Time now);
  // When to call it again.
  std::optional<Time> next() const;

  // Each prefix of a link once: until its last router's ends.
  std::vector<LearntPrefix> all() const;

 private:
  using Address = std::array<uint8_t, sizeof(in6_addr)>;
  using Key = std::tuple<uint32_t, Prefix6, Address>;  // link, prefix, router
  struct Advertised {
    Time until;
    Time::duration lifetime;
  };
  struct Link {
    Time ask_at;
    Time::duration pause = kFirstPause;  // behind it
  };

  void make_room(uint32_t ifindex);
  void plan_question(uint32_t ifindex, Link& link, Time now);

  std::map<Key, Advertised> advertised_;
  std::map<uint32_t, Link> links_;
};

}  // namespace ipxlat

#endif
