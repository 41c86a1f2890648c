// SPDX-License-Identifier: GPL-2.0-only
#include "lib/module_facts.h"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace ipxlat {
namespace {

namespace fs = std::filesystem;

constexpr const char* kModules = "lib/modules";

std::string first_line(const fs::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

// "ipxlat.ko", "ipxlat.ko.xz" and so on, with any path in front.
bool is_module(const std::string& path) {
  std::string name = fs::path(path).filename();
  return name == "ipxlat.ko" || name.starts_with("ipxlat.ko.");
}

// The path of the module, from `directory` on, that depmod wrote into modules.dep.
std::string listed_file(const fs::path& directory) {
  std::ifstream in(directory / "modules.dep");
  for (std::string line; std::getline(in, line);) {
    std::string path = line.substr(0, line.find(':'));
    if (is_module(path)) return path;
  }
  return {};
}

// Where modules that are not the kernel's own are put.
std::string unlisted_file(const fs::path& directory) {
  for (const char* part : {"updates", "extra"}) {
    std::error_code error;
    for (fs::recursive_directory_iterator at(directory / part, error), end; !error && at != end;
         at.increment(error))
      if (is_module(at->path())) return fs::relative(at->path(), directory, error);
  }
  return {};
}

// A module's information is text, each piece ended by a zero: "vermagic=6.12.1 SMP ".
void read_module(const fs::path& file, ModuleFacts& facts) {
  if (file.extension() != ".ko") return;
  std::ifstream in(file, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(in), {});
  const std::string mark = "vermagic=";
  if (auto at = bytes.find(mark); at != bytes.npos) {
    at += mark.size();
    facts.built_for = bytes.substr(at, std::min(bytes.find(' ', at), bytes.find('\0', at)) - at);
  }
  facts.unsigned_file = !bytes.empty() && !bytes.ends_with("~Module signature appended~\n");
}

// "none [integrity] confidentiality"
std::string chosen(const std::string& words) {
  auto open = words.find('[');
  auto close = words.find(']');
  if (open == words.npos || close == words.npos || close < open) return {};
  std::string word = words.substr(open + 1, close - open - 1);
  return word == "none" ? "" : word;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace

ModuleFacts read_module_facts(const fs::path& root) {
  ModuleFacts facts;
  facts.release = first_line(root / "proc/sys/kernel/osrelease");
  const fs::path own = root / kModules / facts.release;
  facts.file = listed_file(own);
  facts.listed = !facts.file.empty();
  if (!facts.listed) facts.file = unlisted_file(own);
  if (!facts.file.empty()) read_module(own / facts.file, facts);
  std::error_code error;
  for (fs::directory_iterator at(root / kModules, error), end; !error && at != end; at.increment(error))
    if (at->path() != own && !listed_file(at->path()).empty())
      facts.other_releases.push_back(at->path().filename());
  facts.hidden = error == std::errc::permission_denied;
  std::sort(facts.other_releases.begin(), facts.other_releases.end());
  facts.loading_off = first_line(root / "proc/sys/kernel/modules_disabled") == "1";
  facts.signatures_enforced = first_line(root / "sys/module/module/parameters/sig_enforce") == "Y";
  facts.lockdown = chosen(first_line(root / "sys/kernel/security/lockdown"));
  return facts;
}

std::string why_missing(const ModuleFacts& facts) {
  const std::string look = " (journalctl -k -g ipxlat says why)";
  if (facts.hidden)
    return "the kernel module is not loaded, and may not be looked for here (modprobe ipxlat says why)";
  if (facts.file.empty() && facts.other_releases.empty())
    return "the kernel module is not loaded (modprobe ipxlat)";
  if (facts.file.empty())
    return "the kernel module is installed for " + joined(facts.other_releases) +
           ", but not for the kernel that runs, " + facts.release;
  const std::string there = "the kernel module is there, " + facts.file + ", but ";
  if (facts.loading_off)
    return there + "this kernel loads no modules any more (kernel.modules_disabled is 1)";
  if (!facts.listed) return there + "modprobe does not know of it (depmod -a)";
  if (!facts.built_for.empty() && facts.built_for != facts.release)
    return there + "was built for kernel " + facts.built_for + " and is refused by " + facts.release + look;
  const bool strict = facts.signatures_enforced || !facts.lockdown.empty();
  const std::string rule = facts.lockdown.empty() ? "module.sig_enforce" : "lockdown: " + facts.lockdown;
  if (strict && facts.unsigned_file)
    return there + "is not signed, and this kernel takes signed modules only (" + rule +
           "): sign it, and enrol the key with mokutil --import";
  if (strict)
    return there + "this kernel takes only modules signed with a key that it knows (" + rule +
           "): enrol the key, that of DKMS with mokutil --import /var/lib/dkms/mok.pub, and boot";
  return there + "this kernel does not take it" + look;
}

}  // namespace ipxlat
