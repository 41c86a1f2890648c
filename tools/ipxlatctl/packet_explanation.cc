// SPDX-License-Identifier: GPL-2.0-only
#include "tools/ipxlatctl/packet_explanation.h"

#include <algorithm>

#include "kmod/core/answer.h"

namespace ipxlat::ctl {
namespace {

// by what came out
std::vector<ExplainedEnd> written_ends(const Explainer& explainer, const PacketView& in,
                                       const PacketView& out) {
  if (in.family == Family::kIpv4)
    return {explainer.written(in_addr{in.ends4.source}, out.ends6.source),
            explainer.written(in_addr{in.ends4.destination}, out.ends6.destination)};
  return {explainer.written(in.ends6.source, in_addr{out.ends4.source}),
          explainer.written(in.ends6.destination, in_addr{out.ends4.destination})};
}

// by what would come out
std::vector<ExplainedEnd> looked_up_ends(const Explainer& explainer, const PacketView& in) {
  if (in.family == Family::kIpv4)
    return explainer.explain(in_addr{in.ends4.source}, in_addr{in.ends4.destination}).ends;
  return explainer.explain(in.ends6.source, in.ends6.destination).ends;
}

// A quoted packet went the other way: its source is where the error goes.
std::vector<ExplainedEnd> looked_up_quoted_ends(const Explainer& explainer, PacketView quoted) {
  std::swap(quoted.ends4.source, quoted.ends4.destination);
  std::swap(quoted.ends6.source, quoted.ends6.destination);
  auto ends = looked_up_ends(explainer, quoted);
  std::reverse(ends.begin(), ends.end());
  return ends;
}

void explain_ends(const Explainer& explainer, PacketExplanation& explanation) {
  const PacketView& in = explanation.in;
  auto quoted = view_quoted(in);
  if (!explanation.out.empty()) {
    const PacketView& out = explanation.out.front();
    explanation.ends = written_ends(explainer, in, out);
    auto quoted_out = view_quoted(out);
    if (quoted && quoted_out) explanation.quoted_ends = written_ends(explainer, *quoted, *quoted_out);
  } else if (in.readable) {
    explanation.ends = looked_up_ends(explainer, in);
    if (quoted) explanation.quoted_ends = looked_up_quoted_ends(explainer, *quoted);
  }
}

}  // namespace

PacketExplanation explain_packet(const DeviceConfig& config, const Links& links, const Bytes& packet) {
  Explainer explainer(config);
  PacketExplanation explanation;
  explanation.in = view_packet(packet);
  auto translation = translate(explainer.config(), links, explanation.in.family, packet);
  explanation.reason = translation.reason;
  for (const Bytes& bytes : translation.packets) explanation.out.push_back(view_packet(bytes));
  explain_ends(explainer, explanation);
  explanation.notes = packet_notes(explainer.config(), links, explanation.in, translation);
  explanation.answer = packet_answer(explanation.in.family, translation);
  return explanation;
}

std::optional<PacketAnswer> packet_answer(Family family, const Translation& translation) {
  auto answer_to = family == Family::kIpv4 ? ipxlat_answer_to_ipv4 : ipxlat_answer_to_ipv6;
  ipxlat_answer answer;
  // what is too big for a route is none of the core's reasons
  if (!answer_to(&translation.plan, translation.reason, 0, &answer)) return {};
  std::string text = answer.text;
  if (translation.reason == IPXLAT_REASON_ROUTING_HEADER) text += " at byte " + std::to_string(answer.word);
  return PacketAnswer{answer.type, answer.code, text};
}

}  // namespace ipxlat::ctl
