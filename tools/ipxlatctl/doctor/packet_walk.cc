// SPDX-License-Identifier: GPL-2.0-only
#include "tools/ipxlatctl/doctor/packet_walk.h"

#include <linux/netfilter/nf_conntrack_common.h>

#include <algorithm>
#include <cstring>

namespace ipxlat::ctl::doctor {
namespace {

constexpr size_t kRegisters = 64;
constexpr int kDepth = 16;  // NFT_JUMP_STACK_SIZE

// Bits that are not known are zero in both.
struct Value {
  Bytes bits;
  Bytes known;

  explicit Value(size_t length) : bits(length), known(length) {}
  Value(Bytes all) : bits(std::move(all)), known(bits.size(), 0xff) {}  // NOLINT(google-explicit-constructor)

  void put(size_t at, const void* data, size_t length, size_t known_bits) {
    const auto* bytes = static_cast<const uint8_t*>(data);
    for (size_t i = 0; i < length; ++i) {
      size_t here = std::min<size_t>(8, known_bits - std::min(known_bits, i * 8));
      known[at + i] = static_cast<uint8_t>(0xff00 >> here);
      bits[at + i] = bytes[i] & known[at + i];
    }
  }
  Bytes highest() const {
    Bytes high = bits;
    for (size_t i = 0; i < high.size(); ++i) high[i] |= static_cast<uint8_t>(~known[i]);
    return high;
  }
};

Bytes host_order(uint32_t value) {
  Bytes bytes(sizeof value);
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

// "eth0" with zeros behind it, as the kernel compares it.
Bytes name_bytes(const std::string& name) {
  Bytes bytes(name.begin(), name.end());
  bytes.resize(16);
  return bytes;
}

void put_network(Value& header, size_t at, const std::optional<Network>& network) {
  if (!network) return;
  std::visit([&](const auto& p) { header.put(at, &p.address, sizeof p.address, p.length); }, *network);
}

Value network_header(const Packet& packet) {
  Value header(40);
  header.put(packet.ipv6 ? 6 : 9, &packet.protocol, 1, 8);
  put_network(header, packet.ipv6 ? 8 : 12, packet.source);
  put_network(header, packet.ipv6 ? 24 : 16, packet.destination);
  return header;
}

// A part of it; what is beyond is not known.
Value part_of(const Value& whole, size_t offset, size_t length) {
  Value part(length);
  for (size_t i = 0; i < length && offset + i < whole.bits.size(); ++i) {
    part.bits[i] = whole.bits[offset + i];
    part.known[i] = whole.known[offset + i];
  }
  return part;
}

Value interface_value(const std::optional<Interface>& interface, bool name) {
  if (!interface) return Value(16);
  if (name) return name_bytes(interface->name);
  return interface->index ? Value(host_order(interface->index)) : Value(4);
}

Value loaded(const Packet& packet, const Load& load) {
  switch (load.key) {
    case Key::kIif:
      return interface_value(packet.in, false);
    case Key::kOif:
      return interface_value(packet.out, false);
    case Key::kIifname:
      return interface_value(packet.in, true);
    case Key::kOifname:
      return interface_value(packet.out, true);
    case Key::kNfproto:
      return Bytes{static_cast<uint8_t>(packet.ipv6 ? Family::kIp6 : Family::kIp)};
    case Key::kL4proto:
      return Bytes{packet.protocol};
    case Key::kMark:
      return host_order(0);
    case Key::kCtState:
      return host_order(packet.state);
    case Key::kCtStatus: {
      // what is translated has its source changed at most
      Value status(4);
      status.known = host_order(IPS_DST_NAT);
      return status;
    }
    case Key::kNetwork:
      return part_of(network_header(packet), load.offset, load.length);
    case Key::kTransport: {
      Value header(1);
      if (packet.icmp_type) header.put(0, &*packet.icmp_type, 1, 8);
      return part_of(header, load.offset, load.length);
    }
  }
  return Value(load.length);
}

enum class Match { kNo, kMaybe, kYes };

Match opposite(Match match) {
  if (match == Match::kMaybe) return match;
  return match == Match::kNo ? Match::kYes : Match::kNo;
}

Match equal(const Value& value, const Bytes& other) {
  bool all = true;
  for (size_t i = 0; i < other.size(); ++i) {
    if ((value.bits[i] ^ other[i]) & value.known[i]) return Match::kNo;
    all &= value.known[i] == 0xff;
  }
  return all ? Match::kYes : Match::kMaybe;
}

// By the least and the greatest that the value can be.
Match in_range(const Value& value, const Bytes& first, const Bytes& last) {
  Bytes high = value.highest();
  if (high < first || last < value.bits) return Match::kNo;
  return first <= value.bits && high <= last ? Match::kYes : Match::kMaybe;
}

class Walk {
 public:
  Walk(const Table& table, const Packet& packet) : table_(table), packet_(packet), registers_(kRegisters) {}

  Fate start(const Chain& chain) {
    base_ = chain.name;
    if (enter(chain, /*certain=*/true) != End::kDecided && chain.base->drops)
      decide(Give::kDrop, true, "its policy");
    return fate_;
  }

 private:
  enum class End { kFell, kReturned, kDecided };

  // `certain`: the packet gets here for sure, unless an exception took it.
  End enter(const Chain& chain, bool certain) {
    if (depth_ == kDepth) return End::kFell;
    ++depth_;
    End end = End::kFell;
    for (auto rule = chain.rules.begin(); rule != chain.rules.end() && end == End::kFell; ++rule)
      end = apply(chain, *rule, certain);
    --depth_;
    return end;
  }

  End apply(const Chain& chain, const Rule& rule, bool& certain) {
    Match match = Match::kYes;
    registers_ = Value(kRegisters);
    for (const Instruction& instruction : rule.instructions) {
      if (const auto* give = std::get_if<Give>(&instruction)) return obey(chain, rule, *give, match, certain);
      if (const auto* lookup = std::get_if<Lookup>(&instruction); lookup && lookup->gives_verdict)
        return look_up_verdict(chain, rule, *lookup, match, certain);
      match = std::min(match, std::visit([this](const auto& i) { return run(i); }, instruction));
      if (match == Match::kNo) return End::kFell;
    }
    return End::kFell;
  }

  End obey(const Chain& chain, const Rule& rule, const Give& give, Match match, bool& certain) {
    if (match == Match::kNo) return End::kFell;
    bool sure = match == Match::kYes;
    switch (give.verdict) {
      case Give::kAccept:
      case Give::kDrop:
        decide(give.verdict, sure && certain, place(chain, rule));
        return sure ? End::kDecided : End::kFell;
      case Give::kReturn:
        if (!sure) certain = false;
        return sure ? End::kReturned : End::kFell;
      case Give::kJump:
      case Give::kGoto:
        break;
    }
    auto target = table_.chains.find(give.chain);
    if (target == table_.chains.end()) return End::kFell;
    End end = enter(target->second, sure && certain);
    bool leaves = give.verdict == Give::kGoto;
    if (!sure) {
      if (leaves) certain = false;
      return End::kFell;
    }
    if (end == End::kDecided) return end;
    return leaves ? End::kReturned : End::kFell;
  }

  End look_up_verdict(const Chain& chain, const Rule& rule, const Lookup& lookup, Match match,
                      bool& certain) {
    auto set = table_.sets.find(lookup.set);
    if (set == table_.sets.end()) return End::kFell;
    for (const Element& element : set->second.elements) {
      Match found = std::min(match, holds(element, lookup.from));
      if (!set->second.readable) found = std::min(found, Match::kMaybe);
      if (found == Match::kNo || !element.give) continue;
      End end = obey(chain, rule, *element.give, found, certain);
      if (found == Match::kYes) return end;
    }
    return End::kFell;
  }

  Match holds(const Element& element, uint32_t from) {
    Value value = part_of(registers_, from, element.first.size());
    return element.first == element.last ? equal(value, element.first)
                                         : in_range(value, element.first, element.last);
  }

  Match run(const Load& load) {
    put(load.to, part_of(loaded(packet_, load), 0, load.length));
    return Match::kYes;
  }
  Match run(const Bitwise& op) {
    Value value = part_of(registers_, op.from, op.mask.size());
    for (size_t i = 0; i < op.mask.size(); ++i) {
      // a bit that is masked away is known to be zero
      value.known[i] |= static_cast<uint8_t>(~op.mask[i]);
      value.bits[i] = ((value.bits[i] & op.mask[i]) ^ op.flip[i]) & value.known[i];
    }
    put(op.to, value);
    return Match::kYes;
  }
  Match run(const Compare& op) {
    Value value = part_of(registers_, op.from, op.value.size());
    const Bytes least(op.value.size(), 0);
    const Bytes most(op.value.size(), 0xff);
    switch (op.op) {
      case Compare::kEqual:
        return equal(value, op.value);
      case Compare::kNotEqual:
        return opposite(equal(value, op.value));
      case Compare::kLessOrEqual:
        return in_range(value, least, op.value);
      case Compare::kGreater:
        return opposite(in_range(value, least, op.value));
      case Compare::kGreaterOrEqual:
        return in_range(value, op.value, most);
      case Compare::kLess:
        return opposite(in_range(value, op.value, most));
    }
    return Match::kMaybe;
  }
  Match run(const Range& op) {
    Match match = in_range(part_of(registers_, op.from, op.first.size()), op.first, op.last);
    return op.outside ? opposite(match) : match;
  }
  Match run(const Lookup& lookup) {
    auto set = table_.sets.find(lookup.set);
    if (set == table_.sets.end() || !set->second.readable) return Match::kMaybe;
    Match found = Match::kNo;
    for (const Element& element : set->second.elements) found = std::max(found, holds(element, lookup.from));
    return lookup.inverted ? opposite(found) : found;
  }
  Match run(const Give&) { return Match::kYes; }
  Match run(const Doubt&) { return Match::kMaybe; }
  Match run(const Forget&) {
    registers_ = Value(kRegisters);
    return Match::kYes;
  }

  void put(size_t at, const Value& value) {
    for (size_t i = 0; i < value.bits.size() && at + i < kRegisters; ++i) {
      registers_.bits[at + i] = value.bits[i];
      registers_.known[at + i] = value.known[i];
    }
  }

  void decide(Give::Verdict verdict, bool certain, const std::string& by) {
    if (!certain) {
      fate_.excepted |= verdict == Give::kAccept;
      return;
    }
    fate_.dropped = verdict == Give::kDrop;
    if (fate_.dropped) fate_.by = by;
  }

  std::string place(const Chain& chain, const Rule& rule) const {
    std::string text = "rule " + std::to_string(rule.handle);
    return chain.name == base_ ? text : text + " of chain " + chain.name;
  }

  const Table& table_;
  const Packet& packet_;
  Value registers_;
  std::string base_;
  Fate fate_;
  int depth_ = 0;
};

}  // namespace

Fate walk(const Table& table, const Chain& chain, const Packet& packet) {
  return Walk(table, packet).start(chain);
}

}  // namespace ipxlat::ctl::doctor
