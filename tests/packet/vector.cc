// SPDX-License-Identifier: GPL-2.0-only
#include "tests/packet/vector.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "kmod/core/reason.h"

namespace ipxlat::test {
namespace {

// A line of a vector file: comments and blank lines are left out, a line that starts with a blank continues
// the one before it.
struct Line {
  Place place;
  std::string text;
};

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

using Row = std::vector<std::string>;

// One "test" with its lines, before $1, $2 ... are replaced.
struct Block {
  Setup setup;
  Line title;
  std::vector<Line> lines;
  std::vector<Row> rows{};
};

ipxlat_reason parse_reason(Words& words) {
  std::string name = words.next("a reason");
  for (uint32_t reason = IPXLAT_REASON_OK + 1; reason <= IPXLAT_REASON_MAX; reason++)
    if (name == ipxlat_reason_name(reason)) return static_cast<ipxlat_reason>(reason);
  words.fail("'" + name + "' is no reason to drop a packet");
}

std::string replaced(std::string text, const Row& row, const Place& place) {
  for (size_t at = text.find('$'); at != std::string::npos; at = text.find('$', at)) {
    size_t column = at + 1 < text.size() ? static_cast<size_t>(text[at + 1] - '1') : row.size();
    if (column >= row.size())
      throw SyntaxError(
          place, "'" + text.substr(at, 2) + "' stands for nothing in a row of " + std::to_string(row.size()));
    text.replace(at, 2, row[column]);
    at += row[column].size();
  }
  return text;
}

// "each A B | C D"
void read_rows(Words words, std::vector<Row>& rows) {
  words.expect("each");
  if (words.done()) words.fail("each needs a row");
  while (!words.done()) rows.push_back(words.until("|").rest());
}

class BlockReader {
 public:
  BlockReader(const Block& block, const Row& row) : block_(block), row_(row), setup_(block.setup) {}

  // The vector, and a second one for the way back if there is one.
  std::vector<Vector> read() {
    read_title();
    for (const Line& line : block_.lines) {
      Words words = words_of(line);
      if (words.take("in") || words.take("out") || words.take("drop") || words.take("back")) continue;
      if (!setup_.read_line(words)) words.fail("'" + words.next("a line") + "' is no line of a test");
      finish(words);
    }
    vector_.config = setup_.config(vector_.place);
    vector_.links = setup_.links;
    for (const Line& line : block_.lines) read_expectation(words_of(line));
    check();
    std::vector<Vector> vectors{vector_};
    if (back_) vectors.push_back(reversed());
    return vectors;
  }

 private:
  Words words_of(const Line& line) const { return Words(line.place, replaced(line.text, row_, line.place)); }

  static void finish(Words& words) {
    if (!words.done()) words.fail("'" + words.next("") + "' is one word too many");
  }

  void read_title() {
    Words words = words_of(block_.title);
    words.expect("test");
    vector_.place = words.place();
    std::string ids = words.next("the numbers of the requirements");
    for (size_t at = 0; at <= ids.size();) {
      size_t comma = std::min(ids.find(',', at), ids.size());
      vector_.ids.push_back(ids.substr(at, comma - at));
      at = comma + 1;
    }
    for (const std::string& word : words.rest()) vector_.title += (vector_.title.empty() ? "" : " ") + word;
    if (vector_.title.empty()) words.fail("a test needs a title");
  }

  void read_expectation(Words words) {
    if (words.take("in")) {
      if (!vector_.in.bytes.empty()) words.fail("a second packet in");
      vector_.in = build_packet(words, setup_.hosts);
    } else if (words.take("out")) {
      vector_.out.push_back(build_packet(words, setup_.hosts));
    } else if (words.take("drop")) {
      vector_.reason = parse_reason(words);
    } else if (words.take("back")) {
      back_ = true;
    } else {
      return;
    }
    finish(words);
  }

  void check() const {
    if (vector_.in.bytes.empty()) throw SyntaxError(vector_.place, "no packet in");
    if (vector_.out.empty() == (vector_.reason == IPXLAT_REASON_OK))
      throw SyntaxError(vector_.place, "a test has either packets out or a reason to drop");
    for (const Packet& packet : vector_.out)
      if (packet.family == vector_.in.family)
        throw SyntaxError(vector_.place, "in and out are of one family");
    if (back_ && vector_.out.size() != 1) throw SyntaxError(vector_.place, "back needs one packet out");
  }

  Vector reversed() const {
    Vector vector = vector_;
    vector.title += " (and back)";
    std::swap(vector.in, vector.out[0]);
    return vector;
  }

  const Block& block_;
  const Row& row_;
  Setup setup_;
  Vector vector_;
  bool back_ = false;
};

std::vector<Block> read_blocks(const std::string& path, const Setups& setups) {
  std::vector<Block> blocks;
  const Setup* setup = nullptr;
  for (const Line& line : read_lines(path)) {
    Words words(line.place, line.text);
    if (words.take("setup")) {
      std::string name = words.next("a set-up's name");
      auto found = setups.find(name);
      if (found == setups.end()) words.fail("there is no set-up '" + name + "'");
      if (!words.done()) words.fail("'" + words.next("") + "' is one word too many");
      setup = &found->second;
    } else if (words.take("test")) {
      if (!setup) words.fail("no set-up is chosen");
      blocks.push_back({setup->derived(), line, {}});
    } else if (blocks.empty()) {
      words.fail("'" + words.next("a line") + "' is not setup or test");
    } else if (line.text.starts_with("each")) {
      read_rows(words, blocks.back().rows);
    } else {
      blocks.back().lines.push_back(line);
    }
  }
  return blocks;
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

std::string section_of(const std::string& id) { return id.substr(0, id.rfind('-')); }

std::vector<Vector> read_vectors(const std::string& directory) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory))
    if (entry.path().extension() == ".vec") files.push_back(entry.path().string());
  if (files.empty()) throw std::runtime_error("no vectors in " + directory);
  std::sort(files.begin(), files.end());

  Setups setups = read_setups(directory + "/setups");
  std::vector<Vector> vectors;
  for (const std::string& file : files) {
    for (const Block& block : read_blocks(file, setups)) {
      static const std::vector<Row> kOnce{{}};
      for (const Row& row : block.rows.empty() ? kOnce : block.rows)
        for (Vector& vector : BlockReader(block, row).read()) vectors.push_back(std::move(vector));
    }
  }
  return vectors;
}

}  // namespace ipxlat::test
