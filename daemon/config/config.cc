// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/config/config.h"

#include <toml++/toml.h>

#include <algorithm>
#include <system_error>

#include "daemon/config/claims.h"
#include "daemon/config/instance.h"
#include "daemon/config/text_file.h"

namespace ipxlat {
namespace {

namespace fs = std::filesystem;

constexpr const char* kKinds = "metrics-listen, [nat64.NAME], [clat.NAME], [siit.NAME] or [nat46.NAME]";
constexpr const char* kListenAllowed = "once, \"ADDRESS:PORT\", such as \"127.0.0.1:9464\" or \"[::1]:9464\"";

struct Member {
  std::string key;
  const toml::node* node;
};

// toml++ sorts by key
std::vector<Member> in_order_of_lines(const toml::table& table) {
  std::vector<Member> members;
  for (const auto& [key, node] : table) members.push_back({std::string(key.str()), &node});
  std::sort(members.begin(), members.end(),
            [](const Member& a, const Member& b) { return a.node->source().begin < b.node->source().begin; });
  return members;
}

// Reads one file after the other.
class Loader {
 public:
  void read(const fs::path& file) {
    try {
      read(file, read_text(file));
    } catch (const std::system_error& error) {
      mistakes_.add(file, 0, "cannot be read: " + error.code().message());
    }
  }

  void read(const fs::path& file, const std::string& text) {
    try {
      const toml::table root = toml::parse(text, file.string());
      for (const auto& [kind, node] : in_order_of_lines(root)) read_kind(file, kind, *node);
    } catch (const toml::parse_error& error) {
      mistakes_.add(file, error.source().begin.line, "not TOML: " + std::string(error.description()));
    }
  }

  Config take() {
    mistakes_.throw_if_any();
    return std::move(config_);
  }

 private:
  void read_kind(const fs::path& file, const std::string& kind, const toml::node& node) {
    const auto refuse = [&](const std::string& wrong) {
      mistakes_.add(file, line_of(node), kind + ": " + wrong + "; allowed: " + kKinds);
    };
    if (kind == "metrics-listen") return read_listen(file, node);
    const auto* instances = node.as_table();
    if (kind != "nat64" && kind != "clat" && kind != "siit" && kind != "nat46") return refuse("unknown key");
    if (!instances) return refuse("it is " + type_name(node));
    for (const auto& [name, instance] : in_order_of_lines(*instances))
      read_instance(file, kind, name, *instance);
  }

  void read_listen(const fs::path& file, const toml::node& node) {
    const auto refuse = [&](const std::string& wrong) {
      mistakes_.add(file, line_of(node), "metrics-listen: " + wrong + "; allowed: " + kListenAllowed);
    };
    const auto* text = node.as_string();
    if (!text) return refuse("it is " + type_name(node));
    if (config_.metrics_listen) return refuse("another file has it, too");
    try {
      config_.metrics_listen = parse_listen(text->get());
    } catch (const std::invalid_argument& error) {
      refuse(error.what());
    }
  }

  void read_instance(const fs::path& file, const std::string& kind, const std::string& name,
                     const toml::node& node) {
    const std::string path = kind + "." + name;
    const auto* table = node.as_table();
    if (!table)
      return mistakes_.add(file, line_of(node),
                           path + ": it is " + type_name(node) + "; allowed: a table, [" + kind + ".NAME]");
    TableReader reader(file, path, *table, mistakes_);
    if (!is_instance_name(name))
      reader.refuse("", "'" + name + "' cannot be the name of an instance",
                    "1 to 64 letters, digits, '-', '_' and '.'");
    const std::string where = file.string() + ":" + std::to_string(line_of(node)) + " (" + path + ")";
    if (kind == "nat64") add(reader, config_.nat64, read_nat64(reader, name), where);
    if (kind == "clat") add(reader, config_.clat, read_clat(reader, name), where);
    if (kind == "siit") add(reader, config_.siit, read_siit(reader, name), where);
    if (kind == "nat46") add(reader, config_.nat46, read_nat46(reader, name), where);
  }

  template <class Instance>
  void add(TableReader& reader, std::vector<Instance>& all, Instance one, const std::string& where) {
    claims_.make(reader, one, where);
    all.push_back(std::move(one));
  }

  Mistakes mistakes_;
  Claims claims_;
  Config config_;
};

}  // namespace

Config load_config(const std::vector<fs::path>& files) {
  Loader loader;
  for (const auto& file : files) loader.read(file);
  return loader.take();
}

Config parse_config(const std::string& text, const fs::path& name) {
  Loader loader;
  loader.read(name, text);
  return loader.take();
}

std::vector<fs::path> default_config_files(const fs::path& directory) {
  std::vector<fs::path> files;
  const fs::path more = directory / "conf.d";
  std::error_code error;
  for (fs::directory_iterator entry(more, error), end; !error && entry != end; entry.increment(error))
    if (entry->path().extension() == ".toml") files.push_back(entry->path());
  if (error && error != std::errc::no_such_file_or_directory)
    throw ConfigError({more.string() + ": cannot be read: " + error.message()});
  std::sort(files.begin(), files.end());
  const fs::path main_file = directory / "ipxlatd.toml";
  // a link that leads nowhere is there, too
  if (fs::symlink_status(main_file, error).type() != fs::file_type::not_found)
    files.insert(files.begin(), main_file);
  return files;
}

}  // namespace ipxlat
