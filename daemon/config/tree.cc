// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/config/tree.h"

#include <toml++/toml.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace ipxlat {
namespace {

Node convert(const toml::node& from);

Members convert_table(const toml::table& table) {
  Members members;
  for (const auto& [key, value] : table) members.push_back({std::string(key.str()), convert(value)});
  // toml++ sorts by key
  std::stable_sort(members.begin(), members.end(),
                   [](const Member& a, const Member& b) { return a.value.line < b.value.line; });
  return members;
}

Node convert(const toml::node& from) {
  Node node{from.source().begin.line, Moment{}};
  if (const auto* table = from.as_table()) {
    node.value = convert_table(*table);
  } else if (const auto* array = from.as_array()) {
    Array elements;
    for (const auto& element : *array) elements.push_back(convert(element));
    node.value = std::move(elements);
  } else if (const auto* text = from.as_string()) {
    node.value = text->get();
  } else if (const auto* integer = from.as_integer()) {
    node.value = integer->get();
  } else if (const auto* boolean = from.as_boolean()) {
    node.value = boolean->get();
  } else if (const auto* number = from.as_floating_point()) {
    node.value = number->get();
  }
  return node;
}

}  // namespace

const char* Node::type_name() const {
  static constexpr const char* kNames[] = {"true or false",  "an integer", "a number", "a string",
                                           "a date or time", "an array",   "a table"};
  return kNames[value.index()];
}

Node read_tree(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  in.peek();  // a directory can be opened, but not read
  if (!in.is_open() || in.bad())
    throw ConfigError(file.string() + ": cannot be read: " + std::strerror(errno));
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  try {
    return convert(toml::parse(text, file.string()));
  } catch (const toml::parse_error& error) {
    throw ConfigError(file.string() + ":" + std::to_string(error.source().begin.line) +
                      ": not TOML: " + std::string(error.description()));
  }
}

}  // namespace ipxlat
