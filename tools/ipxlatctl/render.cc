// SPDX-License-Identifier: GPL-2.0-only
#include "tools/ipxlatctl/render.h"

#include <ctime>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>

namespace ipxlat::ctl {

using nlohmann::ordered_json;

std::string device_text(const DeviceState& device) {
  const Settings& settings = device.settings;
  std::string prefix = settings.remote_prefix6 ? to_string(*settings.remote_prefix6) : "none";
  return device.ifname + ": " + (device.configured ? "configured" : "not configured, drops everything") +
         "\n    remote-prefix6 " + prefix + " local-map " + std::to_string(device.map_entries) +
         (device.map_entries == 1 ? " entry" : " entries") +  //
         "\n    lowest-ipv6-mtu " + std::to_string(settings.lowest_ipv6_mtu) + " icmp-source4 " +
         to_string(settings.icmp_source4) + " udp-zero-checksum " + to_string(settings.udp_zero_checksum) +
         "\n";
}

namespace {

// `form` as strftime(3), with thousandths of a second behind it.
std::string formatted(std::chrono::system_clock::time_point time, bool local, const char* form) {
  auto whole = std::chrono::floor<std::chrono::seconds>(time);
  time_t seconds = std::chrono::system_clock::to_time_t(whole);
  tm parts{};
  if (local)
    localtime_r(&seconds, &parts);
  else
    gmtime_r(&seconds, &parts);
  std::ostringstream text;
  text << std::put_time(&parts, form) << "." << std::setw(3) << std::setfill('0')
       << std::chrono::duration_cast<std::chrono::milliseconds>(time - whole).count();
  return text.str();
}

}  // namespace

std::string time_text(std::chrono::system_clock::time_point time) {
  return formatted(time, /*local=*/true, "%F %T");
}

std::string time_json(std::chrono::system_clock::time_point time) {
  return formatted(time, /*local=*/false, "%FT%T") + "Z";
}

void print_json(std::ostream& out, const ordered_json& json) {
  out << json.dump(-1, ' ', false, ordered_json::error_handler_t::replace) << "\n";
}

}  // namespace ipxlat::ctl
