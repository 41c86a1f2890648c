// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/injector.h"

#include <chrono>
#include <stdexcept>

#include "kmod/core/reason.h"
#include "lib/netlink.h"
#include "tests/packet/compare.h"

namespace ipxlat::test {
namespace {

constexpr int kPatience = 10000;  // milliseconds

template <class T>
T need(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text);
  return std::move(*result);
}

}  // namespace

Injector::Injector(const Topology& topology)
    : devices_(need(NetlinkDevices::open())),
      device_(topology.device),
      tap_(topology.tap),
      link4_(topology.link4),
      link6_(topology.link6),
      capture_(device_, Capture::Direction::kReceived),
      counters_(counters()) {}

bool Injector::can_inject(const Vector& vector) {
  uint32_t mtu = vector.in.family == Family::kIpv4 ? vector.links.mtu4 : vector.links.mtu6;
  return vector.in.bytes.size() <= kTapPacketMax && mtu <= kTapMtuMax;
}

void Injector::lay_out(Memory memory, bool cloned) {
  memory_ = memory;
  holder_.reset();
  if (cloned) holder_.emplace(device_, Capture::Direction::kSent);
}

std::string Injector::run(const Vector& vector) {
  configure(vector);
  tap_.send(vector.in, memory_);
  // all three are read whatever the first ones say, so that one mistake is not seen in the packets after it
  const std::string wrong[] = {wait_for_count(vector), received(vector), holder_ ? held(vector) : ""};
  for (const std::string& one : wrong)
    if (!one.empty()) return one;
  return {};
}

void Injector::configure(const Vector& vector) {
  Link& out = vector.in.family == Family::kIpv4 ? link6_ : link4_;
  tap_.link().set_mtu(vector.in.family == Family::kIpv4 ? vector.links.mtu4 : vector.links.mtu6);
  out.set_mtu(vector.in.family == Family::kIpv4 ? vector.links.mtu6 : vector.links.mtu4);
  if (vector.config == config_) return;
  if (auto changed = devices_->change(device_.name(), replace_with(vector.config)); !changed)
    throw std::runtime_error(changed.error().text);
  config_ = vector.config;
}

Injector::Counters Injector::counters() {
  Counters counters;
  for (const ReasonCounter& reason : need(devices_->get_stats(device_.name())).reasons)
    counters[reason.name] = reason.packets;
  return counters;
}

// The packet is to be counted once, under its reason.
std::string Injector::wait_for_count(const Vector& vector) {
  const std::string wanted = ipxlat_reason_name(vector.reason);
  auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(kPatience);
  std::string seen;
  while (seen.empty() && std::chrono::steady_clock::now() < end) {
    Counters now = counters();
    for (const auto& [name, count] : now)
      if (uint64_t more = count - counters_[name]) seen += " " + name + " " + std::to_string(more);
    counters_ = std::move(now);
  }
  if (seen == " " + wanted + " 1") return {};
  return "counted" + (seen.empty() ? " nothing" : seen) + " instead of " + wanted + " 1";
}

std::string Injector::received(const Vector& vector) {
  std::vector<Bytes> packets;
  while (packets.size() < vector.out.size()) {
    std::optional<Bytes> packet = capture_.next(kPatience);
    if (!packet) break;
    packets.push_back(std::move(*packet));
  }
  while (std::optional<Bytes> packet = capture_.next(0)) packets.push_back(std::move(*packet));
  return difference(vector.out, packets);
}

std::string Injector::held(const Vector& vector) {
  std::optional<Bytes> packet = holder_->next(kPatience);
  if (!packet) return "the packet that was sent has not been seen";
  if (*packet == vector.in.bytes) return {};
  return "the packet that someone else held was changed\nsent     " + hex(vector.in.bytes) + "\nseen     " +
         hex(*packet) + "\n";
}

}  // namespace ipxlat::test
