// SPDX-License-Identifier: GPL-2.0-only
// What the kinds of resources have in common. Each kind is a plain struct in a file of its own, with
//
//     std::string key() const;      the same for the same thing, whatever it is set to; unique among all
//     kinds operator==                    it is as wanted std::string describe(Action action, const Kind*
//     former) const; static std::vector<Found<Kind>> find(const Seen& seen);    what there is of the kind
//
// and stands in the variant of daemon/plan/resource.h.
#ifndef IPXLAT_DAEMON_PLAN_KIND_H
#define IPXLAT_DAEMON_PLAN_KIND_H

#include "daemon/plan/made.h"

namespace ipxlat {

struct Seen;

enum class Action { kPut, kChange, kDrop };

template <class Kind>
struct Found {
  Kind resource;
  bool ours = false;
};

}  // namespace ipxlat

#endif
