// SPDX-License-Identifier: GPL-2.0-only
#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "tools/ipxlatctl/commands.h"
#include "tools/ipxlatctl/render.h"
#include "tools/ipxlatctl/snippets.h"
#include "tools/ipxlatctl/state_file.h"

namespace ipxlat::ctl {
namespace {

using nlohmann::ordered_json;

// RFC 8781 section 4: a 13-bit field, in units of 8 seconds.
constexpr uint32_t kLifetimeUnit = 8;
constexpr uint32_t kLifetimeMost = 8191 * kLifetimeUnit;

struct EmitOptions {
  std::string instance;
  std::vector<std::string> interfaces;
  uint32_t lifetime = Gateway{}.lifetime;
  std::string state_file;
};

struct Program {
  const char* name;
  const char* what;
  std::string (*snippet)(const Gateway& gateway);
  bool advertises;  // on interfaces
};

constexpr Program kPrograms[] = {
    {"unbound", "print the DNS64 of a NAT64 as unbound.conf(5)", unbound_snippet, false},
    {"bind", "print the DNS64 of a NAT64 as named.conf(5)", bind_snippet, false},
    {"radvd", "print the PREF64 of a NAT64 as radvd.conf(5)", radvd_snippet, true},
    {"networkd", "print the PREF64 of a NAT64 as systemd.network(5)", networkd_snippet, true},
};

std::vector<Gateway> gateways_of(const ordered_json& state, const std::string& file) {
  std::vector<Gateway> gateways;
  try {
    for (const auto& instance : state["instances"]) {
      if (instance.at("kind") != "nat64") continue;
      gateways.push_back({"nat64." + instance.at("name").get<std::string>(),
                          parse_prefix6(instance.at("pref64").get<std::string>()),
                          instance.value("downlinks", std::vector<std::string>())});
    }
  } catch (const std::exception&) {
    throw Failure(file + ": not a state file of ipxlatd");
  }
  return gateways;
}

// The one that is named, with or without its kind, or the only one.
Gateway choose(const std::vector<Gateway>& gateways, const std::string& name) {
  std::string names;
  for (const Gateway& gateway : gateways) {
    if (gateway.instance == name || gateway.instance == "nat64." + name) return gateway;
    names += (names.empty() ? "" : ", ") + gateway.instance;
  }
  if (gateways.empty()) throw Failure("ipxlatd runs no NAT64 in this network namespace");
  if (!name.empty()) throw Failure("there is no NAT64 '" + name + "' (allowed: " + names + ")");
  if (gateways.size() > 1) throw UsageError("there are several NAT64, and one must be named: " + names);
  return gateways.front();
}

Gateway gateway_of(Context& context, const EmitOptions& options) {
  if (!value_of(context.daemon_runs())) throw Failure("ipxlatd does not run in this network namespace");
  auto state = read_state(options.state_file);
  if (state.is_null()) throw Failure("ipxlatd publishes nothing in " + options.state_file);
  Gateway gateway = choose(gateways_of(state, options.state_file), options.instance);
  gateway.lifetime = options.lifetime;
  if (!options.interfaces.empty()) gateway.interfaces = options.interfaces;
  return gateway;
}

void emit(Context& context, const Program& program, const EmitOptions& options) {
  if (options.lifetime < kLifetimeUnit || options.lifetime > kLifetimeMost ||
      options.lifetime % kLifetimeUnit != 0)
    throw UsageError("--lifetime " + std::to_string(options.lifetime) +
                     " is refused (allowed: a multiple of " + std::to_string(kLifetimeUnit) + ", up to " +
                     std::to_string(kLifetimeMost) + ")");
  const Gateway gateway = gateway_of(context, options);
  if (program.advertises && gateway.interfaces.empty())
    throw Failure("[" + gateway.instance +
                  "] has no downlinks; name the interfaces to advertise on with --interface");
  const std::string text = program.snippet(gateway);
  if (!context.json)
    context.out << text;
  else
    print_json(context.out, ordered_json::array({{{"program", program.name},
                                                  {"instance", gateway.instance},
                                                  {"pref64", to_string(gateway.pref64)},
                                                  {"text", text}}}));
}

}  // namespace

void add_emit(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("emit", "print what other programs need to be told about a NAT64");
  command->require_subcommand(1);
  auto options = std::make_shared<EmitOptions>();
  options->state_file = context.state_file;
  for (const Program& program : kPrograms) {
    auto* one = command->add_subcommand(program.name, program.what);
    one->add_option("INSTANCE", options->instance, "the NAT64; needed where there are several");
    one->add_option("--lifetime", options->lifetime, "how long clients may keep the prefix (default: 1800)")
        ->type_name("SECONDS");
    if (program.advertises)
      one->add_option("--interface", options->interfaces, "where to advertise (default: the downlinks)")
          ->type_name("NAME");
    one->add_option("--state", options->state_file, "the state file (default: " + context.state_file + ")");
    one->callback([&context, &program, options] { emit(context, program, *options); });
  }
}

}  // namespace ipxlat::ctl
