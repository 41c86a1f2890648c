// SPDX-License-Identifier: GPL-2.0-only
// Configuration files to read, and what is said of those that are refused.
#ifndef IPXLAT_TESTS_UNIT_DAEMON_CONFIG_H
#define IPXLAT_TESTS_UNIT_DAEMON_CONFIG_H

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "tests/unit/daemon_scratch.h"

namespace ipxlat {

class DaemonConfig : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((directory_ / name).parent_path());
    std::ofstream(directory_ / name) << text;
    return directory_ / name;
  }

  Config load(const std::string& text) { return load_config({write("a.toml", text)}); }

  // What it is refused with, without the directory.
  std::string refusal_of(const std::vector<std::filesystem::path>& files) {
    try {
      load_config(files);
    } catch (const ConfigError& error) {
      std::string text = error.what();
      for (size_t at; (at = text.find(directory_.path().string() + "/")) != text.npos;)
        text.erase(at, directory_.path().string().size() + 1);
      return text;
    }
    return "it was taken";
  }
  std::string refusal(const std::string& text) { return refusal_of({write("a.toml", text)}); }

  // For one more key in a good instance; the key is on line 5.
  std::string nat64_refusal(const std::string& line) {
    return refusal("[nat64.edge]\npref64 = '64:ff9b::/96'\ndownlinks = ['eth0']\nuplinks = ['eth1']\n" +
                   line);
  }
  std::string clat_refusal(const std::string& line) {
    return refusal("[clat.home]\nuplinks = ['eth0']\npref64 = '64:ff9b::/96'\n" + line);
  }
  std::string siit_refusal(const std::string& line) { return refusal("[siit.dc]\n" + line); }

  ScratchDirectory directory_;
};

inline constexpr const char* kLinkNames = "1 to 15 characters without blanks, '/' and ':', not '.' or '..'";

}  // namespace ipxlat

#endif
