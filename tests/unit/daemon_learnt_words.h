// SPDX-License-Identifier: GPL-2.0-only
// Learnt prefixes in words, for tests of discovery.
#ifndef IPXLAT_TESTS_UNIT_DAEMON_LEARNT_WORDS_H
#define IPXLAT_TESTS_UNIT_DAEMON_LEARNT_WORDS_H

#include <chrono>
#include <string>
#include <vector>

#include "daemon/plan/knowledge.h"

namespace ipxlat {

// "64:ff9b::/96 until 600", in seconds from `begin`.
inline std::vector<std::string> learnt_words(const std::vector<LearntPrefix>& prefixes, Time begin) {
  std::vector<std::string> all;
  for (const auto& one : prefixes)
    all.push_back(
        to_string(one.prefix) + " until " +
        std::to_string(std::chrono::duration_cast<std::chrono::seconds>(one.until - begin).count()));
  return all;
}

}  // namespace ipxlat

#endif
