// SPDX-License-Identifier: GPL-2.0-only
#include "tests/packet/words.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <sstream>

namespace ipxlat::test {

SyntaxError::SyntaxError(const Place& place, const std::string& sentence)
    : std::runtime_error(place.file + ":" + std::to_string(place.line) + ": " + sentence) {}

Words::Words(Place place, std::string_view text) : place_(std::move(place)) {
  std::istringstream stream{std::string(text)};
  words_.assign(std::istream_iterator<std::string>(stream), {});
}

std::string Words::next(const char* wanted) {
  if (done()) fail(std::string("missing: ") + wanted);
  return words_[at_++];
}

bool Words::take(std::string_view word) {
  if (done() || words_[at_] != word) return false;
  at_++;
  return true;
}

void Words::expect(std::string_view word) {
  if (take(word)) return;
  std::string wanted = "'" + std::string(word) + "'";
  fail(done() ? "missing: " + wanted : "'" + words_[at_] + "' instead of " + wanted);
}

uint32_t Words::number(const char* wanted, uint32_t most) {
  std::string word = next(wanted);
  uint32_t value = 0;
  if (!parse_number(word, most, value))
    fail("'" + word + "' is not " + wanted + " (a number, 0 to " + std::to_string(most) + ")");
  return value;
}

Bytes Words::hex() {
  std::string word = next("hexadecimal digits");
  Bytes bytes;
  if (word.size() % 2) fail("'" + word + "' is half a byte too long or too short");
  for (size_t at = 0; at < word.size(); at += 2) {
    uint32_t value = 0;
    if (!parse_number("0x" + word.substr(at, 2), 0xff, value))
      fail("'" + word + "' has a digit that is not hexadecimal");
    bytes.push_back(static_cast<uint8_t>(value));
  }
  return bytes;
}

Words Words::until(std::string_view separator) {
  auto begin = words_.begin() + static_cast<std::ptrdiff_t>(at_);
  auto end = std::find(begin, words_.end(), separator);
  Words part(place_, {begin, end});
  at_ = static_cast<size_t>(end - words_.begin()) + (end == words_.end() ? 0 : 1);
  return part;
}

std::vector<std::string> Words::rest() {
  std::vector<std::string> words(words_.begin() + static_cast<std::ptrdiff_t>(at_), words_.end());
  at_ = words_.size();
  return words;
}

void Words::fail(const std::string& sentence) const { throw SyntaxError(place_, sentence); }

bool parse_number(std::string_view text, uint32_t most, uint32_t& out) {
  int base = 10;
  if (text.starts_with("0x")) {
    base = 16;
    text.remove_prefix(2);
  }
  auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), out, base);
  return error == std::errc() && stop == text.data() + text.size() && out <= most;
}

}  // namespace ipxlat::test
