// SPDX-License-Identifier: GPL-2.0-only
// Makes the kernel have what the configuration wants, again and again, from a fresh reading each time. What
// one unit wants or lacks never keeps another from being made or taken away.
#ifndef IPXLAT_DAEMON_SERVICE_RECONCILER_H
#define IPXLAT_DAEMON_SERVICE_RECONCILER_H

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/kernel/kernel.h"
#include "daemon/plan/knowledge.h"
#include "daemon/plan/report.h"
#include "daemon/plan/time.h"
#include "daemon/plan/unit.h"
#include "daemon/service/back_off.h"
#include "daemon/service/ledger.h"
#include "daemon/service/log.h"
#include "lib/siphash.h"

namespace ipxlat {

class Reconciler {
 public:
  struct Outcome {
    std::vector<Report> reports;  // one for each unit
    bool complete = true;         // false: something failed
    std::optional<Time> next;     // when to come back even if nothing happens
    Discovery discover{};
  };

  // Where it tells what it does.
  using Say = std::function<void(Level, const std::string&)>;

  Reconciler(Kernel& kernel, const SipKey& secret, Ledger ledger, Say say);

  // What failed under the former one is tried at once.
  void set_config(Config config);

  // What has been learnt until now.
  void know(Knowledge knowledge);

  // Where the kernel's state cannot be read the reports are the last ones, and nothing was changed.
  Outcome reconcile(Time now);

  // Takes everything away and puts everything back. What could not be, in words; to be called again then.
  std::vector<std::string> stop();

 private:
  struct Pass;

  Result<Seen> read();
  void serve(Unit& unit, Pass& pass);
  void guard(const Unit& unit, Pass& pass);
  Result<void> reach(const Unit& unit, Pass& pass);
  // All steps or none.
  Result<void> take(const Unit& unit, const std::vector<Step>& steps, Pass& pass);
  // `before` is what the ledger had before `done`.
  void roll_back(const std::string& prefix, const std::vector<Step>& done, Pass& pass, MadeResources before);
  void remember_tables(const std::string& unit, std::vector<Step>& steps) const;
  // What is left over. If `patient`, what could not be taken away a moment ago is not tried again.
  std::vector<std::string> take_away(Pass& pass, bool patient);
  void tell(const Unit& unit);

  Kernel& kernel_;
  SipKey secret_;
  Ledger ledger_;
  Say say_;
  Config config_;
  Knowledge knowledge_;
  std::map<std::string, Unit> reached_;       // by id: what was reached last
  std::map<std::string, Unit> refused_;       // by id: what could not be had
  std::map<std::string, BackOff> back_offs_;  // by id, or by the key of what could not be taken away
  BackOff reading_;
  Outcome outcome_;                          // the last one,
  std::optional<Seen> looked_at_;            // and of what
  std::map<std::string, std::string> told_;  // by id: what the log says
};

}  // namespace ipxlat

#endif
