// SPDX-License-Identifier: GPL-2.0-only
#include "tools/ipxlatctl/explain_render.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "kmod/core/reason.h"

namespace ipxlat::ctl {
namespace {

using nlohmann::ordered_json;

void print_end(std::ostream& out, const std::string& role, const ExplainedEnd& end) {
  out << role << end.address;
  if (!end.result.empty()) out << " -> " << end.result << " by " << end.rule;
  out << "\n";
}

// Source and destination, or a single address, which has no role.
void print_ends(std::ostream& out, const std::string& prefix, const std::vector<ExplainedEnd>& ends) {
  const char* const roles[] = {"source ", "destination "};
  for (size_t i = 0; i < ends.size(); ++i)
    print_end(out, ends.size() == 1 ? prefix : prefix + roles[i], ends[i]);
}

void print_refusal(std::ostream& out, uint32_t reason) {
  if (reason != IPXLAT_REASON_OK)
    out << "refused: " << ipxlat_reason_name(reason) << ": " << ipxlat_reason_text(reason) << "\n";
}

void print_answer(std::ostream& out, const PacketExplanation& explanation) {
  if (explanation.reason == IPXLAT_REASON_OK) return;
  if (!explanation.answer) {
    out << "not answered\n";
    return;
  }
  const auto& answer = *explanation.answer;
  out << "answered with " << (explanation.in.family == Family::kIpv4 ? "ICMP " : "ICMPv6 ") << answer.type
      << "/" << answer.code << ": " << answer.text << "\n";
}

std::string with_blanks(std::string about) {
  std::replace(about.begin(), about.end(), '_', ' ');
  return about;
}

ordered_json or_null(const std::string& text) {
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

ordered_json ends_json(const std::vector<ExplainedEnd>& ends) {
  auto json = ordered_json::array();
  for (const ExplainedEnd& end : ends)
    json.push_back({{"address", end.address}, {"result", or_null(end.result)}, {"rule", or_null(end.rule)}});
  return json;
}

std::string digits(const Bytes& bytes) {
  std::string text;
  for (uint8_t byte : bytes) text += hex(byte, 2);
  return text;
}

ordered_json fragment_json(const ipxlat_header& header) {
  if (!header.fragment) return nullptr;
  return {{"id", header.id}, {"offset", header.offset}, {"more", header.more}};
}

ordered_json header_json(const PacketView& packet) {
  bool four = packet.family == Family::kIpv4;
  const ipxlat_header& header = packet.header;
  ordered_json json;
  json["source"] = four ? to_string(in_addr{packet.ends4.source}) : to_string(packet.ends6.source);
  json["destination"] =
      four ? to_string(in_addr{packet.ends4.destination}) : to_string(packet.ends6.destination);
  json["hop_limit"] = header.hop_limit;
  json["protocol"] = header.protocol;
  json["length"] = header.length;
  json["dont_fragment"] = four ? ordered_json(header.dont_fragment) : ordered_json(nullptr);
  json["fragment"] = fragment_json(header);
  return json;
}

ordered_json packet_json(const PacketView& packet) {
  ordered_json json = {{"family", packet.family == Family::kIpv4 ? "ipv4" : "ipv6"},
                       {"summary", summary(packet)},
                       {"header", nullptr}};
  if (packet.readable) json["header"] = header_json(packet);
  json["bytes"] = digits(packet.bytes);
  return json;
}

ordered_json answer_json(const std::optional<PacketAnswer>& answer) {
  if (!answer) return nullptr;
  return {{"type", answer->type}, {"code", answer->code}, {"text", answer->text}};
}

}  // namespace

void print_text(std::ostream& out, const Explanation& explanation) {
  print_ends(out, "", explanation.ends);
  print_refusal(out, explanation.reason);
  if (!explanation.error_source4.empty())
    out << "an ICMPv6 error from " << explanation.ends.front().address << " -> " << explanation.error_source4
        << " by icmp-source4\n";
}

void print_text(std::ostream& out, const PacketExplanation& explanation) {
  out << "in: " << summary(explanation.in) << "\n";
  print_ends(out, "    ", explanation.ends);
  print_ends(out, "    quoted ", explanation.quoted_ends);
  for (const PacketNote& note : explanation.notes)
    out << "    " << with_blanks(note.about) << ": " << note.text << "\n";
  print_refusal(out, explanation.reason);
  print_answer(out, explanation);
  for (const PacketView& packet : explanation.out)
    out << "out: " << summary(packet) << "\n" << dump(packet.bytes);
}

ordered_json explanation_json(const Explanation& explanation) {
  return {{"ends", ends_json(explanation.ends)},
          {"reason", ipxlat_reason_name(explanation.reason)},
          {"text", ipxlat_reason_text(explanation.reason)},
          {"icmp_error_source4", or_null(explanation.error_source4)}};
}

ordered_json explanation_json(const PacketExplanation& explanation) {
  auto notes = ordered_json::array();
  for (const PacketNote& note : explanation.notes)
    notes.push_back({{"about", note.about}, {"text", note.text}});
  auto out = ordered_json::array();
  for (const PacketView& packet : explanation.out) out.push_back(packet_json(packet));
  return {{"direction", explanation.in.family == Family::kIpv4 ? "to_v6" : "to_v4"},
          {"in", packet_json(explanation.in)},
          {"ends", ends_json(explanation.ends)},
          {"quoted_ends", ends_json(explanation.quoted_ends)},
          {"notes", notes},
          {"reason", ipxlat_reason_name(explanation.reason)},
          {"text", ipxlat_reason_text(explanation.reason)},
          {"answer", answer_json(explanation.answer)},
          {"out", out}};
}

}  // namespace ipxlat::ctl
