// SPDX-License-Identifier: GPL-2.0-only
#include "tests/debug/upheaval.h"

#include <linux/ethtool.h>

#include <fstream>

#include "tests/debug/command.h"
#include "tests/debug/random_change.h"
#include "tests/debug/sysctl.h"

namespace ipxlat::test {
namespace {

constexpr uint32_t kNoiseAtOnce = 20;

std::string some_link(Random& random) {
  static constexpr const char* kLinks[] = {Arena::kDevice, Arena::kDevice, Arena::kOtherDevice, Arena::kWire,
                                           "tap-route"};
  return random.of(kLinks);
}

}  // namespace

struct Upheaval::Kind {
  uint32_t weight;
  bool breaks;
  void (Upheaval::*act)(Random& random);
};

const Upheaval::Kind Upheaval::kKinds[] = {
    {30, false, &Upheaval::send_noise},     {12, false, &Upheaval::change_settings},
    {12, true, &Upheaval::change_mtu},      {6, true, &Upheaval::turn_off_and_on},
    {10, false, &Upheaval::toggle_offload}, {8, true, &Upheaval::toggle_sysctl},
    {2, false, &Upheaval::toggle_trace},    {3, true, &Upheaval::flush_routes},
    {3, true, &Upheaval::enslave},          {5, false, &Upheaval::replace_others},
    {3, true, &Upheaval::move_device},      {3, true, &Upheaval::delete_device},
    {1, false, &Upheaval::end_namespace},
};

Upheaval::Upheaval(const Arena& arena)
    : arena_(arena),
      repairer_(arena.gate(), arena.far()),
      interfaces_(arena.gate().inside([] { return Interfaces(); })),
      devices_(arena.open_devices()),
      noise_(arena.gate().inside([] { return NetlinkNoise(Arena::kDevice); })) {}

void Upheaval::step(Random& random) {
  if (broken_ && random.one_in(2)) {
    repairer_.repair();
    broken_ = false;
  }
  uint32_t total = 0;
  for (const Kind& kind : kKinds) total += kind.weight;
  uint32_t choice = random.below(total);
  const Kind* kind = kKinds;
  for (; choice >= kind->weight; kind++) choice -= kind->weight;
  (this->*kind->act)(random);
  broken_ |= kind->breaks;
}

void Upheaval::send_noise(Random& random) {
  for (uint32_t i = 0; i < kNoiseAtOnce; i++) noise_.send(random);
}

// Most are refused by something in them; the settings of the next packets come back in time.
void Upheaval::change_settings(Random& random) {
  const char* device = random.one_in(2) ? Arena::kDevice : Arena::kOtherDevice;
  (void)devices_->change(device, random_change(random, 50));
}

void Upheaval::change_mtu(Random& random) {
  static constexpr int kMtus[] = {68, 576, 1279, 1280, 1281, 1400, 1492, 1499, 1500, 9000, 65521, 65535};
  int mtu = random.one_in(2) ? random.of(kMtus) : static_cast<int>(random.between(1280, 65535));
  interfaces_.set_mtu(some_link(random), mtu);
}

void Upheaval::turn_off_and_on(Random& random) {
  std::string link = some_link(random);
  interfaces_.set_up(link, false);
  if (random.one_in(2)) interfaces_.set_up(link, true);
}

void Upheaval::toggle_offload(Random& random) {
  static constexpr unsigned kCommands[] = {ETHTOOL_STXCSUM, ETHTOOL_SSG, ETHTOOL_STSO, ETHTOOL_SGSO,
                                           ETHTOOL_SGRO};
  static constexpr const char* kNames[] = {"tx-udp-segmentation", "rx-gro-list",     "rx-udp-gro-forwarding",
                                           "tx-gso-list",         "tx-nocache-copy", "rx-gro-hw"};
  const char* on = random.percent(70) ? "on" : "off";
  if (random.one_in(3))
    run({"ip", "netns", "exec", arena_.gate().name(), "ethtool", "-K", some_link(random), random.of(kNames),
         on});
  else
    interfaces_.set_offload(some_link(random), random.of(kCommands), on[1] == 'n');
}

void Upheaval::toggle_sysctl(Random& random) {
  static constexpr const char* kNames[] = {"net/ipv4/ip_forward",
                                           "net/ipv6/conf/all/forwarding",
                                           "net/ipv6/conf/x0/forwarding",
                                           "net/ipv4/conf/x0/forwarding",
                                           "net/ipv6/conf/x0/disable_ipv6",
                                           "net/ipv4/conf/x0/rp_filter",
                                           "net/ipv4/conf/wire/rp_filter",
                                           "net/ipv4/ip_no_pmtu_disc",
                                           "net/ipv4/ip_forward_use_pmtu",
                                           "net/ipv4/ip_early_demux",
                                           "net/ipv6/conf/x0/accept_source_route"};
  arena_.gate().inside([&] { return set_sysctl(random.of(kNames), random.one_in(2) ? "1" : "0"); });
}

// The tracepoint reads the headers of what is dropped.
void Upheaval::toggle_trace(Random& random) {
  std::ofstream("/sys/kernel/tracing/events/ipxlat/drop/enable") << random.below(2);
}

void Upheaval::flush_routes(Random& random) {
  static constexpr const char* kWhat[] = {"route flush table 100\n",    "route flush table main\n",
                                          "route del ::/0 table 100\n", "route del ::/0\n",
                                          "route flush cache\n",        "neigh flush dev wire\n"};
  repairer_.gate_ip().run(random.of(kWhat));
}

void Upheaval::enslave(Random& random) {
  repairer_.gate_ip().run("link add vrf0 type vrf table 100\nlink set vrf0 up\nlink set x0 master vrf0\n");
  if (random.one_in(2)) repairer_.gate_ip().run("link set x0 nomaster\n");
  repairer_.gate_ip().run("link del vrf0\n");
}

void Upheaval::replace_others(Random& random) {
  std::string lines;
  for (uint32_t i = 1; i <= 3; i++) {
    std::string name = "x" + std::to_string(i);
    lines += (random.one_in(2) ? "link add " + name + " type ipxlat\nlink set " + name + " up\n"
                               : "link del " + name + "\n");
  }
  repairer_.gate_ip().run(lines);
}

void Upheaval::move_device(Random& random) {
  std::string device = random.one_in(2) ? Arena::kDevice : Arena::kOtherDevice;
  repairer_.gate_ip().run("link set " + device + " netns " + arena_.far().name() + "\n");
  std::string then = random.one_in(2) ? " netns " + arena_.gate().name() : " up";
  repairer_.far_ip().run("link set " + device + then + "\n" +
                         (random.one_in(2) ? "" : "link del " + device + "\n"));
}

void Upheaval::delete_device(Random& random) {
  repairer_.gate_ip().run(random.one_in(3) ? "link del x0\nlink add x0 type ipxlat\n" : "link del x0\n");
}

void Upheaval::end_namespace(Random&) {
  Namespace brief(arena_.name() + "-brief");
  repairer_.gate_ip().run("link add x1 type ipxlat\nlink set x1 netns " + brief.name() + "\n");
  Batch(brief.name()).run("link set x1 up\nlink set lo up\nroute add default dev x1\n");
}

}  // namespace ipxlat::test
