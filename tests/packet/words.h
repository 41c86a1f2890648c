// SPDX-License-Identifier: GPL-2.0-only
// The words of a line in a vector file, read one after the other; an error names file and line.
#ifndef IPXLAT_TESTS_PACKET_WORDS_H
#define IPXLAT_TESTS_PACKET_WORDS_H

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "tests/packet/bytes.h"

namespace ipxlat::test {

struct Place {
  std::string file;
  size_t line = 0;
};

// "file:line: sentence"
struct SyntaxError : std::runtime_error {
  SyntaxError(const Place& place, const std::string& sentence);
};

class Words {
 public:
  Words(Place place, std::string_view text);

  bool done() const { return at_ == words_.size(); }
  const Place& place() const { return place_; }

  // The next word, or an error that says what was wanted.
  std::string next(const char* wanted);

  // True, and past it, if the next word is `word`.
  bool take(std::string_view word);

  // An error unless the next word is `word`.
  void expect(std::string_view word);

  // Decimal, or hexadecimal after 0x.
  uint32_t number(const char* wanted, uint32_t most);

  // An even number of hexadecimal digits.
  Bytes hex();

  // The words up to the next `separator`, which is skipped, or to the end.
  Words until(std::string_view separator);

  // All that are left.
  std::vector<std::string> rest();

  [[noreturn]] void fail(const std::string& sentence) const;

 private:
  Words(Place place, std::vector<std::string> words) : place_(std::move(place)), words_(std::move(words)) {}

  Place place_;
  std::vector<std::string> words_;
  size_t at_ = 0;
};

// `text` as a number up to `most`; false if it is none.
bool parse_number(std::string_view text, uint32_t most, uint32_t& out);

}  // namespace ipxlat::test

#endif
