// SPDX-License-Identifier: GPL-2.0-only
// A kernel with a few devices in memory, and ipxlatctl run against it.
#ifndef IPXLAT_TESTS_UNIT_CTL_FAKE_DEVICES_H
#define IPXLAT_TESTS_UNIT_CTL_FAKE_DEVICES_H

#include <algorithm>
#include <cerrno>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "lib/devices.h"
#include "tools/ipxlatctl/context.h"
#include "tools/ipxlatctl/doctor/observed.h"

namespace ipxlat::ctl {

// What the commands see, kept outside of FakeDevices so that it outlives a command.
struct FakeKernel {
  std::map<std::string, DeviceConfig> devices;
  std::map<std::string, DeviceStats> counters;
  std::vector<std::pair<std::string, Change>> changes;  // every request, refused or not
  std::optional<NetlinkError> missing;                  // why the kernel cannot be asked at all
  std::optional<NetlinkError> refusal;                  // of every change
  std::vector<DeviceEvent> announced;                   // then the socket fails
  bool daemon_runs = true;
  std::vector<Flow6> flows6;  // of the connection tracker
  std::vector<Flow4> flows4;
  std::optional<NetlinkError> no_tracker;  // why it cannot be asked
  size_t asked = 0;                        // for how many tuples
  std::vector<std::string> entered;        // network namespaces
  doctor::Observed observed;               // but for the translators
  metrics::Numbers numbers;                // but for the instances
  std::optional<ConnectionTable> table;
};

class FakeDevices final : public Devices {
 public:
  explicit FakeDevices(FakeKernel& kernel) : kernel_(kernel) {}

  Result<std::vector<DeviceState>> list() override {
    std::vector<DeviceState> states;
    for (const auto& [name, config] : kernel_.devices) states.push_back(state(name, config));
    return states;
  }
  Result<DeviceState> get(const std::string& ifname) override {
    auto found = kernel_.devices.find(ifname);
    if (found == kernel_.devices.end()) return absent(ifname);
    return state(ifname, found->second);
  }
  Result<std::vector<MapEntry>> get_map(const std::string& ifname) override {
    auto found = kernel_.devices.find(ifname);
    if (found == kernel_.devices.end()) return absent(ifname);
    return found->second.map;
  }
  Result<void> change(const std::string& ifname, const Change& change) override {
    kernel_.changes.emplace_back(ifname, change);
    if (kernel_.refusal) return *kernel_.refusal;
    auto found = kernel_.devices.find(ifname);
    if (found == kernel_.devices.end()) return absent(ifname);
    apply_change(found->second, change);
    return {};
  }
  Result<std::vector<DeviceStats>> list_stats() override {
    std::vector<DeviceStats> stats;
    for (const auto& [name, counters] : kernel_.counters) stats.push_back(counters);
    return stats;
  }
  Result<DeviceStats> get_stats(const std::string& ifname) override {
    auto found = kernel_.counters.find(ifname);
    if (found == kernel_.counters.end()) return absent(ifname);
    return found->second;
  }
  Result<void> watch(const std::function<bool(const DeviceEvent&)>& seen) override {
    for (const DeviceEvent& event : kernel_.announced)
      if (!seen(event)) return {};
    return NetlinkError{EIO, "the socket failed"};
  }

 private:
  static NetlinkError absent(const std::string& ifname) { return {ENODEV, "no device '" + ifname + "'"}; }
  static DeviceState state(const std::string& name, const DeviceConfig& config) {
    bool configured = config.settings.remote_prefix6 || !config.map.empty();
    return {7, name, configured, config.settings, static_cast<uint32_t>(config.map.size())};
  }

  FakeKernel& kernel_;
};

// Tells of two flows at a time.
class FakeTracker final : public Tracker {
 public:
  explicit FakeTracker(FakeKernel& kernel) : kernel_(kernel) {}

  Result<void> visit6(const VisitFlows<in6_addr>& visit) override { return in_parts(kernel_.flows6, visit); }
  Result<void> visit4(const VisitFlows<in_addr>& visit) override { return in_parts(kernel_.flows4, visit); }
  Result<std::vector<std::optional<Flow4>>> find(const std::vector<Tuple4>& tuples) override {
    std::vector<std::optional<Flow4>> found;
    kernel_.asked += tuples.size();
    for (const auto& tuple : tuples) {
      auto& answer = found.emplace_back();
      for (const auto& flow : kernel_.flows4)
        if (is(flow.original, tuple) || is(flow.reply, tuple)) answer = flow;
    }
    return found;
  }

 private:
  template <class Address>
  static Result<void> in_parts(const std::vector<Flow<Address>>& flows, const VisitFlows<Address>& visit) {
    for (size_t at = 0; at < flows.size(); at += 2)
      if (auto done = visit({&flows[at], &flows[std::min(at + 2, flows.size())]}); !done) return done;
    return {};
  }
  static bool is(const Tuple4& a, const Tuple4& b) {
    const auto same = [](const Endpoint4& x, const Endpoint4& y) {
      return x.address.s_addr == y.address.s_addr && x.port == y.port;
    };
    return same(a.source, b.source) && same(a.destination, b.destination) && a.protocol == b.protocol &&
           a.icmp_type == b.icmp_type;
  }

  FakeKernel& kernel_;
};

struct Outcome {
  int status;
  std::string out;
  std::string err;
};

inline Outcome run_words(FakeKernel& kernel, std::vector<std::string> words, const std::string& input = {},
                         const std::string& state_file = "/nonexistent/state.json") {
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream err;
  auto open = [&kernel]() -> Result<std::unique_ptr<Devices>> {
    if (kernel.missing) return *kernel.missing;
    return std::unique_ptr<Devices>(std::make_unique<FakeDevices>(kernel));
  };
  auto enter = [&kernel](const std::string& name) -> Result<void> {
    if (name == "nowhere") return NetlinkError{ENOENT, "no network namespace 'nowhere'"};
    kernel.entered.push_back(name);
    return {};
  };
  Context context{.in = in,
                  .out = out,
                  .err = err,
                  .open_devices = open,
                  .open_tracker = [&kernel]() -> Result<std::unique_ptr<Tracker>> {
                    if (kernel.no_tracker) return *kernel.no_tracker;
                    return std::unique_ptr<Tracker>(std::make_unique<FakeTracker>(kernel));
                  },
                  .daemon_runs = [&kernel] { return Result<bool>(kernel.daemon_runs); },
                  .enter_namespace = enter,
                  .now = [] { return Time(std::chrono::milliseconds(1795695843123)); },
                  .observe =
                      [&kernel](std::vector<doctor::Translator> translators) {
                        auto observed = kernel.observed;
                        observed.translators = std::move(translators);
                        return observed;
                      },
                  .state_file = state_file,
                  .read_numbers =
                      [&kernel](std::vector<metrics::Instance> instances, bool daemon_runs) {
                        auto numbers = kernel.numbers;
                        numbers.instances = std::move(instances);
                        numbers.daemon_runs = daemon_runs;
                        return numbers;
                      },
                  .connection_table = [&kernel] { return kernel.table; }};
  int status = run(std::move(words), context);
  return {status, out.str(), err.str()};
}

}  // namespace ipxlat::ctl

#endif
