// SPDX-License-Identifier: GPL-2.0-only
#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

#include "tools/ipxlatctl/commands.h"

namespace ipxlat::ctl {
namespace {

using Words = std::vector<std::string>;

enum ExitStatus { kDone = 0, kFailed = 1, kUsage = 2 };

constexpr void (*kCommands[])(CLI::App&, Context&) = {
    add_show,  add_set,    add_map,      add_explain, add_stats, add_monitor, add_save, add_restore,
    add_check, add_status, add_sessions, add_doctor,  add_drain, add_metrics, add_emit, add_import,
};

std::string names_of(const std::vector<const CLI::App*>& commands) {
  std::string names;
  for (const CLI::App* command : commands) names += (names.empty() ? "" : ", ") + command->get_name();
  return names;
}

// Options that every command has, and that may stand in front of it: how many words they are, from `at` on.
// The parser would take the command for the name that -n lacks.
size_t common_words(const Words& words, size_t at) {
  size_t end = at;
  while (end < words.size()) {
    const std::string& word = words[end];
    bool named = word == "-n" || word == "--netns";
    if (named && end + 1 == words.size()) throw UsageError(word + " needs a network namespace");
    if (named)
      end += 2;
    else if (word == "-j" || word == "--json" || word.starts_with("--netns="))
      end += 1;
    else
      break;
  }
  return end - at;
}

// The parser's own complaints about commands do not say which are allowed. Other options in front of one
// are its to read.
void check_command_words(const CLI::App& app, const Words& words) {
  const CLI::App* at = &app;
  for (size_t i = common_words(words, 0);; i += 1 + common_words(words, i + 1)) {
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

void add_help(CLI::App& app) {
  auto words = std::make_shared<Words>();
  app.add_subcommand("help", "print a summary, of one command if it follows")
      ->add_option("COMMAND", *words, "the command");
}

// To the program and to every command, so that they are taken in front of the command's words and behind.
void add_common(CLI::App& app, Context& context, std::string& name) {
  for (CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    add_common(*command, context, name);
  app.add_flag("-j,--json", context.json, "print JSON");
  app.add_option("-n,--netns", name, "in this network namespace")->type_name("NETNS");
}

// "help set" is "set --help", and no command is show.
void complete(Words& words) {
  size_t at = common_words(words, 0);
  if (at == words.size()) {
    words.push_back("show");
  } else if (words[at] == "help") {
    words.erase(words.begin() + static_cast<ptrdiff_t>(at));
    words.push_back("--help");
  }
}

void parse_and_run(CLI::App& app, Words words) {
  complete(words);
  check_command_words(app, words);
  std::reverse(words.begin(), words.end());
  app.parse(std::move(words));
}

// A sentence a line.
int complain(Context& context, ExitStatus status, const char* sentences) {
  std::istringstream lines(sentences);
  for (std::string line; std::getline(lines, line);) context.err << "ipxlatctl: " << line << "\n";
  if (status == kUsage) context.err << "ipxlatctl help and ipxlatctl help COMMAND say more\n";
  return status;
}

}  // namespace

int run(std::vector<std::string> words, Context& context) {
  CLI::App app("Looks at and changes ipxlat translation devices.", "ipxlatctl");
  std::string name;
  app.require_subcommand(1);
  app.set_version_flag("--version", "ipxlatctl " IPXLAT_VERSION);
  for (auto add : kCommands) add(app, context);
  add_help(app);
  add_common(app, context, name);
  // before the command's own callback
  app.parse_complete_callback([&] {
    if (!name.empty()) expect(context.enter_namespace(name));
  });
  try {
    parse_and_run(app, std::move(words));
    context.out.flush();
    if (!context.out) throw Failure("cannot write the output");
    return context.found ? kFailed : kDone;
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
