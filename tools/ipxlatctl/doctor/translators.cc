// SPDX-License-Identifier: GPL-2.0-only
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "tools/ipxlatctl/doctor/observe.h"

namespace ipxlat::ctl::doctor {
namespace {

using nlohmann::ordered_json;

std::string text_of(const ordered_json& instance, const char* key) {
  auto value = instance.find(key);
  return value != instance.end() && value->is_string() ? value->get<std::string>() : "";
}

std::vector<std::string> texts_of(const ordered_json& instance, const char* key) {
  std::vector<std::string> texts;
  auto value = instance.find(key);
  if (value == instance.end()) return texts;
  for (const auto& item : *value)
    if (item.is_string()) texts.push_back(item.get<std::string>());
  return texts;
}

// "203.0.113.16/28", or an address.
void add_prefix(const std::string& text, std::vector<Prefix4>& prefixes) try {
  prefixes.push_back(text.find('/') == text.npos ? host(parse_address4(text)) : parse_prefix4(text));
} catch (const std::invalid_argument&) {
  // not this program's to complain of
}

void add_instance(const ordered_json& instance, Translator& translator) {
  translator.kind = text_of(instance, "kind");
  translator.instance = translator.kind + "." + text_of(instance, "name");
  translator.off = text_of(instance, "state") == "off";
  translator.uplinks = texts_of(instance, "uplinks");
  translator.downlinks = texts_of(instance, "downlinks");
  for (const auto& network : texts_of(instance, "routes4")) add_prefix(network, translator.routes4);
  for (const auto& pool : texts_of(instance, "pool4")) add_prefix(pool, translator.near4);
  add_prefix(text_of(instance, "local4"), translator.near4);
  translator.tracked4 = text_of(instance, "mode") != "pool";
  std::string address_mode = text_of(instance, "address6_mode");
  translator.tracked6 = address_mode.empty() || address_mode == "shared";
}

}  // namespace

std::vector<Translator> translators_of(const std::vector<DeviceState>& devices,
                                       const ordered_json& instances) {
  std::vector<Translator> translators;
  for (const DeviceState& device : devices) {
    Translator translator;
    translator.device = device.ifname;
    translator.pref64 = device.settings.remote_prefix6;
    translator.lowest_ipv6_mtu = device.settings.lowest_ipv6_mtu;
    for (const auto& instance : instances)
      if (text_of(instance, "device") == device.ifname) add_instance(instance, translator);
    translators.push_back(std::move(translator));
  }
  return translators;
}

}  // namespace ipxlat::ctl::doctor
