// SPDX-License-Identifier: GPL-2.0-only
#include "tests/packet/layer.h"

#include "lib/address.h"

namespace ipxlat::test {
namespace {

template <class Address>
Bytes bytes_of(const Address& address) {
  const auto* begin = reinterpret_cast<const uint8_t*>(&address);
  return {begin, begin + sizeof address};
}

Bytes host_address(Words& words, const std::string& name, const Host& host, Family family) {
  if (family == Family::kIpv4 && host.address4) return bytes_of(*host.address4);
  if (family == Family::kIpv6 && host.address6) return bytes_of(*host.address6);
  words.fail("the host " + name + " has no " + (family == Family::kIpv4 ? "IPv4" : "IPv6") + " address");
}

}  // namespace

Bytes read_address(Words& words, const Hosts& hosts, Family family) {
  std::string word = words.next("a host or an address");
  if (auto host = hosts.find(word); host != hosts.end())
    return host_address(words, word, host->second, family);
  try {
    return family == Family::kIpv4 ? bytes_of(parse_address4(word)) : bytes_of(parse_address6(word));
  } catch (const std::invalid_argument& error) {
    words.fail(std::string(error.what()) + ", nor a host");
  }
}

bool Check::read(Words& words, std::string_view name) {
  if (!words.take(name)) return false;
  if (words.take("bad")) {
    kind_ = Kind::kBad;
  } else if (words.take("none")) {
    kind_ = Kind::kNone;
  } else {
    kind_ = Kind::kValue;
    value_ = static_cast<uint16_t>(words.number("a checksum, bad or none", 0xffff));
  }
  return true;
}

uint16_t Check::value(const Bytes& bytes) const {
  uint16_t right = checksum(bytes);
  switch (kind_) {
    case Kind::kRight:
      return right;
    case Kind::kBad:  // wrong by one in ones' complement, which incremental changes preserve
      return static_cast<uint16_t>(right == 0xffff ? 1 : right + 1);
    case Kind::kNone:
      return 0;
    case Kind::kValue:
      break;
  }
  return value_;
}

uint8_t next_header(std::optional<uint8_t> said, std::optional<uint8_t> next) {
  if (!said && !next)
    throw std::invalid_argument(
        "say 'next NUMBER' (ip4: 'proto NUMBER'): what follows has no number of its own");
  return said ? *said : *next;
}

Slice read_slice(Words& words) {
  std::string word = words.next("FROM+LENGTH");
  Slice slice;
  size_t plus = word.find('+');
  if (plus == std::string::npos || !parse_number(word.substr(0, plus), 0xffff, slice.from) ||
      !parse_number(word.substr(plus + 1), 0xffff, slice.length))
    words.fail("'" + word + "' is not FROM+LENGTH");
  return slice;
}

Bytes take_slice(const Bytes& payload, const Slice& slice) {
  if (slice.from + slice.length > payload.size())
    throw std::out_of_range("a fragment reaches behind the datagram of " + std::to_string(payload.size()) +
                            " bytes");
  auto begin = payload.begin() + slice.from;
  return {begin, begin + slice.length};
}

Bytes pseudo_header(const Network* network, uint8_t protocol, size_t length) {
  Bytes bytes;
  if (!network) return bytes;
  append(bytes, network->source);
  append(bytes, network->destination);
  size_t at = bytes.size();
  if (network->family == Family::kIpv4) {
    bytes.resize(at + 4);
    bytes[at + 1] = protocol;
    put16(bytes, at + 2, static_cast<uint32_t>(length));
  } else {
    bytes.resize(at + 8);
    put32(bytes, at, static_cast<uint32_t>(length));
    bytes[at + 7] = protocol;
  }
  return bytes;
}

}  // namespace ipxlat::test
