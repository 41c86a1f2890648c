// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/netlink_noise.h"

#include <linux/ipxlat.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "lib/genl_socket.h"
#include "lib/messages.h"

namespace ipxlat::test {
namespace {

uint8_t near_length(Random& random, uint32_t length, uint32_t most) {
  if (random.percent(90)) return static_cast<uint8_t>(length);
  return static_cast<uint8_t>(random.below(most + 2));
}

in_addr address4(Random& random) { return {htonl(static_cast<uint32_t>(random.next()))}; }

in6_addr address6(Random& random) {
  in6_addr address;
  for (uint8_t& byte : address.s6_addr) byte = random.byte();
  if (random.percent(90)) {
    address.s6_addr[0] = 0x20;
    address.s6_addr[8] = 0;  // RFC 6052 2.2: bits 64 to 71
  }
  return address;
}

Prefix6 remote_prefix(Random& random) {
  static constexpr uint8_t kLengths[] = {32, 40, 48, 56, 64, 96};
  Prefix6 prefix{address6(random), random.of(kLengths)};
  prefix = masked(prefix);
  prefix.length = near_length(random, prefix.length, 128);
  return prefix;
}

MapEntry map_entry(Random& random) {
  Prefix4 prefix4{address4(random), static_cast<uint8_t>(random.between(8, 32))};
  Prefix6 prefix6{address6(random), static_cast<uint8_t>(random.between(32, prefix4.length + 96))};
  MapEntry entry{masked(prefix4), masked(prefix6)};
  entry.prefix4.length = near_length(random, prefix4.length, 32);
  entry.prefix6.length = near_length(random, prefix6.length, 128);
  return entry;
}

constexpr size_t kHeaders = NLMSG_HDRLEN + 4;  // with that of generic netlink

uint16_t family_number() {
  auto socket = GenlSocket::open();
  if (!socket) throw std::runtime_error(socket.error().text);
  auto family = socket->resolve(IPXLAT_GENL_NAME);
  if (!family) throw std::runtime_error(family.error().text);
  return family->id;
}

FileDescriptor open_socket() {
  FileDescriptor fd(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_GENERIC),
                    "netlink socket");
  int room = 16 << 20;
  require(setsockopt(fd.get(), SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof room), "SO_SNDBUFFORCE");
  return fd;
}

// Where the attributes begin, as far as their lengths lead.
std::vector<size_t> attributes_of(const Bytes& message) {
  std::vector<size_t> all;
  for (size_t at = kHeaders; at + NLA_HDRLEN <= message.size();) {
    all.push_back(at);
    nlattr header;
    std::memcpy(&header, message.data() + at, sizeof header);
    if (header.nla_len < NLA_HDRLEN) break;
    at += NLA_ALIGN(header.nla_len);
  }
  return all;
}

void append_attribute(Bytes& message, Random& random) {
  Bytes payload(random.one_in(4) ? random.below(200) : random.of("\0\1\2\4\4\10\20\21"));
  for (uint8_t& byte : payload) byte = random.byte();
  auto type = static_cast<uint16_t>(random.below(IPXLAT_A_MAX + 4) | (random.one_in(3) ? NLA_F_NESTED : 0));
  nlattr header{static_cast<uint16_t>(NLA_HDRLEN + payload.size()), type};
  if (random.one_in(8)) header.nla_len = random.odd16();
  const auto* begin = reinterpret_cast<const uint8_t*>(&header);
  append(message, Bytes(begin, begin + sizeof header));
  payload.resize(NLA_ALIGN(payload.size()));
  append(message, payload);
}

void repeat_attribute(Bytes& message, Random& random) {
  std::vector<size_t> all = attributes_of(message);
  if (all.empty()) return;
  size_t index = random.below(all.size());
  size_t begin = all[index], end = index + 1 < all.size() ? all[index + 1] : message.size();
  append(message,
         Bytes(message.begin() + static_cast<long>(begin), message.begin() + static_cast<long>(end)));
}

// The length of an attribute, or of one inside a nest.
void change_length(Bytes& message, Random& random) {
  std::vector<size_t> all = attributes_of(message);
  if (all.empty()) return;
  size_t at = random.of(all) + (random.one_in(2) ? NLA_HDRLEN : 0);
  if (at + 2 > message.size()) return;
  uint16_t length;
  std::memcpy(&length, message.data() + at, sizeof length);
  length = random.one_in(2) ? static_cast<uint16_t>(length + random.below(9) - 4) : random.odd16();
  std::memcpy(message.data() + at, &length, sizeof length);
}

void spoil(Bytes& message, Random& random) {
  switch (random.below(6)) {
    case 0:
      append_attribute(message, random);
      break;
    case 1:
      repeat_attribute(message, random);
      break;
    case 2:
      change_length(message, random);
      break;
    case 3:
      message.resize(random.below(message.size() + 1));
      break;
    default:
      for (uint32_t flips = random.between(1, 8); flips > 0 && message.size() > kHeaders; flips--) {
        size_t at = random.one_in(16) ? random.below(message.size())
                                      : kHeaders + random.below(message.size() - kHeaders);
        message[at] ^= static_cast<uint8_t>(1 << random.below(8));
      }
  }
}

void say_length(Bytes& message) {
  auto length = static_cast<uint32_t>(message.size());
  if (message.size() >= sizeof length) std::memcpy(message.data(), &length, sizeof length);
}

}  // namespace

Change random_change(Random& random, uint32_t entries) {
  Change change;
  if (random.one_in(2)) change.remote_prefix6 = remote_prefix(random);
  if (!change.remote_prefix6 && random.one_in(8)) change.unset_remote_prefix6 = true;
  if (random.one_in(3))
    change.lowest_ipv6_mtu = random.one_in(4) ? random.odd16() : random.between(1280, 65535);
  if (random.one_in(4)) change.icmp_source4 = address4(random);
  if (random.one_in(4)) change.udp_zero_checksum = static_cast<UdpZeroChecksum>(random.below(4));
  change.map_flush = random.one_in(4);
  for (uint32_t count = random.one_in(2) ? random.below(entries + size_t{1}) : 0; count > 0; count--)
    change.map_add.push_back(map_entry(random));
  for (uint32_t count = random.one_in(8) ? random.below(4) : 0; count > 0; count--)
    change.map_del.push_back(map_entry(random));
  return change;
}

NetlinkNoise::NetlinkNoise(std::string device)
    : device_(std::move(device)), socket_(open_socket()), family_(family_number()) {}

Message NetlinkNoise::request(Random& random) const {
  switch (random.below(8)) {
    case 0:
      return make_device_get(family_, random.one_in(2) ? device_ : "");
    case 1:
      return make_map_get(family_, device_);
    case 2:
      return make_stats_get(family_, random.one_in(2) ? device_ : "");
    case 3: {
      Message any(family_, static_cast<uint8_t>(random.below(IPXLAT_CMD_MAX + 3)), IPXLAT_GENL_VERSION,
                  random.one_in(2) ? NLM_F_DUMP : 0);
      any.put_string(IPXLAT_A_IFNAME, device_);
      return any;
    }
    default:
      return make_device_set(family_, device_, random_change(random, random.one_in(300) ? 20000 : 20));
  }
}

void NetlinkNoise::send(Random& random) {
  Message built = request(random);
  const auto* begin = reinterpret_cast<const uint8_t*>(built.header());
  Bytes message(begin, begin + built.size());
  for (uint32_t times = random.between(1, 4); times > 0; times--) spoil(message, random);
  if (random.percent(90)) say_length(message);
  ::send(socket_.get(), message.data(), message.size(), 0);
  // sometimes an answer or a dump stays where it is, until the next one needs the room
  char nothing[1];
  while (!random.one_in(20) && recv(socket_.get(), nothing, sizeof nothing, MSG_TRUNC) > 0) {
  }
}

}  // namespace ipxlat::test
