// SPDX-License-Identifier: GPL-2.0-only
#include "tests/packet/packet.h"

#include <algorithm>

#include "tests/packet/layer.h"

namespace ipxlat::test {
namespace {

LayerPtr read_named(const std::string& name, Words& words, const Hosts& hosts) {
  if (name == "ip4") return read_ip4(words, hosts);
  if (name == "ip6") return read_ip6(words, hosts);
  if (name == "hbh") return read_extension(words, IPPROTO_HOPOPTS);
  if (name == "routing") return read_extension(words, IPPROTO_ROUTING);
  if (name == "dest") return read_extension(words, IPPROTO_DSTOPTS);
  if (name == "fragment") return read_fragment(words);
  if (name == "udp") return read_udp(words);
  if (name == "udplite") return read_udplite(words);
  if (name == "tcp") return read_tcp(words);
  if (name == "dccp") return read_dccp(words);
  if (name == "icmp") return read_icmp(words, Family::kIpv4, hosts);
  if (name == "icmp6") return read_icmp(words, Family::kIpv6, hosts);
  if (name == "data") return read_data(words);
  if (name == "hex") return read_hex(words);
  words.fail("'" + name +
             "' is no layer (allowed: ip4, ip6, hbh, routing, dest, fragment, udp, udplite, "
             "tcp, dccp, icmp, icmp6, data, hex)");
}

LayerPtr read_layer(Words words, const Hosts& hosts) {
  std::string name = words.next("a layer");
  LayerPtr layer = read_named(name, words, hosts);
  if (!words.done()) words.fail(name + " has no '" + words.next("a field") + "'");
  return layer;
}

Bytes build(const std::vector<LayerPtr>& layers) {
  std::vector<const Network*> networks;
  const Network* network = nullptr;
  for (const LayerPtr& layer : layers) {
    networks.push_back(network);
    if (layer->network()) network = layer->network();
  }
  Bytes bytes;
  std::optional<uint8_t> next;
  for (size_t i = layers.size(); i-- > 0;) {
    bytes = layers[i]->build(bytes, next, networks[i]);
    next = layers[i]->protocol();
  }
  return bytes;
}

// What was expected, with the identification that the device chose.
Bytes with_id(Bytes expected, const Bytes& actual) {
  if (expected.size() < 20 || actual.size() < 20) return expected;
  put16(expected, 4, get16(actual, 4));
  put16(expected, 10, 0);
  put16(expected, 10, checksum({expected.begin(), expected.begin() + 20}));
  return expected;
}

}  // namespace

Packet build_packet(Words& words, const Hosts& hosts) {
  std::vector<LayerPtr> layers;
  Packet packet;
  if (words.take("raw4")) {
    layers.push_back(read_hex(words));
  } else if (words.take("raw6")) {
    packet.family = Family::kIpv6;
    layers.push_back(read_hex(words));
  } else {
    do layers.push_back(read_layer(words.until("/"), hosts));
    while (!words.done());
    const Network* network = layers[0]->network();
    if (!network) words.fail("a packet starts with ip4, ip6, raw4 or raw6");
    packet.family = network->family;
  }
  packet.any_id = layers[0]->any_id();
  try {
    packet.bytes = build(layers);
  } catch (const std::logic_error& error) {
    words.fail(error.what());
  }
  return packet;
}

std::string difference(const Packet& expected, const Bytes& actual) {
  Bytes bytes = expected.any_id ? with_id(expected.bytes, actual) : expected.bytes;
  if (bytes == actual) return {};
  size_t end = std::min(bytes.size(), actual.size());
  auto stop = bytes.begin() + static_cast<std::ptrdiff_t>(end);
  auto at = std::mismatch(bytes.begin(), stop, actual.begin()).first - bytes.begin();
  return "differs at byte " + std::to_string(at) + "\nexpected " + std::to_string(bytes.size()) +
         " bytes: " + hex(bytes) + "\nactual   " + std::to_string(actual.size()) + " bytes: " + hex(actual) +
         "\n";
}

std::string difference(const std::vector<Packet>& expected, const std::vector<Bytes>& actual) {
  if (expected.size() != actual.size())
    return std::to_string(actual.size()) + " packets came out instead of " + std::to_string(expected.size());
  for (size_t i = 0; i < expected.size(); i++)
    if (std::string text = difference(expected[i], actual[i]); !text.empty())
      return "packet " + std::to_string(i + 1) + " " + text;
  return {};
}

}  // namespace ipxlat::test
