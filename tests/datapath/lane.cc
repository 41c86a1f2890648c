// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/lane.h"

#include <stdexcept>

#include "tests/datapath/mutator.h"

namespace ipxlat::test {
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
