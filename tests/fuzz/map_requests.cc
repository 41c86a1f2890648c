// SPDX-License-Identifier: GPL-2.0-only
#include "tests/fuzz/map_requests.h"

#include <algorithm>
#include <cstring>

namespace ipxlat::test {
namespace {

// an entry as the input has it
struct [[gnu::packed]] RawEntry {
  in_addr address4;
  uint8_t length4;
  in6_addr address6;
  uint8_t length6;
};

struct [[gnu::packed]] RawPrefix {
  in6_addr address;
  uint8_t length;
};

template <class Address>
void step(Address& address, int by) {
  auto* bytes = reinterpret_cast<uint8_t*>(&address);
  for (size_t at = sizeof address; at-- > 0;) {
    bytes[at] = static_cast<uint8_t>(bytes[at] + by);
    if (bytes[at] != (by > 0 ? 0 : 0xff)) return;
  }
}

template <class Prefix>
auto edges_of(const Prefix& prefix) {
  auto first = prefix.address, last = prefix.address;
  auto* bytes = reinterpret_cast<uint8_t*>(&last);
  for (size_t at = prefix.length; at < 8 * sizeof last; at++)
    bytes[at / 8] |= static_cast<uint8_t>(0x80 >> at % 8);
  auto before = first, after = last;
  step(before, -1);
  step(after, 1);
  return std::array{first, last, before, after};
}

// Gives the prefix a length, and other bits between the shorter of its two lengths and the end.
template <class Prefix>
void nest(Prefix& prefix, uint8_t length, const std::array<uint8_t, 4>& bits) {
  auto* bytes = reinterpret_cast<uint8_t*>(&prefix.address);
  size_t at = std::min(prefix.length, length) / 8;
  for (uint8_t byte : bits)
    if (at < sizeof prefix.address) bytes[at++] ^= byte;
  prefix.length = length;
}

}  // namespace

template <class T>
T MapRequests::take() {
  T value{};
  const size_t size = std::min(sizeof value, input_.size());
  std::memcpy(static_cast<void*>(&value), input_.data(), size);
  input_ = input_.subspan(size);
  return value;
}

MapEntry MapRequests::read_given() {
  const auto index = take<uint8_t>();
  return given_.empty() ? MapEntry{} : given_[index % given_.size()];
}

MapEntry MapRequests::read_nested() {
  MapEntry entry = read_given();
  const auto length4 = static_cast<uint8_t>(take<uint8_t>() % 33);
  const auto length6 = static_cast<uint8_t>(take<uint8_t>() % 129);
  const auto bits = take<std::array<uint8_t, 4>>();
  nest(entry.prefix4, length4, bits);
  nest(entry.prefix6, length6, bits);
  return {masked(entry.prefix4), masked(entry.prefix6)};
}

bool MapRequests::read_step(MapRequest& request) {
  const auto choice = take<uint8_t>();
  switch (static_cast<MapStep>((choice & ~kMasked) % static_cast<uint8_t>(MapStep::kCount))) {
    case MapStep::kAdd: {
      const auto raw = take<RawEntry>();
      const MapEntry entry{{raw.address4, raw.length4}, {raw.address6, raw.length6}};
      const bool mask = choice & kMasked;
      given_.push_back(mask ? MapEntry{masked(entry.prefix4), masked(entry.prefix6)} : entry);
      request.add.push_back(given_.back());
      return true;
    }
    case MapStep::kNest:
      given_.push_back(read_nested());
      request.add.push_back(given_.back());
      return true;
    case MapStep::kDel:
      request.del.push_back(read_given());
      return true;
    case MapStep::kFlush:
      request.flush = true;
      return true;
    case MapStep::kQuery:
      request.queries.push_back(take<in6_addr>());
      return true;
    case MapStep::kRemote: {
      const auto raw = take<RawPrefix>();
      const Prefix6 prefix{raw.address, raw.length};
      request.remote = choice & kMasked ? masked(prefix) : prefix;
      return true;
    }
    default:
      return false;
  }
}

std::optional<MapRequest> MapRequests::next() {
  if (input_.empty()) return {};
  MapRequest request;
  while (!input_.empty() && read_step(request)) {
  }
  return request;
}

std::array<in_addr, 4> edges(const Prefix4& prefix) { return edges_of(prefix); }
std::array<in6_addr, 4> edges(const Prefix6& prefix) { return edges_of(prefix); }

std::string describe(MapRequests requests) {
  std::string text;
  while (auto request = requests.next()) {
    text += request->flush ? "flush\n" : "";
    for (const MapEntry& entry : request->del) text += "del " + to_string(entry) + "\n";
    for (const MapEntry& entry : request->add) text += "add " + to_string(entry) + "\n";
    for (const in6_addr& address : request->queries) text += "query " + to_string(address) + "\n";
    if (request->remote) text += "remote-prefix6 " + to_string(*request->remote) + "\n";
    text += "commit\n";
  }
  return text;
}

Bytes encode(const std::vector<MapEntry>& map) {
  Bytes bytes;
  for (const MapEntry& entry : map) {
    const RawEntry raw{entry.prefix4.address, entry.prefix4.length, entry.prefix6.address,
                       entry.prefix6.length};
    bytes.push_back(static_cast<uint8_t>(MapStep::kAdd));
    const auto* begin = reinterpret_cast<const uint8_t*>(&raw);
    bytes.insert(bytes.end(), begin, begin + sizeof raw);
  }
  bytes.push_back(static_cast<uint8_t>(MapStep::kCommit));
  return bytes;
}

}  // namespace ipxlat::test
