// SPDX-License-Identifier: GPL-2.0-only
// A daemon on the fake kernel, without its event loop.
#ifndef IPXLAT_TESTS_UNIT_DAEMON_RECONCILED_H
#define IPXLAT_TESTS_UNIT_DAEMON_RECONCILED_H

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "daemon/service/reconciler.h"
#include "lib/networks.h"
#include "tests/unit/daemon_fake_kernel.h"

namespace ipxlat {

inline Nat64Config nat64(const std::string& name, const std::string& pref64, const std::string& pool4) {
  Nat64Config config;
  config.name = config.device = name;
  config.settings.remote_prefix6 = parse_prefix6(pref64);
  config.mode = Nat64Mode::kMasquerade;
  config.uplinks = {"eth1"};
  config.pool4 = {parse_prefix4(pool4)};
  config.pool6 = {internal6(config.pool4[0])};
  return config;
}

// With an address of the uplink's own, so that nothing is waited for.
inline ClatConfig clat(const std::string& name, const std::string& uplink) {
  ClatConfig config;
  config.name = name;
  config.device = name + "0";
  config.uplinks = {uplink};
  config.pref64 = parse_prefix6("64:ff9b::/96");
  config.address6 = SharedAddress{};
  return config;
}

class DaemonReconciler : public testing::Test {
 protected:
  DaemonReconciler() {
    kernel_.add_link("eth0");
    kernel_.add_link("eth1");
    config_.nat64 = {nat64("edge", "64:ff9b::/96", "198.18.0.0/15")};
    start();
  }

  // A daemon that finds what the one before it remembered on disk.
  void start() {
    Ledger ledger(saved_, [this](const MadeResources& made) -> Result<void> {
      if (full_) return NetlinkError{ENOSPC, "cannot write made.json: No space left on device"};
      kernel_.moment();
      saved_ = made;
      return {};
    });
    daemon_.emplace(kernel_, SipKey{7}, std::move(ledger),
                    [this](Level, const std::string& text) { log_.push_back(text); });
    daemon_->set_config(config_);
  }

  Reconciler::Outcome reconcile() { return daemon_->reconcile(now_); }

  void reload(const Config& config) {
    config_ = config;
    daemon_->set_config(config);
  }

  // What is there only while an instance is on.
  std::vector<std::string> made_but_guards() const {
    auto made = kernel_.made();
    std::erase_if(made, [](const std::string& one) { return one.starts_with("unreachable"); });
    return made;
  }

  FakeKernel kernel_;
  Config config_;
  MadeResources saved_;
  Time now_{};
  std::vector<std::string> log_;
  bool full_ = false;
  std::optional<Reconciler> daemon_;
};

}  // namespace ipxlat

#endif
