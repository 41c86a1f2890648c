// SPDX-License-Identifier: GPL-2.0-only
// Properties that hold for every input, and how a fuzzer ends where one does not.
#ifndef IPXLAT_TESTS_FUZZ_CLAIM_H
#define IPXLAT_TESTS_FUZZ_CLAIM_H

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

namespace ipxlat::test {

// A property that does not hold.
struct Refuted : std::logic_error {
  using std::logic_error::logic_error;
};

inline void claim(bool holds, const char* property) {
  if (!holds) throw Refuted(property);
}

// Calls `body`. Where it throws, the program is aborted, with what was thrown and with describe().
template <class Body, class Describe>
void hold(Body body, Describe describe) {
  std::string refuted;
  try {
    body();
    return;
  } catch (const std::exception& error) {
    refuted = error.what();
  }
  std::fprintf(stderr, "REFUTED: %s\n", refuted.c_str());
  std::fprintf(stderr, "%s\n", describe().c_str());
  std::abort();
}

}  // namespace ipxlat::test

#endif
