// SPDX-License-Identifier: GPL-2.0-only
// Why the kernel, asked for ipxlat, does not have it: the kernel loads a module on demand and tells nobody
// but its log why it did not.
#ifndef IPXLAT_LIB_MODULE_FACTS_H
#define IPXLAT_LIB_MODULE_FACTS_H

#include <filesystem>
#include <string>
#include <vector>

namespace ipxlat {

// What can be seen without privilege. Empty: it is not so, or cannot be seen.
struct ModuleFacts {
  std::string release;         // of the kernel that runs
  bool hidden = false;         // the directory of modules may not be read, as in a service's sandbox
  std::string file;            // the module's, for this kernel
  bool listed = false;         // depmod(8) knows the file
  std::string built_for;       // the release in the file, where it is not compressed
  bool unsigned_file = false;  // the file, not compressed, has no signature
  std::vector<std::string> other_releases;  // kernels that it is installed for, besides this one
  bool loading_off = false;                 // kernel.modules_disabled
  bool signatures_enforced = false;         // module.sig_enforce
  std::string lockdown;                     // "integrity", "confidentiality"
};

// `root` has lib, proc and sys in it.
ModuleFacts read_module_facts(const std::filesystem::path& root = "/");

// One sentence, with what to do or where to look.
std::string why_missing(const ModuleFacts& facts);

}  // namespace ipxlat

#endif
