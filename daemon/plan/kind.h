// SPDX-License-Identifier: GPL-2.0-only
// What the kinds of resources have in common. Each kind is a plain struct in a file of its own, and stands in
// the variant of daemon/plan/resource.h. It has
//
// * key(): the same for the same thing, whatever it is set to, and unique among all kinds;
// * operator==: it is as wanted;
// * describe(action, former): a step with it, in words;
// * find(seen, made): what there is of the kind, given what was read and what the ledger has.
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
