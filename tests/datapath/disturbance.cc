// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/disturbance.h"

#include <fcntl.h>
#include <linux/ethtool.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <memory>
#include <new>
#include <stdexcept>

#include "lib/devices.h"
#include "lib/netlink.h"
#include "tests/datapath/arena.h"
#include "tests/datapath/command.h"
#include "tests/datapath/corpus.h"
#include "tests/datapath/link.h"
#include "tests/datapath/namespace.h"
#include "tests/datapath/netlink_noise.h"
#include "tests/datapath/ports.h"
#include "tests/datapath/random.h"

namespace ipxlat::test {
namespace {

constexpr uint64_t kStream = ~uint64_t{0};  // of random numbers: none that a packet has

constexpr uint32_t kNoiseAtOnce = 20;
constexpr uint32_t kPacketsAtOnce = 20;
constexpr auto kPatience = std::chrono::seconds(60);

// Translated packets leave by a link of their own.
constexpr const char* kBriefLinks = R"(link set lo up
link set uplink up arp off
link set x0 up
route add 0.0.0.0/0 dev uplink
route add ::/0 dev uplink
)";

std::string some_link(Random& random) {
  static constexpr const char* kLinks[] = {Arena::kDevice, Arena::kDevice, Arena::kOtherDevice, Arena::kWire,
                                           "tap-route"};
  return random.of(kLinks);
}

// By a process of its own: ip holds the namespaces that it has been told of, for as long as it runs.
void move_link(const std::string& link, const Namespace& from, const Namespace& to) {
  run({"ip", "-n", from.name(), "link", "set", link, "netns", to.name()});
}

// As this host's own, from this thread's namespace.
void send_into_device(const std::vector<Packet>& packets, Random& random) {
  SourcePtr port = open_packet_port("packet-socket", {Arena::kDevice}, {});
  for (const Packet& packet : packets) port->inject(packet, random);
}

// Things that happen to one arena.
class Upheaval {
 public:
  // std::runtime_error.
  Upheaval(const Arena& arena, const Corpus& corpus);

  // One thing more. What it takes away is there again after one of the next steps.
  void step(Random& random);

 private:
  struct Kind {
    uint32_t weight;
    bool breaks;
    void (Upheaval::*act)(Random& random);
  };

  static const Kind& some_kind(Random& random);

  void send_noise(Random& random);
  void change_settings(Random& random);
  void change_mtu(Random& random);
  void turn_off_and_on(Random& random);
  void toggle_offload(Random& random);
  void toggle_sysctl(Random& random);
  void toggle_trace(Random& random);
  void flush_routes(Random& random);
  void change_vrf(Random& random);
  void replace_others(Random& random);
  void move_device(Random& random);
  void delete_device(Random& random);
  void end_namespace(Random& random);
  void outlive_namespace(Random& random);

  const Arena& arena_;
  const Corpus& corpus_;
  Repairer repairer_;
  Interfaces interfaces_;
  std::unique_ptr<Devices> devices_;
  NetlinkNoise noise_;
  bool broken_ = false;  // something is to be repaired
};

Upheaval::Upheaval(const Arena& arena, const Corpus& corpus)
    : arena_(arena),
      corpus_(corpus),
      repairer_(arena.gate(), arena.far()),
      interfaces_(arena.gate().inside([] { return Interfaces(); })),
      devices_(arena.open_devices()),
      noise_(arena.gate().inside([] { return NetlinkNoise(Arena::kDevice); })) {}

const Upheaval::Kind& Upheaval::some_kind(Random& random) {
  static constexpr Kind kKinds[] = {
      {30, false, &Upheaval::send_noise},     {12, false, &Upheaval::change_settings},
      {12, true, &Upheaval::change_mtu},      {6, true, &Upheaval::turn_off_and_on},
      {10, false, &Upheaval::toggle_offload}, {8, true, &Upheaval::toggle_sysctl},
      {2, false, &Upheaval::toggle_trace},    {3, true, &Upheaval::flush_routes},
      {8, true, &Upheaval::change_vrf},       {5, false, &Upheaval::replace_others},
      {3, true, &Upheaval::move_device},      {3, true, &Upheaval::delete_device},
      {1, false, &Upheaval::end_namespace},   {4, false, &Upheaval::outlive_namespace},
  };
  uint32_t total = 0;
  for (const Kind& kind : kKinds) total += kind.weight;
  uint32_t choice = random.below(total);
  const Kind* kind = kKinds;
  for (; choice >= kind->weight; kind++) choice -= kind->weight;
  return *kind;
}

void Upheaval::step(Random& random) {
  if (broken_ && random.one_in(2)) {
    repairer_.repair();
    broken_ = false;
  }
  const Kind& kind = some_kind(random);
  (this->*kind.act)(random);
  broken_ |= kind.breaks;
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

// Each for a while: what is repaired is the routes, which a device loses with its place.
void Upheaval::change_vrf(Random& random) {
  static constexpr const char* kWhat[] = {
      "link add vrf0 type vrf table 101\nlink set vrf0 up\nlink set x0 master vrf0\n",
      "link set x0 nomaster\n", "link del vrf0\n"};
  repairer_.gate_ip().run(random.of(kWhat));
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
  move_link(device, arena_.gate(), arena_.far());
  if (random.one_in(2))
    move_link(device, arena_.far(), arena_.gate());
  else
    repairer_.far_ip().run("link set " + device + " up\n");
  if (random.one_in(2)) repairer_.far_ip().run("link del " + device + "\n");
}

void Upheaval::delete_device(Random& random) {
  repairer_.gate_ip().run(random.one_in(3) ? "link del x0\nlink add x0 type ipxlat\n" : "link del x0\n");
}

void Upheaval::end_namespace(Random&) {
  Namespace brief(arena_.name() + "-brief");
  repairer_.gate_ip().run("link add x1 type ipxlat\n");
  move_link("x1", arena_.gate(), brief);
  Batch(brief.name()).run("link set x1 up\nlink set lo up\nroute add default dev x1\n");
}

// The device goes on, as does its traffic, and forgets what it knew of a namespace that does not.
void Upheaval::outlive_namespace(Random& random) {
  const Corpus::Group& group = corpus_.any_group(random);
  std::vector<Packet> packets;
  while (packets.size() < kPacketsAtOnce) packets.push_back(random.of(group.packets));
  {
    Namespace brief(arena_.name() + "-brief");
    repairer_.gate_ip().run("link add brief type veth peer name uplink\nlink set brief up\n");
    move_link("uplink", arena_.gate(), brief);
    move_link(Arena::kDevice, arena_.gate(), brief);
    Batch(brief.name()).run(kBriefLinks);
    brief.inside([&] {
      if (auto devices = NetlinkDevices::open())
        (void)(*devices)->change(Arena::kDevice, replace_with(group.config));
      send_into_device(packets, random);
    });
    move_link(Arena::kDevice, brief, arena_.gate());
  }
  auto end = std::chrono::steady_clock::now() + kPatience;
  while (interfaces_.index("brief"))
    if (std::chrono::steady_clock::now() > end) throw std::runtime_error("a namespace does not go");
  // the memory of a namespace is freed when the next one goes
  {
    Namespace next(arena_.name() + "-next");
  }
  repairer_.repair();
  std::reverse(packets.begin(), packets.end());  // first the one whose route it may still know
  arena_.gate().inside([&] { send_into_device(packets, random); });
}

void disturb(const std::vector<std::unique_ptr<Arena>>& arenas, const Corpus& corpus, uint64_t seed,
             int prods, std::atomic<uint64_t>& steps) {
  std::vector<std::unique_ptr<Upheaval>> upheavals;
  for (const auto& arena : arenas) upheavals.push_back(std::make_unique<Upheaval>(*arena, corpus));
  Random random(seed, kStream);
  for (char byte; read(prods, &byte, 1) == 1; steps++) random.of(upheavals)->step(random);
}

}  // namespace

struct Disturbance::Shared {
  std::atomic<uint64_t> steps;
};

Disturbance::Disturbance(const std::vector<std::unique_ptr<Arena>>& arenas, const Corpus& corpus,
                         uint64_t seed) {
  void* memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) require(-1, "mmap");
  shared_ = new (memory) Shared{};
  int ends[2];
  require(pipe2(ends, O_CLOEXEC), "pipe");
  FileDescriptor read_end(ends[0], "pipe");
  prods_ = std::make_unique<FileDescriptor>(ends[1], "pipe");
  require(fcntl(ends[1], F_SETFL, O_NONBLOCK), "pipe");
  process_ = fork();
  require(process_, "fork");
  if (process_ > 0) return;
  prods_.reset();
  int status = 0;
  try {
    disturb(arenas, corpus, seed, read_end.get(), shared_->steps);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "the disturbance ended: %s\n", error.what());
    status = 1;
  }
  _exit(status);
}

Disturbance::~Disturbance() {
  prods_.reset();
  waitpid(process_, nullptr, 0);
  munmap(shared_, sizeof(Shared));
}

void Disturbance::prod() {
  if (write(prods_->get(), "", 1) < 0 && errno != EAGAIN)
    throw std::runtime_error("the process that disturbs has ended");
}

uint64_t Disturbance::steps() const { return shared_->steps; }

}  // namespace ipxlat::test
