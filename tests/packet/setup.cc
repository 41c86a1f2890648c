// SPDX-License-Identifier: GPL-2.0-only
#include "tests/packet/setup.h"

#include <filesystem>
#include <fstream>

namespace ipxlat::test {
namespace {

Host read_host(Words& words) {
  Host host;
  while (!words.done()) {
    std::string text = words.next("an address");
    try {
      if (text.find(':') == std::string::npos)
        host.address4 = parse_address4(text);
      else
        host.address6 = parse_address6(text);
    } catch (const std::invalid_argument& error) {
      words.fail(error.what());
    }
  }
  return host;
}

void apply(DeviceConfig& config, const std::vector<std::string>& settings, const Place& place) {
  try {
    apply_change(config, parse_settings(settings));
  } catch (const std::invalid_argument& error) {
    throw SyntaxError(place, error.what());
  }
}

}  // namespace

Setup Setup::derived() const {
  Setup setup = *this;
  setup.inherited = std::move(setup.settings);
  setup.settings.clear();
  return setup;
}

bool Setup::read_line(Words& words) {
  if (words.take("set")) {
    for (std::string& word : words.rest()) settings.push_back(std::move(word));
  } else if (words.take("host")) {
    std::string name = words.next("a host's name");
    hosts[name] = read_host(words);
  } else if (words.take("mtu4")) {
    links.mtu4 = words.number("an MTU", 65535);
  } else if (words.take("mtu6")) {
    links.mtu6 = words.number("an MTU", 65535);
  } else {
    return false;
  }
  return true;
}

DeviceConfig Setup::config(const Place& place) const {
  DeviceConfig config;
  apply(config, inherited, place);
  apply(config, settings, place);
  return config;
}

Setups read_setups(const std::string& path) {
  Setups setups;
  Setup* setup = nullptr;
  for (const Line& line : read_lines(path)) {
    Words words(line.place, line.text);
    if (words.take("setup"))
      setup = &setups[words.next("a set-up's name")];
    else if (!setup || !setup->read_line(words))
      words.fail("'" + words.next("a line") + "' is not setup, set, host, mtu4 or mtu6");
    if (!words.done()) words.fail("'" + words.next("") + "' is one word too many");
  }
  return setups;
}

std::vector<Line> read_lines(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::vector<Line> lines;
  std::string name = std::filesystem::path(path).filename().string();
  std::string text;
  for (size_t number = 1; std::getline(file, text); number++) {
    bool continues = text.starts_with(' ') || text.starts_with('\t');
    if (text.find_first_not_of(" \t") == std::string::npos || text.starts_with('#')) continue;
    if (continues && !lines.empty())
      lines.back().text += text;
    else
      lines.push_back({{name, number}, text});
  }
  return lines;
}

}  // namespace ipxlat::test
