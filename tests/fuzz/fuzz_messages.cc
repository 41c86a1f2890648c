// SPDX-License-Identifier: GPL-2.0-only
// Bytes as a netlink message: as an answer of the kernel, and as a request that we made.
#include <cerrno>
#include <cstring>
#include <sstream>

#include "lib/attributes.h"
#include "lib/messages.h"
#include "tests/fuzz/claim.h"
#include "tests/packet/packet.h"

namespace ipxlat::test {
namespace {

template <class T>
void claim_verdict(const Result<T>& result) {
  if (result) return;
  claim(result.error().code == EBADMSG, "a malformed answer is EBADMSG");
  claim(!result.error().text.empty(), "which says what is malformed");
}

void claim_text_of(const DeviceState& device) {
  if (device.settings.udp_zero_checksum > UdpZeroChecksum::kForward) return;  // of a later kernel
  const std::string text = format_settings({device.settings, {}});
  std::istringstream in(text);
  DeviceConfig config;
  apply_change(config, parse_settings(in, "printed"));
  claim(config.settings == device.settings, "settings that were received can be printed and read");
}

// A request with this map, in which each entry is found by any of its offsets.
void claim_request(const std::vector<MapEntry>& entries) {
  DeviceConfig config;
  config.map = entries;
  if (!entries.empty()) config.settings.remote_prefix6 = entries.front().prefix6;
  Change change = replace_with(config);
  Message request = make_device_set(31, "siit0", change);
  const auto* begin = reinterpret_cast<const uint8_t*>(request.header());
  size_t index = 0;
  for (const Attribute& attribute : parse_attributes(request.header())) {
    const auto at = static_cast<size_t>(attribute.begin() - begin);
    if (attribute.type() == IPXLAT_A_MAP_ADD)
      claim(map_add_at(request, at) == index++, "the attribute of a map entry is found again");
    else
      claim(!map_add_at(request, at), "an attribute that is no map entry is not taken for one");
  }
  claim(index == entries.size(), "a request has an attribute for each map entry");
  claim(!map_add_at(request, request.size()), "an offset behind a request is in no entry");
}

// `bytes`: at least a header, and nothing readable behind it. As from a socket, the length that the header
// says is no more than there is.
void claim_message(Bytes bytes) {
  auto* message = reinterpret_cast<nlmsghdr*>(bytes.data());
  if (message->nlmsg_len > bytes.size()) message->nlmsg_len = static_cast<uint32_t>(bytes.size());
  auto device = parse_device(message);
  auto part = parse_map_part(message);
  auto stats = parse_stats(message);
  claim_verdict(device);
  claim_verdict(part);
  claim_verdict(stats);
  if (device) claim_text_of(*device);
  if (part) claim_request(part->entries);
}

}  // namespace
}  // namespace ipxlat::test

// What it costs is paid for each exception, and refusals are exceptions here.
extern "C" const char* __asan_default_options() { return "detect_stack_use_after_return=0"; }

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < sizeof(nlmsghdr)) return 0;
  const ipxlat::Bytes bytes(data, data + size);
  ipxlat::test::hold([&] { ipxlat::test::claim_message(bytes); }, [&] { return ipxlat::test::hex(bytes); });
  return 0;
}
