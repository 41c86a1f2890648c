// SPDX-License-Identifier: GPL-2.0-only
// Makes the kernel have what the configuration wants, again and again, from a fresh reading each time.
#ifndef IPXLAT_DAEMON_SERVICE_RECONCILER_H
#define IPXLAT_DAEMON_SERVICE_RECONCILER_H

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/kernel/kernel.h"
#include "daemon/plan/report.h"
#include "daemon/plan/target.h"
#include "lib/siphash.h"

namespace ipxlat {

using ChangedSysctls = std::map<std::string, ChangedSysctl>;

// What every instance of `config` wants, in the order nat64, clat, siit.
std::vector<Target> make_targets(const Config& config, const Seen& seen, const SipKey& secret);

// The steps that a reconciler would take, in words.
std::vector<std::string> rehearse(const Config& config, Seen seen, const SipKey& secret);

class Reconciler {
 public:
  struct Outcome {
    std::vector<Report> reports;  // one for each instance
    bool complete = true;         // false: something failed and is worth another try
  };

  // Called before a sysctl is written, which it then is only if this succeeds, and after one was put back.
  using Save = std::function<Result<void>(const ChangedSysctls&)>;

  // `changed` is what earlier daemons left to put back.
  Reconciler(Kernel& kernel, const SipKey& secret, ChangedSysctls changed, Save save);

  void set_config(Config config);

  // An error if the kernel's state cannot be read; nothing was changed then.
  Result<Outcome> reconcile();

  // Takes everything away and puts everything back. False if something could not be.
  bool stop();

 private:
  Result<Seen> read();
  Result<void> apply(const Step& step);
  // All steps or none. True, or the target's report says why not. `seen` is told of sysctls.
  bool reach(Target& target, Seen& seen);
  void roll_back(const std::vector<Step>& done, const Seen& before, const std::vector<nft::Table>& former);
  bool take_away(const std::vector<Target>& kept, const Seen& seen);
  void tell(const Report& report);

  Kernel& kernel_;
  SipKey secret_;
  ChangedSysctls changed_;
  Save save_;
  Config config_;
  std::map<std::string, Target> reached_;    // by id: what was reached last
  std::map<std::string, std::string> told_;  // by id: what the log says
};

}  // namespace ipxlat

#endif
