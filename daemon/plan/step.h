// SPDX-License-Identifier: GPL-2.0-only
// The smallest things that are done to the kernel.
#ifndef IPXLAT_DAEMON_PLAN_STEP_H
#define IPXLAT_DAEMON_PLAN_STEP_H

#include <string>
#include <variant>
#include <vector>

#include "daemon/plan/target.h"

namespace ipxlat {

struct CreateDevice {
  std::string name;
  std::string alias;
};
// The device of an instance that has another name now.
struct SetDeviceAlias {
  std::string name;
  std::string alias;
};
struct DeleteDevice {
  std::string name;
};
struct ConfigureDevice {
  std::string name;
  Change change;
};
struct SetDeviceMtu {
  std::string name;
  uint32_t mtu;
};
struct SetDeviceUp {
  std::string name;
};
struct AddAddress {
  Address address;
};
struct DeleteAddress {
  Address address;
};
struct AddRoute {
  Route route;
};
struct DeleteRoute {
  Route route;
};
struct AddProxy {
  Proxy proxy;
};
struct DeleteProxy {
  Proxy proxy;
};
// One transaction.
struct ReplaceTable {
  nft::Table table;
};
struct DeleteTable {
  nft::Family family;
  std::string name;
};
// `former` is what to put back one day.
struct SetSysctl {
  std::string path;
  std::string value;
  std::string former;
};
struct RestoreSysctl {
  std::string path;
  std::string former;
  bool untouched;  // it still has the daemon's value; otherwise it is left alone
};

using Step = std::variant<CreateDevice, SetDeviceAlias, DeleteDevice, ConfigureDevice, SetDeviceMtu,
                          SetDeviceUp, AddAddress, DeleteAddress, AddRoute, DeleteRoute, AddProxy,
                          DeleteProxy, ReplaceTable, DeleteTable, SetSysctl, RestoreSysctl>;

// In words: "add route 64:ff9b::/96 dev edge".
std::string describe(const Step& step);

// "net.ipv4.ip_forward".
std::string sysctl_name(const std::string& path);

}  // namespace ipxlat

#endif
