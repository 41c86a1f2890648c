// SPDX-License-Identifier: GPL-2.0-only
#include <CLI/CLI.hpp>
#include <algorithm>

#include "tools/ipxlatctl/commands.h"

namespace ipxlat::ctl {
namespace {

enum ExitStatus { kDone = 0, kFailed = 1, kUsage = 2 };

constexpr void (*kCommands[])(CLI::App&, Context&) = {
    add_show,    add_set,  add_map,     add_explain, add_stats,
    add_monitor, add_save, add_restore, add_check,   add_status,
};

std::string names_of(const std::vector<const CLI::App*>& commands) {
  std::string names;
  for (const CLI::App* command : commands) names += (names.empty() ? "" : ", ") + command->get_name();
  return names;
}

// The parser's own complaints about commands do not say which are allowed. Options in front of one are its to
// read.
void check_command_words(const CLI::App& app, const std::vector<std::string>& words) {
  const CLI::App* at = &app;
  for (size_t i = 0;; ++i) {
    auto commands = at->get_subcommands([](const CLI::App*) { return true; });
    if (commands.empty()) return;
    std::string allowed = " (allowed: " + names_of(commands) + ")";
    if (i >= words.size()) throw UsageError(at->get_name() + " needs a command" + allowed);
    if (at->get_option_no_throw(words[i])) return;
    auto found = std::find_if(commands.begin(), commands.end(),
                              [&](const CLI::App* command) { return command->get_name() == words[i]; });
    if (found == commands.end()) throw UsageError("'" + words[i] + "' is not a command" + allowed);
    at = *found;
  }
}

void parse_and_run(CLI::App& app, std::vector<std::string> words) {
  if (words.empty() || words.front() == "--json") words.insert(words.begin(), "show");
  check_command_words(app, words);
  std::reverse(words.begin(), words.end());
  app.parse(std::move(words));
}

int complain(Context& context, ExitStatus status, const char* sentence) {
  context.err << "ipxlatctl: " << sentence << "\n";
  if (status == kUsage) context.err << "ipxlatctl --help and ipxlatctl COMMAND --help say more\n";
  return status;
}

}  // namespace

int run(std::vector<std::string> words, Context& context) {
  CLI::App app("Looks at and changes ipxlat translation devices.", "ipxlatctl");
  app.require_subcommand(1);
  app.set_version_flag("--version", "ipxlatctl " IPXLAT_VERSION);
  for (auto add : kCommands) add(app, context);
  try {
    parse_and_run(app, std::move(words));
    context.out.flush();
    if (!context.out) throw Failure("cannot write the output");
    return kDone;
  } catch (const CLI::Success& wish) {
    return app.exit(wish, context.out, context.err);
  } catch (const CLI::ParseError& error) {
    return complain(context, kUsage, error.what());
  } catch (const UsageError& error) {
    return complain(context, kUsage, error.what());
  } catch (const std::exception& error) {
    return complain(context, kFailed, error.what());
  }
}

}  // namespace ipxlat::ctl
