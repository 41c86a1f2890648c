// SPDX-License-Identifier: GPL-2.0-only
// The prefixes that resolvers know, and when they are to be asked (RFC 7050 section 3).
#ifndef IPXLAT_DAEMON_DISCOVERY_RESOLVED_PREFIXES_H
#define IPXLAT_DAEMON_DISCOVERY_RESOLVED_PREFIXES_H

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "daemon/plan/knowledge.h"
#include "daemon/plan/time.h"

namespace ipxlat {

class ResolvedPrefixes {
 public:
  static constexpr std::chrono::seconds kBeforeEnd{10};  // RFC 7050 section 3: the next question
  // Of resolvers that know none, or do not answer.
  static constexpr std::chrono::seconds kFirstPause{4}, kLongestPause{3600}, kLongestSilence{300};
  // Routers are asked, too, and answer within half a second (RFC 4861 section 6.2.6): they come first (RFC
  // 8781 section 5.1).
  static constexpr std::chrono::seconds kRoutersFirst{1};
  // Shorter lifetimes would be a load, longer ones are not believed.
  static constexpr std::chrono::seconds kShortest{10}, kLongest{24 * 3600};
  // Whoever was answered once goes on while nobody answers: a network whose resolvers fail still has its
  // NAT64.
  static constexpr std::chrono::hours kStale{24};
  // After a link's carrier was away it may be another network.
  static constexpr std::chrono::seconds kProof{10};

  // The links on which a prefix is wanted by name, and whom to ask there. Whoever changes is asked anew.
  void want(const std::map<uint32_t, Search>& links, Time now);

  // One that a former daemon had from there. It has to be told again once the link is wanted.
  void remember(const LearntPrefix& former);

  // What came of a question: the prefixes of an answer, perhaps none; and how long it holds.
  void take(uint32_t ifindex, std::vector<Prefix6> prefixes, std::chrono::seconds lifetime, Time now);
  // Nobody answered, or nobody could.
  void fail(uint32_t ifindex, Time now);

  // Forgets what has ended. The links whose resolvers are to be asked now, by the caller, who tells what came
  // of it.
  std::vector<uint32_t> pass(Time now);
  // When to call it again.
  std::optional<Time> next() const;

  // By link, in the order of their answers.
  std::vector<LearntPrefix> all() const;

 private:
  struct Link {
    std::optional<Search> search;  // while one is wanted
    bool asked = false;            // and what comes of it is not known yet
    Time ask_at;
    Time::duration pause = kFirstPause;  // behind the next question
    std::vector<Prefix6> prefixes{};
    bool proven = false;  // since its carrier was away
    Time learnt{};
    Time until{};  // of those
  };

  void plan_next_question(Link& link, Time now, Time::duration longest);

  std::map<uint32_t, Link> links_;
};

}  // namespace ipxlat

#endif
