// SPDX-License-Identifier: GPL-2.0-only
// Which unit made which resource, written down before the resource is made.
#ifndef IPXLAT_DAEMON_SERVICE_LEDGER_H
#define IPXLAT_DAEMON_SERVICE_LEDGER_H

#include <functional>
#include <string>
#include <unordered_set>
#include <vector>

#include "daemon/plan/inventory.h"
#include "daemon/plan/made.h"
#include "daemon/plan/seen.h"
#include "daemon/plan/step.h"
#include "lib/result.h"

namespace ipxlat {

// The contents of made.json. std::runtime_error if it is damaged.
std::string made_text(const MadeResources& made);
MadeResources parse_made(const std::string& text);

// The sysctls among them, by path.
std::map<std::string, ChangedSysctl> changed_sysctls(const MadeResources& made);

// The keys of the addresses among them.
std::set<std::string> made_addresses(const MadeResources& made);

class Ledger {
 public:
  using Save = std::function<Result<void>(const MadeResources&)>;

  // `made` is what an earlier daemon left.
  Ledger(MadeResources made, Save save);

  const MadeResources& made() const { return made_; }

  // What `unit` has, by key.
  std::vector<std::string> of(const std::string& unit) const;

  // The unit is about to take these steps, which it may do only if this succeeds.
  Result<void> note(const std::string& unit, const std::vector<Step>& steps, const Seen& seen);

  // They were taken.
  void done(const std::vector<Step>& steps);

  // `unit` has what it wants: these keys, of which `there` tells which the daemon made, and no others.
  void settle(const std::string& unit, const std::unordered_set<std::string>& keys, const Inventory& there);

  // What was noted is taken back.
  void set(MadeResources made);

  void forget(const std::string& key) { changed_ |= made_.erase(key) > 0; }

  // Sysctls of interfaces that have another name now, or are gone. True if there are any.
  bool follow(const std::vector<SeenLink>& links);

  // What there is no more of, by whomever it was taken away.
  void forget_all_but(const Inventory& there);

  // Writes what settle() and the like have changed.
  Result<void> save();

 private:
  MadeResources made_;
  Save save_;
  bool changed_ = false;
};

}  // namespace ipxlat

#endif
