// SPDX-License-Identifier: GPL-2.0-only
// A kernel that has no ipxlat, in a made-up root directory.
#include <gtest/gtest.h>

#include <fstream>

#include "lib/module_facts.h"

namespace ipxlat {
namespace {

class ModuleFactsOf : public testing::Test {
 protected:
  ModuleFactsOf() {
    root_ =
        testing::TempDir() + "module_facts_" + testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(root_);
    write("proc/sys/kernel/osrelease", "6.12.1-amd64\n");
    write("proc/sys/kernel/modules_disabled", "0\n");
    write("sys/module/module/parameters/sig_enforce", "N\n");
    write("sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
  }
  ~ModuleFactsOf() override { std::filesystem::remove_all(root_); }

  void write(const std::string& path, const std::string& text) {
    std::filesystem::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text;
  }
  // an installed module, as depmod lists it
  void install(const std::string& release, const std::string& file, const std::string& bytes) {
    write("lib/modules/" + release + "/" + file, bytes);
    write("lib/modules/" + release + "/modules.dep",
          "kernel/net/ipv4/ip_ipxlat.ko:\n" + file + ": kernel/net/ipv6/x.ko\n");
  }
  std::string sentence() { return why_missing(read_module_facts(root_)); }

  const std::string signature_ = "~Module signature appended~\n";
  const std::string module_ = std::string("\0vermagic=6.12.1-amd64 SMP preempt \0depends=", 44);
  std::filesystem::path root_;
};

TEST_F(ModuleFactsOf, NoModuleAnywhere) {
  EXPECT_EQ(sentence(), "the kernel module is not loaded (modprobe ipxlat)");
  write("lib/modules/6.12.1-amd64/modules.dep", "kernel/net/other.ko:\nextra/ipxlat_more.ko:\n");
  EXPECT_EQ(sentence(), "the kernel module is not loaded (modprobe ipxlat)");
}

TEST_F(ModuleFactsOf, InstalledForOtherKernelsOnly) {
  install("6.1.0-amd64", "updates/dkms/ipxlat.ko.xz", "");
  install("5.10.0-amd64", "updates/dkms/ipxlat.ko", "");
  EXPECT_EQ(sentence(),
            "the kernel module is installed for 5.10.0-amd64, 6.1.0-amd64, but not for the kernel that runs, "
            "6.12.1-amd64");
}

TEST_F(ModuleFactsOf, HiddenFromAService) {
  ModuleFacts facts;
  facts.release = "6.12.1-amd64";
  facts.hidden = true;
  EXPECT_EQ(why_missing(facts),
            "the kernel module is not loaded, and may not be looked for here (modprobe ipxlat says why)");
}

TEST_F(ModuleFactsOf, DepmodDidNotRun) {
  write("lib/modules/6.12.1-amd64/updates/dkms/ipxlat.ko", module_);
  EXPECT_EQ(
      sentence(),
      "the kernel module is there, updates/dkms/ipxlat.ko, but modprobe does not know of it (depmod -a)");
}

TEST_F(ModuleFactsOf, BuiltForAnotherKernel) {
  install("6.12.1-amd64", "extra/ipxlat.ko", std::string("\0vermagic=6.11.9 SMP \0", 22));
  EXPECT_EQ(sentence(),
            "the kernel module is there, extra/ipxlat.ko, but was built for kernel 6.11.9 and is refused by "
            "6.12.1-amd64 (journalctl -k -g ipxlat says why)");
}

TEST_F(ModuleFactsOf, NotSigned) {
  install("6.12.1-amd64", "extra/ipxlat.ko", module_);
  write("sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
  EXPECT_EQ(sentence(),
            "the kernel module is there, extra/ipxlat.ko, but is not signed, and this kernel takes signed "
            "modules only (lockdown: integrity): sign it, and enrol the key with mokutil --import");
  write("sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
  write("sys/module/module/parameters/sig_enforce", "Y\n");
  EXPECT_NE(sentence().find("signed modules only (module.sig_enforce)"), std::string::npos) << sentence();
}

TEST_F(ModuleFactsOf, SignedWithAnUnknownKey) {
  install("6.12.1-amd64", "extra/ipxlat.ko", module_ + signature_);
  write("sys/kernel/security/lockdown", "none integrity [confidentiality]\n");
  EXPECT_EQ(
      sentence(),
      "the kernel module is there, extra/ipxlat.ko, but this kernel takes only modules signed with a key "
      "that it knows (lockdown: confidentiality): enrol the key, that of DKMS with mokutil --import "
      "/var/lib/dkms/mok.pub, and boot");
  // compressed, nothing is known of its signature
  install("6.12.1-amd64", "extra/ipxlat.ko.xz", "x");
  EXPECT_NE(sentence().find("mokutil --import /var/lib/dkms/mok.pub"), std::string::npos) << sentence();
}

TEST_F(ModuleFactsOf, LoadingIsOver) {
  install("6.12.1-amd64", "extra/ipxlat.ko", module_);
  write("proc/sys/kernel/modules_disabled", "1\n");
  EXPECT_EQ(sentence(),
            "the kernel module is there, extra/ipxlat.ko, but this kernel loads no modules any more "
            "(kernel.modules_disabled is 1)");
}

TEST_F(ModuleFactsOf, RefusedForAReasonThatTheKernelAloneKnows) {
  install("6.12.1-amd64", "extra/ipxlat.ko", module_);
  EXPECT_EQ(sentence(),
            "the kernel module is there, extra/ipxlat.ko, but this kernel does not take it (journalctl -k -g "
            "ipxlat says why)");
}

}  // namespace
}  // namespace ipxlat
