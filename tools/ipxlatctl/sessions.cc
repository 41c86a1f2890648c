// SPDX-License-Identifier: GPL-2.0-only
#include <CLI/CLI.hpp>
#include <map>
#include <memory>

#include "lib/networks.h"
#include "tools/ipxlatctl/commands.h"
#include "tools/ipxlatctl/gateways.h"
#include "tools/ipxlatctl/session_rows.h"

namespace ipxlat::ctl {
namespace {

struct Options {
  std::string instance;
  std::string client;
  std::string protocol;
  uint16_t port = 0;
  std::string state_file;
};

// What is not given means every session.
struct Wanted {
  std::optional<Prefix6> client{};
  std::optional<uint16_t> port{};
  std::optional<uint8_t> protocol{};
};

Prefix6 client_prefix(const std::string& text) {
  try {
    return text.find('/') == text.npos ? host(parse_address6(text)) : parse_network6(text);
  } catch (const std::invalid_argument& error) {
    throw UsageError("--client: " + std::string(error.what()));
  }
}

Wanted wanted_by(const Options& options) {
  Wanted wanted;
  if (!options.client.empty()) wanted.client = client_prefix(options.client);
  if (options.port) wanted.port = options.port;
  if (options.protocol == "tcp") wanted.protocol = IPPROTO_TCP;
  if (options.protocol == "udp") wanted.protocol = IPPROTO_UDP;
  if (options.protocol == "icmp") wanted.protocol = IPPROTO_ICMP;
  return wanted;
}

// But for the port, of which one is not known yet.
bool may_be(const Wanted& wanted, const Session& session) {
  return (!wanted.client || contains(*wanted.client, session.client.address)) &&
         (!wanted.protocol || *wanted.protocol == session.between.protocol);
}

bool has_port(const Wanted& wanted, const SessionRow& row) {
  if (!wanted.port) return true;
  const uint16_t port = *wanted.port;
  return row.session.client.port == port || row.session.between.remote.port == port ||
         (row.outside && row.outside->port == port);
}

class Listing {
 public:
  Listing(const std::vector<Gateway>& gateways, const Wanted& wanted, Tracker& tracker, SessionRows& rows)
      : gateways_(gateways), wanted_(wanted), tracker_(tracker), rows_(rows) {}

  // One part of the dump: its rows are written before the next one is read.
  Result<void> take(const std::vector<Flow6>& flows) {
    std::vector<Found> all;
    std::vector<Tuple4> questions;
    for (const auto& flow : flows)
      for (const auto& gateway : gateways_) {
        const auto session = gateway.session(flow);
        if (!session || !may_be(wanted_, *session)) continue;
        all.push_back({gateway, {gateway.name(), *session, session->between.inside, flow}});
        if (gateway.mode() != GatewayMode::kPool) questions.push_back(tuple_of(session->between));
        break;
      }
    const auto legs = tracker_.find(questions);
    if (!legs) return legs.error();
    size_t at = 0;
    for (auto& [gateway, row] : all) {
      if (gateway.mode() != GatewayMode::kPool) join(gateway, (*legs)[at++], row);
      if (has_port(wanted_, row)) rows_.write(row);
    }
    return {};
  }

 private:
  struct Found {
    const Gateway& gateway;
    SessionRow row;
  };

  static void join(const Gateway& gateway, const std::optional<Flow4>& flow, SessionRow& row) {
    const auto leg = flow ? gateway.leg(*flow) : std::nullopt;
    if (leg)
      row.outside = leg->outside;
    else if (gateway.mode() == GatewayMode::kMasquerade)
      row.outside.reset();
  }

  const std::vector<Gateway>& gateways_;
  const Wanted& wanted_;
  Tracker& tracker_;
  SessionRows& rows_;
};

void sessions(Context& context, const Options& options) {
  const Wanted wanted = wanted_by(options);
  const auto gateways = find_gateways(context, options.state_file, options.instance);
  const auto tracker = value_of(context.open_tracker());
  SessionRows rows(context.out, context.json, context.now());
  Listing listing(gateways, wanted, *tracker, rows);
  expect(tracker->visit6([&](const std::vector<Flow6>& flows) { return listing.take(flows); }));
  rows.finish();
}

}  // namespace

void add_sessions(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("sessions", "print the sessions of NAT64 instances");
  auto options = std::make_shared<Options>();
  options->state_file = context.state_file;
  command->add_option("INSTANCE", options->instance, "the instance; without it, all");
  command->add_option("--client", options->client, "an IPv6 address or prefix of clients");
  command
      ->add_option("--port", options->port,
                   "of client, public address or remote end; with ICMP the identifier")
      ->check(CLI::Range(1, 65535));
  command->add_option("--protocol", options->protocol, "tcp, udp or icmp")
      ->check(CLI::IsMember({"tcp", "udp", "icmp"}));
  command->add_option("--state", options->state_file, "the state file (default: " + context.state_file + ")");
  command->callback([&context, options] { sessions(context, *options); });
}

}  // namespace ipxlat::ctl
