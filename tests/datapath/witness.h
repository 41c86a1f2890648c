// SPDX-License-Identifier: GPL-2.0-only
// Who notices that something is wrong: with what comes out of an arena, and with the kernel.
#ifndef IPXLAT_TESTS_DATAPATH_WITNESS_H
#define IPXLAT_TESTS_DATAPATH_WITNESS_H

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tests/datapath/arena.h"
#include "tests/datapath/link.h"

namespace ipxlat::test {

// Empty, or why these bytes, from the network header on, are no packet: version, lengths, the checksum of an
// IPv4 header.
std::string insanity(const Bytes& packet);

// Looks at what comes out of an arena's device and judges whether it is a packet at all.
class Witness {
 public:
  // Watches the far end of the wire. std::system_error.
  explicit Witness(const Arena& arena);

  // Whether to watch the device, too: a clone of each packet is then held before its translation, after it,
  // or both.
  void watch_device(bool sent, bool received);

  // Looks at what has come so far, and remembers the sentence about the first that was no packet.
  void look();

  uint64_t seen() const { return seen_; }
  const std::string& finding() const { return finding_; }

 private:
  void watch(std::optional<Capture>& capture, bool wanted, Capture::Direction direction);
  using Filter = std::function<bool(const Bytes&)>;
  void look_at(std::optional<Capture>& capture, const char* where, const Filter& judged);

  const Arena& arena_;
  std::optional<Capture> wire_;
  std::optional<Capture> sent_;
  std::optional<Capture> received_;
  uint64_t seen_ = 0;
  std::string finding_;
};

// Whether the kernel has found fault with itself.
class KernelWatch {
 public:
  KernelWatch();

  // True if it has warned since this was made: WARN, KASAN and UBSAN taint it. (What lockdep says is only in
  // its log.)
  bool has_complained() const;

  // A line in its log, so that a complaint can be told to come after it.
  static void mark(const std::string& line);

 private:
  uint64_t taint_;
};

}  // namespace ipxlat::test

#endif
