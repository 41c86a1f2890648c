// SPDX-License-Identifier: GPL-2.0-only
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iomanip>
#include <nlohmann/json.hpp>

#include "tools/ipxlatctl/commands.h"
#include "tools/ipxlatctl/doctor/check.h"
#include "tools/ipxlatctl/doctor/observe.h"
#include "tools/ipxlatctl/render.h"
#include "tools/ipxlatctl/state_file.h"

namespace ipxlat::ctl {
namespace {

using nlohmann::ordered_json;

struct Examined {
  const doctor::Check& check;
  doctor::Findings findings;
  std::string unread;
  std::string note;

  bool sick() const {
    return std::any_of(findings.begin(), findings.end(), [](const auto& finding) { return finding.certain; });
  }
  const char* state() const {
    if (sick()) return "found";
    if (!findings.empty()) return "perhaps";
    return unread.empty() ? "ok" : "unknown";
  }
};

ordered_json examined_json(const Examined& examined) {
  auto findings = ordered_json::array();
  for (const auto& finding : examined.findings)
    findings.push_back({{"certain", finding.certain},
                        {"about", finding.about},
                        {"text", finding.text},
                        {"mend", finding.mend}});
  return {{"check", examined.check.name}, {"question", examined.check.question},
          {"state", examined.state()},    {"unread", examined.unread},
          {"note", examined.note},        {"findings", findings}};
}

void print(std::ostream& out, const Examined& examined) {
  out << std::left << std::setw(12) << examined.check.name << "  ";
  const std::string note = examined.note.empty() ? "" : ": " + examined.note;
  if (examined.findings.empty())
    out << (examined.unread.empty() ? "ok" + note : "not known: " + examined.unread) << "\n";
  bool first = true;
  for (const auto& finding : examined.findings) {
    if (!first) out << std::string(14, ' ');
    first = false;
    out << (finding.certain ? "" : "perhaps: ") << finding.text << "\n"
        << std::string(18, ' ') << finding.mend << "\n";
  }
}

// The kernel that has no ipxlat has no devices.
std::vector<DeviceState> devices_of(Context& context, std::string& problem) {
  auto devices = context.open_devices();
  if (!devices) {
    problem = devices.error().text;
    return {};
  }
  return value_of((*devices)->list());
}

doctor::Observed observe(Context& context) {
  std::string problem;
  auto devices = devices_of(context, problem);
  auto state = read_state(context.state_file);
  auto instances = state.is_null() ? ordered_json::array() : state["instances"];
  auto observed = context.observe(doctor::translators_of(devices, instances));
  observed.module_problem = problem;
  return observed;
}

void examine(Context& context) {
  auto observed = observe(context);
  std::vector<Examined> all;
  for (const auto& check : doctor::checks())
    all.push_back(
        {check, check.find(observed), check.unread(observed), check.note ? check.note(observed) : ""});
  auto json = ordered_json::array();
  for (const auto& examined : all) {
    if (context.json)
      json.push_back(examined_json(examined));
    else
      print(context.out, examined);
  }
  if (context.json) print_json(context.out, json);
  context.found = std::any_of(all.begin(), all.end(), [](const auto& examined) { return examined.sick(); });
}

}  // namespace

void add_doctor(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("doctor", "look for what keeps this host from translating");
  command->add_option("--state", context.state_file, "the state file (default: " + context.state_file + ")");
  command->callback([&context] { examine(context); });
}

}  // namespace ipxlat::ctl
