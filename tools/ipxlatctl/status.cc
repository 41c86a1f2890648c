// SPDX-License-Identifier: GPL-2.0-only
#include <CLI/CLI.hpp>
#include <map>
#include <nlohmann/json.hpp>

#include "tools/ipxlatctl/commands.h"
#include "tools/ipxlatctl/render.h"
#include "tools/ipxlatctl/state_file.h"
#include "tools/ipxlatctl/state_watch.h"
#include "tools/ipxlatctl/status_rows.h"

namespace ipxlat::ctl {
namespace {

using nlohmann::ordered_json;

void status(Context& context, const std::string& file) {
  bool runs = value_of(context.daemon_runs());
  auto state = read_state(file);
  if (state.is_null() && !runs) throw Failure("ipxlatd is not running (no " + file + ")");
  if (state.is_null())
    throw Failure("ipxlatd runs in this network namespace, and publishes nothing in " + file +
                  " (--state names another file)");
  std::vector<StatusRow> rows;
  const auto table = context.connection_table();
  try {
    for (const auto& instance : state["instances"]) rows.push_back(status_row(instance, table));
  } catch (const ordered_json::exception&) {
    throw Failure(file + ": not a state file of ipxlatd");
  }
  if (context.json) {
    ordered_json daemon = {{"running", runs}};
    daemon.update(state);
    if (table) daemon["connections"] = {{"entries", table->entries}, {"limit", table->limit}};
    print_json(context.out, ordered_json::array({daemon}));
  } else {
    if (rows.empty()) context.out << "ipxlatd runs and has no instances\n";
    print_status(context.out, rows);
  }
  // a daemon that was killed leaves its file, and its devices, behind
  if (!runs) throw Failure("ipxlatd does not run in this network namespace; this is what it left");
}

// By unit_id().
using Instances = std::map<std::string, ordered_json>;

Instances instances_of(const std::string& file) {
  Instances instances;
  const auto state = read_state(file);
  if (state.is_null()) return instances;
  for (const auto& instance : state["instances"]) instances[unit_id(instance)] = instance;
  return instances;
}

// But for what changes with each advertisement of a router.
bool is_same(ordered_json one, ordered_json other) {
  one.erase("pref64_until");
  other.erase("pref64_until");
  return one == other;
}

// What has become of one: its new state, or that it is not there any more.
void tell(Context& context, const ordered_json& instance, bool there) {
  if (context.json) {
    ordered_json event = {{"time", time_json(context.now())}, {"event", there ? "changed" : "removed"}};
    event.update(instance);
    print_json(context.out, event);
    return;
  }
  auto row = status_row(instance, std::nullopt);
  if (!there) row.state = "removed", row.details.clear(), row.notes.clear();
  context.out << time_text(context.now()) << " ";
  print_status(context.out, {row});
}

// Ends when it is interrupted, or nobody reads any more.
void watch(Context& context, const std::string& file) {
  StateWatch changes(file);
  Instances before;
  for (;;) {
    auto now = instances_of(file);
    for (const auto& [id, instance] : before)
      if (!now.contains(id)) tell(context, instance, false);
    for (const auto& [id, instance] : now)
      if (const auto former = before.find(id); former == before.end() || !is_same(former->second, instance))
        tell(context, instance, true);
    context.out.flush();
    if (!context.out.good()) return;
    before = std::move(now);
    changes.wait();
  }
}

}  // namespace

void add_status(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("status", "print what ipxlatd runs");
  auto file = std::make_shared<std::string>(context.state_file);
  command->add_option("--state", *file, "the state file (default: " + context.state_file + ")");
  auto watching = std::make_shared<bool>(false);
  command->add_flag("--watch", *watching, "go on, and print what changes, until interrupted");
  command->callback([&context, file, watching] {
    if (*watching)
      watch(context, *file);
    else
      status(context, *file);
  });
}

}  // namespace ipxlat::ctl
