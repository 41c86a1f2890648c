// SPDX-License-Identifier: GPL-2.0-only
// What became of each setting of another program's configuration.
#ifndef IPXLAT_TOOLS_IPXLATCTL_IMPORT_ACCOUNT_H
#define IPXLAT_TOOLS_IPXLATCTL_IMPORT_ACCOUNT_H

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace ipxlat::ctl {

// As the file has it.
struct Setting {
  std::string name;   // "prefix", "global.pool6", "pool4[0].mark"
  std::string value;  // may be empty
  size_t line = 0;    // from 1; 0 where a file is not one of lines
};

enum class Outcome { kTaken, kNotNeeded, kNoCounterpart, kUnknown };

struct Fate {
  Setting setting;
  Outcome outcome;
  std::string as;   // the key, "nat64.edge.pref64", if it was taken over
  std::string why;  // or what else is to be known
};

class Account {
 public:
  void taken(const Setting& setting, const std::string& as, const std::string& note = {}) {
    fates_.push_back({setting, Outcome::kTaken, as, note});
  }
  // Each ends the sentence "because ...".
  void not_needed(const Setting& setting, const std::string& why) {
    fates_.push_back({setting, Outcome::kNotNeeded, {}, why});
  }
  void no_counterpart(const Setting& setting, const std::string& why) {
    fates_.push_back({setting, Outcome::kNoCounterpart, {}, why});
  }
  void unknown(const Setting& setting) { fates_.push_back({setting, Outcome::kUnknown, {}, {}}); }

  // In the order of the file, as far as that has one.
  const std::vector<Fate>& fates() const { return fates_; }

 private:
  std::vector<Fate> fates_;
};

// With other bytes than ASCII has for print as '?': whatever stood in a file, it must neither end a comment
// nor reach a terminal.
std::string printable(std::string text);

// "prefix 64:ff9b::/96: taken over as nat64.edge.pref64".
std::string sentence(const Fate& fate);

// [{"setting", "value", "line"?, "outcome", "as"?, "why"?}]
nlohmann::ordered_json account_json(const Account& account);

}  // namespace ipxlat::ctl

#endif
