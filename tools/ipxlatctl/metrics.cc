// SPDX-License-Identifier: GPL-2.0-only
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "daemon/metrics/numbers.h"
#include "tools/ipxlatctl/commands.h"
#include "tools/ipxlatctl/render.h"
#include "tools/ipxlatctl/state_file.h"

namespace ipxlat::ctl {
namespace {

using nlohmann::ordered_json;

// A daemon that runs elsewhere tells nothing of this network namespace.
std::vector<metrics::Instance> instances_of(const ordered_json& state, const std::string& file) {
  std::vector<metrics::Instance> instances;
  try {
    for (const auto& instance : state.at("instances"))
      instances.push_back({unit_id(instance), instance.at("state")});
  } catch (const ordered_json::exception&) {
    throw Failure(file + ": not a state file of ipxlatd");
  }
  return instances;
}

ordered_json family_json(const metrics::Family& family) {
  auto samples = ordered_json::array();
  for (const metrics::Sample& sample : family.samples) {
    auto labels = ordered_json::object();
    for (const auto& [name, value] : sample.labels) labels[name] = value;
    samples.push_back({{"labels", labels}, {"value", sample.value}});
  }
  return {{"name", family.name},
          {"type", family.type == metrics::Type::kCounter ? "counter" : "gauge"},
          {"unit", family.unit},
          {"help", family.help},
          {"samples", samples}};
}

void print_metrics(Context& context, const std::string& file) {
  const bool runs = value_of(context.daemon_runs());
  const auto state = runs ? read_state(file) : nullptr;
  const auto numbers = context.read_numbers(
      state.is_null() ? std::vector<metrics::Instance>() : instances_of(state, file), runs);
  const auto families = metrics::families(numbers);
  if (context.json) {
    auto json = ordered_json::array();
    for (const auto& family : families) json.push_back(family_json(family));
    print_json(context.out, json);
  } else {
    context.out << metrics::openmetrics(families);
  }
  std::string unread;
  for (const auto& sentence : numbers.unread) unread += (unread.empty() ? "" : "\n") + sentence;
  if (!unread.empty()) throw Failure(unread);
}

}  // namespace

void add_metrics(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("metrics", "print all counters as OpenMetrics");
  auto file = std::make_shared<std::string>(context.state_file);
  command->add_option("--state", *file, "the state file (default: " + context.state_file + ")");
  command->callback([&context, file] { print_metrics(context, *file); });
}

}  // namespace ipxlat::ctl
