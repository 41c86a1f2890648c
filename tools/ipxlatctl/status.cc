// SPDX-License-Identifier: GPL-2.0-only
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iomanip>
#include <nlohmann/json.hpp>

#include "tools/ipxlatctl/commands.h"
#include "tools/ipxlatctl/render.h"

namespace ipxlat::ctl {
namespace {

using nlohmann::ordered_json;

constexpr int kStateVersion = 1;

struct StatusOptions {
  std::string file;
  bool json = false;
};

ordered_json read_state(const std::string& file) {
  std::ifstream stream(file);
  stream.peek();  // a directory can be opened, but not read
  if (!stream.is_open() || stream.bad()) {
    if (errno == ENOENT) throw Failure("ipxlatd is not running (no " + file + ")");
    throw Failure(file + ": " + std::strerror(errno));
  }
  auto state = ordered_json::parse(stream, nullptr, /*allow_exceptions=*/false);
  if (!state.is_object() || !state.contains("instances") || !state["instances"].is_array())
    throw Failure(file + ": not a state file of ipxlatd");
  if (state.value("version", ordered_json()) != kStateVersion)
    throw Failure(file + ": written by another version of ipxlatd");
  return state;
}

// "a b" of a string, a list of strings or nothing.
std::string words_of(const ordered_json& instance, const char* key) {
  if (!instance.contains(key)) return {};
  const ordered_json& value = instance[key];
  if (value.is_string()) return value.get<std::string>();
  std::string words;
  for (const auto& item : value) words += (words.empty() ? "" : " ") + item.get<std::string>();
  return words;
}

// "pref64 64:ff9b::/96, address 2001:db8::c1a7:1 dedicated".
std::string details_of(const ordered_json& instance) {
  std::string details;
  auto add = [&](const char* label, const std::string& words) {
    if (!words.empty()) details += (details.empty() ? "" : ", ") + std::string(label) + words;
  };
  if (instance.at("device") != instance.at("name")) add("device ", words_of(instance, "device"));
  add("pref64 ", words_of(instance, "pref64"));
  add("", words_of(instance, "mode"));
  add("pool4 ", words_of(instance, "pool4"));
  add("pool6 ", words_of(instance, "pool6"));
  std::string address = words_of(instance, "address6");
  std::string address_mode = words_of(instance, "address6_mode");
  add("address ", address.empty() || address_mode.empty() ? address : address + " " + address_mode);
  add("local4 ", words_of(instance, "local4"));
  add("uplinks ", words_of(instance, "uplinks"));
  add("downlinks ", words_of(instance, "downlinks"));
  return details;
}

struct Row {
  std::string name;
  std::string kind;
  std::string state;
  std::string details;
  std::vector<std::string> warnings;
};

Row row_of(const ordered_json& instance) {
  Row row{instance.at("name"), instance.at("kind"), instance.at("state"), {}, {}};
  std::string why = instance.at("why");
  row.details = row.state == "on" ? details_of(instance) : why;
  if (row.details.empty()) row.details = why;
  if (instance.contains("warnings")) row.warnings = instance["warnings"].get<std::vector<std::string>>();
  return row;
}

int width_of(const std::vector<Row>& rows, std::string Row::* column) {
  size_t width = 0;
  for (const Row& row : rows) width = std::max(width, (row.*column).size());
  return static_cast<int>(width);
}

void print_text(std::ostream& out, const std::vector<Row>& rows) {
  if (rows.empty()) out << "ipxlatd runs and has no instances\n";
  out << std::left;
  for (const Row& row : rows) {
    out << std::setw(width_of(rows, &Row::name)) << row.name << "  "  //
        << std::setw(width_of(rows, &Row::kind)) << row.kind << "  "  //
        << std::setw(width_of(rows, &Row::state)) << row.state << "  " << row.details << "\n";
    for (const std::string& warning : row.warnings) out << "    warning: " << warning << "\n";
  }
}

// A daemon that was killed leaves its file, and its devices, behind.
void warn_if_gone(std::ostream& err, const ordered_json& state) {
  if (!state.contains("pid") || !state["pid"].is_number_integer()) return;
  auto pid = state["pid"].get<pid_t>();
  if (pid > 0 && kill(pid, 0) < 0 && errno == ESRCH)
    err << "ipxlatctl: ipxlatd (process " << pid << ") does not run any more; this is what it left\n";
}

void status(Context& context, const StatusOptions& options) {
  std::string file = options.file.empty() ? context.state_file : options.file;
  auto state = read_state(file);
  std::vector<Row> rows;
  try {
    for (const auto& instance : state["instances"]) rows.push_back(row_of(instance));
  } catch (const ordered_json::exception&) {
    throw Failure(file + ": not a state file of ipxlatd");
  }
  warn_if_gone(context.err, state);
  if (options.json)
    print_json(context.out, state);
  else
    print_text(context.out, rows);
}

}  // namespace

void add_status(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("status", "print what ipxlatd runs");
  auto options = std::make_shared<StatusOptions>();
  command->add_option("--state", options->file, "the state file (default: " + context.state_file + ")");
  command->add_flag("--json", options->json, "as JSON");
  command->callback([&context, options] { status(context, *options); });
}

}  // namespace ipxlat::ctl
