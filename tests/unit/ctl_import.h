// SPDX-License-Identifier: GPL-2.0-only
// Files of other programs put through "ipxlatctl import", and what is expected to become of a setting.
#ifndef IPXLAT_TESTS_UNIT_CTL_IMPORT_H
#define IPXLAT_TESTS_UNIT_CTL_IMPORT_H

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "tests/unit/ctl_fake_devices.h"

namespace ipxlat::ctl {

// One setting in a file, and its fate.
struct Expected {
  const char* setting;
  std::string file;
  const char* outcome;
  std::string as_or_why;  // the key, or a part of the reason
  std::string toml{};     // a line of the configuration, if it was taken over
  std::vector<std::string> words{};
};

class CtlImport : public testing::Test {
 protected:
  Outcome import(const char* program, const std::string& file, std::vector<std::string> words = {}) {
    words.insert(words.begin(), {"import", program, "-"});
    return run_words(kernel_, words, file);
  }

  void expect(const char* program, const Expected& expected) {
    SCOPED_TRACE(expected.file);
    auto words = expected.words;
    const auto text = import(program, expected.file, words);
    words.emplace_back("--json");
    const auto outcome = import(program, expected.file, words);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    ASSERT_NE(outcome.out, "");
    const auto all = nlohmann::json::parse(outcome.out);
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0]["program"], program);
    const std::string document = all[0]["configuration"];
    EXPECT_EQ(text.out, document);
    EXPECT_NO_THROW(parse_config(document, "it"));
    EXPECT_THAT(document, testing::HasSubstr(expected.toml));
    check_fate(all[0]["settings"], expected, outcome.err);
  }

  // A file that is refused: one sentence, and nothing else.
  void expect_refused(const char* program, const std::string& file, const std::string& sentence) {
    SCOPED_TRACE(file);
    const auto outcome = import(program, file);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(outcome.err, "ipxlatctl: " + sentence + "\n");
  }

  FakeKernel kernel_;

 private:
  static void check_fate(const nlohmann::json& settings, const Expected& expected, const std::string& err) {
    size_t found = 0;
    for (const auto& one : settings) {
      if (one["setting"] != expected.setting) continue;
      found++;
      EXPECT_EQ(one["outcome"], expected.outcome) << one;
      const bool taken = one["outcome"] == "taken over";
      const std::string said = one.value(taken ? "as" : "why", "");
      EXPECT_THAT(said, testing::HasSubstr(expected.as_or_why));
      // what is lost is told apart, and nothing else is
      const bool lost = one["outcome"] == "no counterpart" || one["outcome"] == "unknown";
      EXPECT_EQ(err.find(std::string(" ") + expected.setting) != err.npos, lost) << err;
    }
    EXPECT_EQ(found, 1u) << expected.setting << " in " << settings;
  }
};

}  // namespace ipxlat::ctl

#endif
