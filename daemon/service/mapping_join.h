// SPDX-License-Identifier: GPL-2.0-only
// The two flows of each session of a masquerading NAT64, put together as they come and go. When one of them
// ends the other may be gone already, so sessions are remembered, in some 100 bytes each.
#ifndef IPXLAT_DAEMON_SERVICE_MAPPING_JOIN_H
#define IPXLAT_DAEMON_SERVICE_MAPPING_JOIN_H

#include <array>
#include <cstdint>
#include <functional>
#include <unordered_map>

#include "lib/gateway.h"
#include "lib/siphash.h"

namespace ipxlat {

// A session has a public address from now on, or no more. The time is in nanoseconds since 1970.
using TellMapping =
    std::function<void(bool begins, const Session& session, const Endpoint4& outside, uint64_t time)>;

class MappingJoin {
 public:
  // How a flow became known: by its beginning, by a look at what there is, or by the look with which the log
  // began. Of the last kind nothing is told, unless its beginning is heard of afterwards, and it may end
  // without a word.
  enum class From { kEvent, kLook, kBefore };

  // The key makes it hard to bring about collisions from outside.
  MappingJoin(const SipKey& key, TellMapping tell) : known_(0, Hash{key}), tell_(std::move(tell)) {}

  void begins(const Session& session, uint64_t time, From from = From::kEvent);
  void begins(const Leg4& leg, uint64_t time, From from = From::kEvent);
  void ends(const Session& session, uint64_t time);
  void ends(const Leg4& leg, uint64_t time);

  // A look at everything that there is: what has not begun between the two calls ends with the second.
  void start_look();
  void finish_look(uint64_t time);

  size_t size() const { return known_.size(); }
  // Whether there are sessions that may end without a word.
  bool unsure() const { return unsure_ > 0; }

 private:
  using Key = std::array<uint8_t, 14>;
  struct Hash {
    SipKey key;
    size_t operator()(const Key& bytes) const { return siphash24(key, bytes); }
  };
  struct Known {
    Endpoint6 client;
    Endpoint4 outside;
    bool six = false, four = false;     // which flows there are,
    bool seen6 = false, seen4 = false;  // and were seen since the look began
    bool unsure = false;

    bool complete() const { return six && four; }
  };
  using Place = std::unordered_map<Key, Known, Hash>::iterator;

  static Key key_of(const Inside& between);
  static Inside between_of(const Key& key);
  Place place(const Inside& between, From from);
  void tell(bool begins, const Place& place, uint64_t time) const;
  // One side, which may have been there already.
  template <class Set>
  void begin(const Place& place, bool Known::* side, bool unchanged, uint64_t time, From from, Set set);
  // True if nothing is left of it.
  bool end(const Place& place, bool Known::* side, uint64_t time);
  void be_sure(Known& known);
  void forget(const Place& place);

  std::unordered_map<Key, Known, Hash> known_;
  TellMapping tell_;
  size_t unsure_ = 0;
};

}  // namespace ipxlat

#endif
