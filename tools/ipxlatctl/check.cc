// SPDX-License-Identifier: GPL-2.0-only
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "daemon/config/config.h"
#include "tools/ipxlatctl/commands.h"
#include "tools/ipxlatctl/render.h"

namespace ipxlat::ctl {
namespace {

// A mistake is a line.
nlohmann::ordered_json mistakes_json(const std::string& mistakes) {
  auto json = nlohmann::ordered_json::array();
  std::istringstream lines(mistakes);
  for (std::string line; std::getline(lines, line);) json.push_back({{"text", line}});
  return json;
}

void check(Context& context, const std::vector<std::string>& files) {
  std::string mistakes;
  try {
    load_config({files.begin(), files.end()});
  } catch (const ConfigError& error) {
    mistakes = error.what();
  }
  if (context.json) print_json(context.out, mistakes_json(mistakes));
  if (!mistakes.empty()) throw Failure(mistakes);
  if (!context.json) context.out << "valid\n";
}

}  // namespace

void add_check(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("check", "validate a configuration of ipxlatd");
  auto files = std::make_shared<std::vector<std::string>>();
  command->add_option("FILE", *files, "the file, or all that are read together")->required();
  command->callback([&context, files] { check(context, *files); });
}

}  // namespace ipxlat::ctl
