// SPDX-License-Identifier: GPL-2.0-only
// What a device makes of a packet, and why: the kernel's translating code, run on the device's settings.
#ifndef IPXLAT_TOOLS_IPXLATCTL_PACKET_EXPLANATION_H
#define IPXLAT_TOOLS_IPXLATCTL_PACKET_EXPLANATION_H

#include <optional>
#include <string>
#include <vector>

#include "tools/ipxlatctl/explanation.h"
#include "tools/ipxlatctl/packet_view.h"

namespace ipxlat::ctl {

// One thing that was done, or that Linux will do, and why.
struct PacketNote {
  const char* about;  // a word or two, joined by "_"
  std::string text;
};

// The ICMP error that the device sends back, in the family of the packet.
struct PacketAnswer {
  int type;
  int code;
  std::string text;
};

struct PacketExplanation {
  PacketView in;
  ipxlat_reason reason = IPXLAT_REASON_OK;
  std::vector<ExplainedEnd> ends;         // source and destination; empty if they could not be read
  std::vector<ExplainedEnd> quoted_ends;  // of what an ICMP error quotes
  std::vector<PacketNote> notes;
  std::optional<PacketAnswer> answer;  // to a packet that is dropped
  std::vector<PacketView> out;         // as in Translation
};

// `packet` as parse_packet() gives it. std::invalid_argument as Explainer.
PacketExplanation explain_packet(const DeviceConfig& config, const Links& links, const Bytes& packet);

// What was done to `in`, which gave `translation`.
std::vector<PacketNote> packet_notes(const ipxlat_config& config, const Links& links, const PacketView& in,
                                     const Translation& translation);

// What the core has for it.
std::optional<PacketAnswer> packet_answer(Family family, const Translation& translation);

}  // namespace ipxlat::ctl

#endif
