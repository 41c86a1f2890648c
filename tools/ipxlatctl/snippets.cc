// SPDX-License-Identifier: GPL-2.0-only
#include "tools/ipxlatctl/snippets.h"

#include "lib/networks.h"

namespace ipxlat::ctl {
namespace {

// RFC 7050 section 8.2: where IPv4 addresses that everybody knows are asked for.
constexpr const char* kWellKnown4[] = {"192.0.0.170", "192.0.0.171"};

std::string about(const Gateway& gateway, const char* what) {
  return std::string("# ") + what + " for [" + gateway.instance + "]\n";
}

// "170.0.0.192.in-addr.arpa."
std::string reverse_name(const in_addr& address) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(&address);
  std::string name;
  for (int i = 3; i >= 0; i--) name += std::to_string(bytes[i]) + ".";
  return name + "in-addr.arpa.";
}

}  // namespace

std::string unbound_snippet(const Gateway& gateway) {
  const std::string ttl = std::to_string(gateway.lifetime);
  const std::string record = "\tlocal-data: \"ipv4only.arpa. " + ttl + " IN ";
  std::string a, aaaa, pointers;
  for (const char* text : kWellKnown4) {
    const in_addr address = parse_address4(text);
    a += record + "A " + text + "\"\n";
    aaaa += record + "AAAA " + to_string(embedded(gateway.pref64, host(address)).address) + "\"\n";
    pointers += "\tlocal-zone: \"" + reverse_name(address) + "\" static\n" +  //
                "\tlocal-data-ptr: \"" + text + " " + ttl + " ipv4only.arpa.\"\n";
  }
  return about(gateway, "DNS64") +
         "# a file in /etc/unbound/unbound.conf.d; interface: and access-control: let clients ask\n"
         "server:\n"
         "\tmodule-config: \"dns64 validator iterator\"\n"
         "\tdns64-prefix: " +
         to_string(gateway.pref64) +
         "\n"
         "\t# RFC 8880: programs find the prefix by these names, whatever else can be resolved\n"
         "\tlocal-zone: \"ipv4only.arpa.\" static\n" +
         record + "SOA localhost. nobody.invalid. 1 3600 1200 604800 " + ttl + "\"\n" + record +
         "NS localhost.\"\n" + a + aaaa + pointers;
}

std::string bind_snippet(const Gateway& gateway) {
  return about(gateway, "DNS64") +
         "# inside of options { } or a view; allow-query and allow-recursion let clients ask\n"
         "dns64 " +
         to_string(gateway.pref64) +
         " {\n"
         "\tclients { any; };\n"
         "};\n"
         "# RFC 8880: programs find the prefix by ipv4only.arpa, whatever else can be resolved\n"
         "ipv4only-enable yes;\n";
}

std::string radvd_snippet(const Gateway& gateway) {
  std::string text = about(gateway, "PREF64") +
                     "# radvd 2.20 or later; to be joined with the section that the interface has already\n";
  for (const auto& interface : gateway.interfaces)
    text += "interface " + interface +
            " {\n"
            "\tAdvSendAdvert on;\n"
            "\tnat64prefix " +
            to_string(gateway.pref64) +
            " {\n"
            "\t\tAdvValidLifetime " +
            std::to_string(gateway.lifetime) +
            ";\n"
            "\t};\n"
            "};\n";
  return text;
}

std::string networkd_snippet(const Gateway& gateway) {
  std::string names;
  for (const auto& interface : gateway.interfaces) names += " " + interface;
  return about(gateway, "PREF64") +
         "# systemd 255 or later; a file in the NAME.network.d of the interface that leads to clients:" +
         names +
         "\n"
         "[Network]\n"
         "IPv6SendRA=yes\n"
         "\n"
         "[IPv6PREF64Prefix]\n"
         "Prefix=" +
         to_string(gateway.pref64) +
         "\n"
         "LifetimeSec=" +
         std::to_string(gateway.lifetime) + "\n";
}

}  // namespace ipxlat::ctl
