// SPDX-License-Identifier: GPL-2.0-only
// What the fuzzer of maps makes of its input: requests that change a map, one after the other.
#ifndef IPXLAT_TESTS_FUZZ_MAP_REQUESTS_H
#define IPXLAT_TESTS_FUZZ_MAP_REQUESTS_H

#include <array>
#include <optional>
#include <string>

#include "lib/settings.h"
#include "tests/fuzz/dissection.h"

namespace ipxlat::test {

struct MapRequest {
  bool flush = false;
  std::vector<MapEntry> del;
  std::vector<MapEntry> add;
  std::vector<in6_addr> queries;  // addresses to look up, and what their last four bytes are in IPv4
  std::optional<Prefix6> remote;  // to embed them in
};

// The input is a row of steps. Each is a byte that says which, and what belongs to it, zero where the input
// has ended.
enum class MapStep : uint8_t {
  kAdd,     // 22 bytes: an entry; with kMasked the bits behind its lengths are cleared
  kNest,    // one given before, its new lengths, 4 bytes for what is behind them: another within or around it
  kDel,     // one given before
  kFlush,   //
  kQuery,   // 16 bytes: an address
  kRemote,  // 17 bytes: a prefix
  kCommit,  // the end of a request
  kCount
};

inline constexpr uint8_t kMasked = 0x80;

class MapRequests {
 public:
  explicit MapRequests(View input) : input_(input) {}

  // Nothing at the end of the input.
  std::optional<MapRequest> next();

 private:
  // False if it ends the request.
  bool read_step(MapRequest& request);
  MapEntry read_given();
  MapEntry read_nested();

  template <class T>
  T take();

  View input_;
  std::vector<MapEntry> given_;
};

// Its first and its last address, and the two next to these.
std::array<in_addr, 4> edges(const Prefix4& prefix);
std::array<in6_addr, 4> edges(const Prefix6& prefix);

// The requests in words.
std::string describe(MapRequests requests);

// The steps of one request that adds `map`, as an input has them.
Bytes encode(const std::vector<MapEntry>& map);

}  // namespace ipxlat::test

#endif
