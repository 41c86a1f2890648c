// SPDX-License-Identifier: GPL-2.0-only
#include "tools/ipxlatctl/import/account.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace ipxlat::ctl {
namespace {

using nlohmann::ordered_json;

// of a table of a thousand mappings not all is worth a line
constexpr size_t kLongestValue = 100;

const char* outcome_text(Outcome outcome) {
  switch (outcome) {
    case Outcome::kTaken:
      return "taken over";
    case Outcome::kNotNeeded:
      return "not needed";
    case Outcome::kNoCounterpart:
      return "no counterpart";
    case Outcome::kUnknown:
      break;
  }
  return "unknown";
}

}  // namespace

std::string printable(std::string text) {
  const auto is_other = [](unsigned char c) { return c < ' ' || c > '~'; };
  std::replace_if(text.begin(), text.end(), is_other, '?');
  return text;
}

std::string sentence(const Fate& fate) {
  std::string text = fate.setting.name;
  const std::string& value = fate.setting.value;
  if (!value.empty()) text += " " + value.substr(0, kLongestValue);
  if (value.size() > kLongestValue) text += "...";
  text += std::string(": ") + outcome_text(fate.outcome);
  if (fate.outcome == Outcome::kTaken) {
    text += " as " + fate.as + (fate.why.empty() ? "" : "; " + fate.why);
  } else if (!fate.why.empty()) {
    text += ", because " + fate.why;
  }
  return printable(text);
}

ordered_json account_json(const Account& account) {
  auto all = ordered_json::array();
  for (const Fate& fate : account.fates()) {
    ordered_json one = {{"setting", fate.setting.name}, {"value", fate.setting.value}};
    if (fate.setting.line != 0) one["line"] = fate.setting.line;
    one["outcome"] = outcome_text(fate.outcome);
    if (!fate.as.empty()) one["as"] = fate.as;
    if (!fate.why.empty()) one["why"] = fate.why;
    all.push_back(one);
  }
  return all;
}

}  // namespace ipxlat::ctl
