// SPDX-License-Identifier: GPL-2.0-only
#include <CLI/CLI.hpp>
#include <iterator>
#include <nlohmann/json.hpp>

#include "daemon/config/config.h"
#include "tools/ipxlatctl/commands.h"
#include "tools/ipxlatctl/import/importer.h"
#include "tools/ipxlatctl/input.h"
#include "tools/ipxlatctl/render.h"

namespace ipxlat::ctl {
namespace {

struct ImportOptions {
  std::string file;
  std::vector<std::string> uplinks;
  std::vector<std::string> downlinks;
  std::string kind;
};

struct Importer {
  const char* name;
  const char* what;
  const char* file;
  Imported (*run)(const Source& source);
};

constexpr Importer kImporters[] = {
    {"jool", "turn the JSON of one instance of Jool into a configuration of ipxlatd",
     "what jool file handle reads; - is standard input", import_jool},
    {"tayga", "turn tayga.conf(5) into a configuration of ipxlatd", "tayga.conf; - is standard input",
     import_tayga},
    {"clatd", "turn clatd.conf of clatd(8) into a configuration of ipxlatd",
     "clatd.conf; - is standard input", import_clatd},
};

// The account stands on top of what it is of, so that one file keeps both.
std::string document_of(const Imported& imported) {
  const bool any = !imported.account.fates().empty();
  std::string text = any ? "# What became of each setting:\n" : "# There are no settings.\n";
  for (const Fate& fate : imported.account.fates()) {
    text += "#   ";
    if (fate.setting.line != 0) text += "line " + std::to_string(fate.setting.line) + ": ";
    text += sentence(fate) + "\n";
  }
  for (const TomlTable& table : imported.tables) text += "\n" + table.text();
  return text;
}

// Nobody has to read comments to find out what is lost.
void warn(Context& context, const Source& source, const Account& account) {
  for (const Fate& fate : account.fates()) {
    if (fate.outcome != Outcome::kNoCounterpart && fate.outcome != Outcome::kUnknown) continue;
    context.err << "ipxlatctl: " << source.name << ":";
    if (fate.setting.line != 0) context.err << fate.setting.line << ":";
    context.err << " " << sentence(fate) << "\n";
  }
}

void import(Context& context, const Importer& importer, const ImportOptions& options) {
  Input input(context, options.file);
  Source source{.name = input.name(),
                .text = {std::istreambuf_iterator<char>(input.stream()), {}},
                .uplinks = options.uplinks,
                .downlinks = options.downlinks,
                .kind = options.kind};
  if (input.stream().bad()) throw Failure(source.name + ": it cannot be read");
  const Imported imported = importer.run(source);
  const std::string document = document_of(imported);
  if (!context.json)
    context.out << document;
  else
    print_json(context.out, nlohmann::ordered_json::array({{{"program", importer.name},
                                                            {"configuration", document},
                                                            {"settings", account_json(imported.account)}}}));
  warn(context, source, imported.account);
  try {
    parse_config(document, "the configuration");
  } catch (const ConfigError& error) {
    throw Failure(error.what());
  }
}

}  // namespace

void add_import(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("import", "turn another program's configuration into one of ipxlatd");
  command->require_subcommand(1);
  auto options = std::make_shared<ImportOptions>();
  for (const Importer& importer : kImporters) {
    auto* one = command->add_subcommand(importer.name, importer.what);
    one->add_option("FILE", options->file, importer.file)->required();
    // one name each, or they would take FILE for another
    const auto links = [&](const char* name, std::vector<std::string>& to, const char* what) {
      one->add_option(name, to, what)->type_name("NAME,...")->delimiter(',')->allow_extra_args(false);
    };
    links("--uplinks", options->uplinks, "the interfaces toward IPv4, or of a CLAT toward IPv6");
    links("--downlinks", options->downlinks, "the interfaces toward clients");
    if (std::string(importer.name) == "jool")
      one->add_option("--kind", options->kind, "of what the file is, where it does not show")
          ->type_name("nat64|siit")
          ->check(CLI::IsMember({"nat64", "siit"}));
    one->callback([&context, &importer, options] { import(context, importer, *options); });
  }
}

}  // namespace ipxlat::ctl
