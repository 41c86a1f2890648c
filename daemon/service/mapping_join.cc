// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/service/mapping_join.h"

#include <cstring>
#include <iterator>
#include <utility>

namespace ipxlat {
namespace {

template <class Address>
bool same(const Endpoint<Address>& a, const Endpoint<Address>& b) {
  return a.port == b.port && std::memcmp(&a.address, &b.address, sizeof a.address) == 0;
}

}  // namespace

MappingJoin::Key MappingJoin::key_of(const Inside& between) {
  Key key{between.protocol, between.inbound};
  std::memcpy(&key[2], &between.inside.port, 2);
  std::memcpy(&key[4], &between.remote.port, 2);
  std::memcpy(&key[6], &between.inside.address, 4);
  std::memcpy(&key[10], &between.remote.address, 4);
  return key;
}

Inside MappingJoin::between_of(const Key& key) {
  Inside between{key[0], key[1] != 0, {}, {}};
  std::memcpy(&between.inside.port, &key[2], 2);
  std::memcpy(&between.remote.port, &key[4], 2);
  std::memcpy(&between.inside.address, &key[6], 4);
  std::memcpy(&between.remote.address, &key[10], 4);
  return between;
}

void MappingJoin::tell(bool begins, const Place& place, uint64_t time) const {
  const Known& known = place->second;
  tell_(begins, {between_of(place->first), known.client}, known.outside, time);
}

MappingJoin::Place MappingJoin::place(const Inside& between, From from) {
  const auto [place, added] = known_.try_emplace(key_of(between));
  if (added && from == From::kBefore) {
    place->second.unsure = true;
    unsure_++;
  }
  return place;
}

void MappingJoin::be_sure(Known& known) { unsure_ -= std::exchange(known.unsure, false); }

void MappingJoin::forget(const Place& place) {
  be_sure(place->second);
  known_.erase(place);
}

// What was there and is another now has ended unheard.
template <class Set>
void MappingJoin::begin(const Place& place, bool Known::* side, bool unchanged, uint64_t time, From from,
                        Set set) {
  Known& known = place->second;
  // the look with which the log began saw it, too
  const bool began_since = from == From::kEvent && known.unsure;
  if (began_since) be_sure(known);
  if (known.*side && unchanged) {
    if (began_since && known.complete()) tell(true, place, time);
    return;
  }
  if (known.complete()) tell(false, place, time);
  set(known);
  known.*side = true;
  if (known.complete() && from != From::kBefore) tell(true, place, time);
}

void MappingJoin::begins(const Session& session, uint64_t time, From from) {
  const auto at = place(session.between, from);
  at->second.seen6 = true;
  begin(at, &Known::six, same(at->second.client, session.client), time, from,
        [&](Known& known) { known.client = session.client; });
}

void MappingJoin::begins(const Leg4& leg, uint64_t time, From from) {
  const auto at = place(leg.between, from);
  at->second.seen4 = true;
  begin(at, &Known::four, same(at->second.outside, leg.outside), time, from,
        [&](Known& known) { known.outside = leg.outside; });
}

bool MappingJoin::end(const Place& place, bool Known::* side, uint64_t time) {
  Known& known = place->second;
  if (known.complete()) tell(false, place, time);
  known.*side = false;
  return !known.six && !known.four;
}

void MappingJoin::ends(const Session& session, uint64_t time) {
  const auto at = known_.find(key_of(session.between));
  if (at == known_.end() || !at->second.six || !same(at->second.client, session.client)) return;
  if (end(at, &Known::six, time)) forget(at);
}

void MappingJoin::ends(const Leg4& leg, uint64_t time) {
  const auto at = known_.find(key_of(leg.between));
  if (at == known_.end() || !at->second.four || !same(at->second.outside, leg.outside)) return;
  if (end(at, &Known::four, time)) forget(at);
}

void MappingJoin::start_look() {
  for (auto& [key, known] : known_) known.seen6 = known.seen4 = false;
}

void MappingJoin::finish_look(uint64_t time) {
  for (auto at = known_.begin(); at != known_.end();) {
    const auto next = std::next(at);
    const bool gone6 = at->second.six && !at->second.seen6;
    const bool gone4 = at->second.four && !at->second.seen4;
    bool left = true;
    if (gone6) left = !end(at, &Known::six, time);
    if (gone4) left = !end(at, &Known::four, time);
    if (!left) forget(at);
    at = next;
  }
}

}  // namespace ipxlat
