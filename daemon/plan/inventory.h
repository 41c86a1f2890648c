// SPDX-License-Identifier: GPL-2.0-only
// The resources that there are, by key: an index of what was read.
#ifndef IPXLAT_DAEMON_PLAN_INVENTORY_H
#define IPXLAT_DAEMON_PLAN_INVENTORY_H

#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/plan/resource.h"
#include "daemon/plan/seen.h"
#include "daemon/plan/step.h"

namespace ipxlat {

class Inventory {
 public:
  explicit Inventory(const Seen& seen, const MadeResources& made = {});

  // Null if it is not there. Valid until the next change.
  const Resource* find(const std::string& key) const;
  bool ours(const std::string& key) const;

  // Of ours, in no particular order.
  std::vector<const Resource*> all_ours() const;

  // As if it had been read after the step. What was on a device goes with it.
  void take(const Step& step);

 private:
  std::unordered_map<std::string, Found<Resource>> all_;
};

// The interface without which the resource is not; empty if it needs none.
std::string link_of(const Resource& resource);

}  // namespace ipxlat

#endif
