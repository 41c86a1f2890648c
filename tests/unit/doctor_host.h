// SPDX-License-Identifier: GPL-2.0-only
// Made-up hosts, on which all is well, for tests of the doctor's checks.
#ifndef IPXLAT_TESTS_UNIT_DOCTOR_HOST_H
#define IPXLAT_TESTS_UNIT_DOCTOR_HOST_H

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tools/ipxlatctl/doctor/check.h"

namespace ipxlat::ctl::doctor {

// "certain", or "perhaps: text | mend"
inline std::vector<std::string> words(const Findings& findings) {
  std::vector<std::string> all;
  for (const Finding& f : findings) all.push_back((f.certain ? "" : "perhaps: ") + f.text + " | " + f.mend);
  return all;
}

// A gateway between lan0 and wan0, on which all is well.
class DoctorOfNat64 : public testing::Test {
 protected:
  DoctorOfNat64() {
    Translator edge;
    edge.device = "edge";
    edge.kind = "nat64";
    edge.instance = "nat64.edge";
    edge.pref64 = parse_prefix6("64:ff9b::/96");
    edge.near4 = {parse_prefix4("198.18.0.0/15")};
    edge.uplinks = {"wan0"};
    edge.downlinks = {"lan0"};
    host_.translators = {edge};
    host_.links = {{"edge", {5, 1500, false}}, {"wan0", {2, 1500, true}}, {"lan0", {3, 1500, true}}};
    host_.routes["1.1.1.1"] = {"unicast", "wan0", parse_prefix4("0.0.0.0/0"), 100};
    host_.routes["64:ff9b::101:101"] = {"unicast", "edge", parse_prefix6("64:ff9b::/96"), 1024};
    host_.routes["198.18.0.0"] = {"unicast", "edge", parse_prefix4("198.18.0.0/15"), 0};
    for (const char* path : {"net/ipv6/conf/all/forwarding", "net/ipv6/conf/wan0/forwarding",
                             "net/ipv4/conf/edge/forwarding", "net/ipv4/conf/wan0/forwarding"})
      host_.sysctls[path] = "1";
    for (const char* path : {"net/ipv6/conf/all/disable_ipv6", "net/ipv6/conf/lan0/disable_ipv6"})
      host_.sysctls[path] = "0";
    host_.kernel_modules = {"nf_tables", "nf_conntrack", "nft_ct", "nft_nat", "nft_masq", "nft_reject_inet"};
  }
  Translator& edge() { return host_.translators[0]; }

  Observed host_;
};

}  // namespace ipxlat::ctl::doctor

#endif
