// SPDX-License-Identifier: GPL-2.0-only
#include "tools/ipxlatctl/session_rows.h"

#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_conntrack_tcp.h>

#include <array>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <ostream>

namespace ipxlat::ctl {
namespace {

using nlohmann::ordered_json;

// RFC 9293 section 3.3.2, as far as the connection tracker tells them apart.
constexpr std::array<const char*, TCP_CONNTRACK_SYN_SENT2 + 1> kTcpStates = {
    "new",        "syn-sent", "syn-received", "established", "fin-wait",
    "close-wait", "last-ack", "time-wait",    "closed",      "syn-sent"};

bool has_port(const Session& session) { return session.between.protocol != IPPROTO_ICMP; }

std::string text_of(const Endpoint4& end) { return to_string(end.address) + ":" + std::to_string(end.port); }

std::string text_of(const Endpoint6& end) {
  return "[" + to_string(end.address) + "]:" + std::to_string(end.port);
}

struct Traffic {
  std::optional<Counts> out, in;  // from the client, to it
};

Traffic traffic_of(const SessionRow& row) {
  if (row.session.between.inbound) return {row.flow.reply_counts, row.flow.original_counts};
  return {row.flow.original_counts, row.flow.reply_counts};
}

}  // namespace

std::string session_state(const Flow6& flow) {
  if (flow.status & (IPS_OFFLOAD | IPS_HW_OFFLOAD)) return "offloaded";
  if (flow.tcp_state && *flow.tcp_state < kTcpStates.size()) return kTcpStates[*flow.tcp_state];
  return flow.status & IPS_SEEN_REPLY ? "answered" : "unanswered";
}

std::optional<uint64_t> SessionRows::age(const Flow6& flow) const {
  if (!flow.began) return std::nullopt;
  const auto now = std::chrono::duration_cast<std::chrono::nanoseconds>(now_.time_since_epoch()).count();
  const auto began = static_cast<int64_t>(*flow.began);
  return now > began ? static_cast<uint64_t>(now - began) / 1000000000 : 0;
}

void SessionRows::write(const SessionRow& row) {
  if (json_)
    write_json(row);
  else
    write_text(row);
  any_ = true;
}

void SessionRows::write_text(const SessionRow& row) {
  const auto& between = row.session.between;
  out_ << std::left;
  const auto line = [&](const std::string& instance, const std::string& protocol, const std::string& client,
                        const std::string& outside, const std::string& remote) {
    out_ << std::setw(8) << instance << "  " << std::setw(8) << protocol << "  " << std::setw(30) << client
         << "  " << std::setw(21) << outside << "  " << std::setw(21) << remote << "  ";
  };
  if (!any_) {
    line("instance", "protocol", "client", "public", "remote");
    out_ << "state\n";
  }
  line(row.instance, protocol_name(between.protocol), text_of(row.session.client),
       row.outside ? text_of(*row.outside) : "-",
       has_port(row.session) ? text_of(between.remote) : to_string(between.remote.address));
  out_ << session_state(row.flow);
  if (between.inbound) out_ << ", inbound";
  if (row.flow.left) out_ << ", " << *row.flow.left << " s left";
  if (const auto seconds = age(row.flow)) out_ << ", " << *seconds << " s old";
  const auto traffic = traffic_of(row);
  for (const auto& [counts, way] : {std::pair(traffic.out, "out "), std::pair(traffic.in, "in ")})
    if (counts) out_ << ", " << way << counts->packets << " packets " << counts->bytes << " bytes";
  out_ << "\n";
}

void SessionRows::write_json(const SessionRow& row) {
  const auto& between = row.session.between;
  ordered_json json = {{"instance", row.instance},
                       {"protocol", protocol_name(between.protocol)},
                       {"client", to_string(row.session.client.address)},
                       {"client_port", row.session.client.port}};
  if (row.outside) {
    json["public"] = to_string(row.outside->address);
    json["public_port"] = row.outside->port;
  }
  json["remote"] = to_string(between.remote.address);
  if (has_port(row.session)) json["remote_port"] = between.remote.port;
  json["state"] = session_state(row.flow);
  json["inbound"] = between.inbound;
  if (row.flow.left) json["left"] = *row.flow.left;
  if (const auto seconds = age(row.flow)) json["age"] = *seconds;
  const auto traffic = traffic_of(row);
  const auto add = [&](const std::string& way, const std::optional<Counts>& counts) {
    if (!counts) return;
    json["packets_" + way] = counts->packets;
    json["bytes_" + way] = counts->bytes;
  };
  add("out", traffic.out);
  add("in", traffic.in);
  out_ << (any_ ? "," : "[") << json.dump();
}

void SessionRows::finish() {
  if (json_)
    out_ << (any_ ? "]\n" : "[]\n");
  else if (!any_)
    out_ << "no sessions\n";
}

}  // namespace ipxlat::ctl
