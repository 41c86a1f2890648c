// SPDX-License-Identifier: GPL-2.0-only
// What is told about a unit: an element of "instances" in the state file.
#ifndef IPXLAT_DAEMON_PLAN_REPORT_H
#define IPXLAT_DAEMON_PLAN_REPORT_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/plan/time.h"

namespace ipxlat {

enum class InstanceState { kOn, kOff, kFailed };

const char* word(InstanceState state);  // "on", "off", "failed"

// How a prefix was learnt.
inline constexpr const char *kFromRouter = "router advertisement", *kFromDns = "DNS";

// Empty strings and vectors are what the instance does not have.
struct Report {
  std::string name;
  std::string kind;    // "nat64", "clat", "siit", "nat46"
  std::string device;  // of a CLAT that is off none, since another one of its instance may have it
  InstanceState state = InstanceState::kOff;
  std::string why;  // a sentence
  std::string pref64;
  std::string pref64_from;           // kFromRouter or kFromDns; empty: it was given
  std::optional<Time> pref64_until;  // if nobody says so again
  std::vector<std::string> routes4;
  std::vector<std::string> pool4;
  std::vector<std::string> pool6;
  std::string mode;
  std::optional<uint64_t> max_flows;  // for which the connection tracker has room
  std::string address6;
  std::string address6_mode;  // "shared", "dedicated", "temporary", "given", "prefix"
  std::string local4;
  std::vector<std::string> uplinks;
  std::vector<std::string> downlinks;
  std::vector<std::string> warnings;

  // "nat64.edge", as in the configuration.
  std::string id() const { return kind + "." + name; }
  // As Unit::id(): a CLAT is told from the others of its instance by its uplink, "clat.home/eth0".
  std::string unit_id() const {
    return kind == "clat" && !uplinks.empty() ? id() + "/" + uplinks.front() : id();
  }
};

}  // namespace ipxlat

#endif
