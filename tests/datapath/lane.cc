// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/lane.h"

#include <stdexcept>

#include "kmod/core/reason.h"
#include "tests/datapath/mutator.h"

namespace ipxlat::test {

void Tally::collect(Devices& devices) {
  auto all = devices.list_stats();
  if (!all) return;
  std::map<uint32_t, Counters> now;
  for (const DeviceStats& device : *all)
    for (const ReasonCounter& reason : device.reasons) {
      uint64_t before = last_[device.ifindex][reason.name];
      total_[reason.name] += reason.packets - (reason.packets >= before ? before : 0);
      now[device.ifindex][reason.name] = reason.packets;
    }
  last_ = std::move(now);
}

uint64_t Tally::translated() const {
  auto found = total_.find(ipxlat_reason_name(IPXLAT_REASON_OK));
  return found == total_.end() ? 0 : found->second;
}

uint64_t Tally::dropped() const {
  uint64_t all = 0;
  for (const auto& [name, packets] : total_) all += packets;
  return all - translated();
}

Lane::Lane(const Arena& arena, const Corpus& corpus, const std::string& source)
    : arena_(arena),
      corpus_(corpus),
      devices_(arena.open_devices()),
      witness_(arena),
      group_(&corpus.nat_group()) {
  std::string names;
  for (const auto& one : arena.sources()) {
    names += " " + one->name();
    if (source.empty() || source == one->name()) accounts_.push_back({one.get()});
  }
  if (accounts_.empty()) throw std::runtime_error("there is no source '" + source + "'; there are:" + names);
}

void Lane::begin_epoch(Random& random) {
  group_ = arena_.nat() && random.one_in(2) ? &corpus_.nat_group() : &corpus_.any_group(random);
  // a disturbance may have taken the device away: then what is there next is without settings for a while
  (void)devices_->change(Arena::kDevice, replace_with(group_->config));
  witness_.watch_device(random.one_in(3), random.one_in(2));
}

void Lane::inject(Random& random) {
  const Packet& seed = random.one_in(5) ? corpus_.any_packet(random) : random.of(group_->packets);
  Packet packet = mutate(seed, corpus_.any_packet(random), random);
  Account& account = random.of(accounts_);
  if (account.source->inject(packet, random))
    account.injected++;
  else
    account.refused++;
}

void Lane::collect() { tally_.collect(*devices_); }

}  // namespace ipxlat::test
