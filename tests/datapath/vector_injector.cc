// SPDX-License-Identifier: GPL-2.0-only
// usage: vector_injector DIRECTORY DEVICE TAP LINK4 LINK6
// Sends every vector of the directory through the device, in every layout of memory, and prints KTAP: a
// line for each file and layout. Exit status 0, or 1 if something was wrong.
#include <linux/if_tun.h>
#include <net/if.h>
#include <sys/uio.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>

#include "kmod/core/reason.h"
#include "lib/devices.h"
#include "lib/netlink.h"
#include "tests/datapath/link.h"
#include "tests/packet/packet.h"
#include "tests/packet/vector.h"

namespace ipxlat::test {
namespace {

// How the kernel holds a packet behind its Ethernet header.
enum class Memory {
  kLinear,    // in one piece with it
  kPaged,     // in pages
  kShredded,  // in pages, and its headers in small pieces
};

constexpr int kPatience = 10000;  // milliseconds
constexpr size_t kPage = 4096;

// with fragments, each piece of a write becomes a fragment of the skb
constexpr int kFlags = IFF_TAP | IFF_NO_PI | IFF_NAPI | IFF_NAPI_FRAGS;

constexpr size_t kTapMtuMax = 65521;
constexpr size_t kTapPacketMax = 65521;

// A tap interface: what is written to it has been received by the kernel, in memory laid out as asked.
class Tap {
 public:
  // An interface made by "ip tuntap add NAME mode tap". std::system_error, here and below.
  explicit Tap(const std::string& name);

  Link& link() { return link_; }

  // At most kTapPacketMax bytes. When it returns, the packet has been through the interface's ingress.
  void send(const Packet& packet, Memory memory);

 private:
  Link link_;
  FileDescriptor fd_;
};

// Sizes of the pieces behind the Ethernet header.
std::vector<size_t> pieces(size_t length, Memory memory) {
  static const size_t kSmall[] = {1, 7, 13, 20, 2, 5};
  std::vector<size_t> sizes;
  if (memory == Memory::kShredded) {
    for (size_t size : kSmall) {
      if (size >= length) break;
      sizes.push_back(size);
      length -= size;
    }
  }
  for (; length > 0; length -= sizes.back()) sizes.push_back(std::min(length, kPage));
  return sizes;
}

Tap::Tap(const std::string& name) : link_(name), fd_(open_tun(name, kFlags)) {
  // GRO would pull headers together that are to stay apart
  link_.disable_gro();
}

void Tap::send(const Packet& packet, Memory memory) {
  Bytes frame = ethernet_header(link_.address(), packet.family);
  size_t header = frame.size();
  append(frame, packet.bytes);

  std::vector<iovec> vectors;
  if (memory == Memory::kLinear) {
    vectors.push_back({frame.data(), frame.size()});
  } else {
    vectors.push_back({frame.data(), header});
    uint8_t* at = frame.data() + header;
    for (size_t size : pieces(packet.bytes.size(), memory)) {
      vectors.push_back({at, size});
      at += size;
    }
  }
  require(writev(fd_.get(), vectors.data(), static_cast<int>(vectors.size())), "write to the tap");
}

template <class T>
T need(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text);
  return std::move(*result);
}

// Interfaces of this namespace. The tap's ingress leads into the device; a translated packet has its
// route over the link of its family.
struct Topology {
  std::string device;
  std::string tap;
  std::string link4;
  std::string link6;
};

// Sends vectors through a device as forwarded traffic and looks at what becomes of them.
class Injector {
 public:
  // std::runtime_error, here and below: the kernel refuses something.
  explicit Injector(const Topology& topology);

  // False if the tap cannot carry such a packet or have such an MTU.
  static bool can_inject(const Vector& vector);

  // How the packets are laid out that follow. `cloned`: someone else holds each of them while it is
  // translated, and must not see it change.
  void lay_out(Memory memory, bool cloned);

  // Empty, or what was wrong.
  std::string run(const Vector& vector);

 private:
  using Counters = std::map<std::string, uint64_t>;

  void configure(const Vector& vector);
  Counters counters();
  std::string wait_for_count(const Vector& vector);
  std::string received(const Vector& vector);
  std::string held(const Vector& vector);

  std::unique_ptr<Devices> devices_;
  Link device_;
  Tap tap_;
  Link link4_;
  Link link6_;
  Capture capture_;
  std::optional<Capture> holder_;
  Memory memory_ = Memory::kLinear;
  DeviceConfig config_;
  Counters counters_;  // before the next packet
};

Injector::Injector(const Topology& topology)
    : devices_(need(NetlinkDevices::open())),
      device_(topology.device),
      tap_(topology.tap),
      link4_(topology.link4),
      link6_(topology.link6),
      capture_(device_, Capture::Direction::kReceived),
      counters_(counters()) {}

bool Injector::can_inject(const Vector& vector) {
  uint32_t mtu = vector.in.family == Family::kIpv4 ? vector.links.mtu4 : vector.links.mtu6;
  return vector.in.bytes.size() <= kTapPacketMax && mtu <= kTapMtuMax;
}

void Injector::lay_out(Memory memory, bool cloned) {
  memory_ = memory;
  holder_.reset();
  if (cloned) holder_.emplace(device_, Capture::Direction::kSent);
}

std::string Injector::run(const Vector& vector) {
  configure(vector);
  tap_.send(vector.in, memory_);
  // all three are read whatever the first ones say, so that one mistake is not seen in the packets after it
  const std::string wrong[] = {wait_for_count(vector), received(vector), holder_ ? held(vector) : ""};
  for (const std::string& one : wrong)
    if (!one.empty()) return one;
  return {};
}

void Injector::configure(const Vector& vector) {
  Link& out = vector.in.family == Family::kIpv4 ? link6_ : link4_;
  tap_.link().set_mtu(vector.in.family == Family::kIpv4 ? vector.links.mtu4 : vector.links.mtu6);
  out.set_mtu(vector.in.family == Family::kIpv4 ? vector.links.mtu6 : vector.links.mtu4);
  if (vector.config == config_) return;
  if (auto changed = devices_->change(device_.name(), replace_with(vector.config)); !changed)
    throw std::runtime_error(changed.error().text);
  config_ = vector.config;
}

Injector::Counters Injector::counters() {
  Counters counters;
  for (const ReasonCounter& reason : need(devices_->get_stats(device_.name())).reasons)
    counters[reason.name] = reason.packets;
  return counters;
}

// The packet is to be counted once, under its reason.
std::string Injector::wait_for_count(const Vector& vector) {
  const std::string wanted = ipxlat_reason_name(vector.reason);
  auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(kPatience);
  std::string seen;
  while (seen.empty() && std::chrono::steady_clock::now() < end) {
    Counters now = counters();
    for (const auto& [name, count] : now)
      if (uint64_t more = count - counters_[name]) seen += " " + name + " " + std::to_string(more);
    counters_ = std::move(now);
  }
  if (seen == " " + wanted + " 1") return {};
  return "counted" + (seen.empty() ? " nothing" : seen) + " instead of " + wanted + " 1";
}

std::string Injector::received(const Vector& vector) {
  std::vector<Bytes> packets;
  while (packets.size() < vector.out.size()) {
    std::optional<Bytes> packet = capture_.next(kPatience);
    if (!packet) break;
    packets.push_back(std::move(*packet));
  }
  while (std::optional<Bytes> packet = capture_.next(0)) packets.push_back(std::move(*packet));
  return difference(vector.out, packets);
}

std::string Injector::held(const Vector& vector) {
  std::optional<Bytes> packet = holder_->next(kPatience);
  if (!packet) return "the packet that was sent has not been seen";
  if (*packet == vector.in.bytes) return {};
  return "the packet that someone else held was changed\nsent     " + hex(vector.in.bytes) + "\nseen     " +
         hex(*packet) + "\n";
}

struct Layout {
  const char* name;
  Memory memory;
  bool cloned;
};

constexpr Layout kLayouts[] = {
    {"in one piece", Memory::kLinear, false},
    {"in one piece that is cloned", Memory::kLinear, true},
    {"in pages", Memory::kPaged, false},
    {"in small pieces that are cloned", Memory::kShredded, true},
};

void diagnostic(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) std::printf("# %s\n", line.c_str());
}

// Vectors of one file.
using Group = std::vector<const Vector*>;

std::vector<Group> grouped(const std::vector<Vector>& vectors) {
  std::vector<Group> groups;
  for (const Vector& vector : vectors) {
    if (groups.empty() || groups.back()[0]->place.file != vector.place.file) groups.emplace_back();
    groups.back().push_back(&vector);
  }
  return groups;
}

bool run_group(Injector& injector, const Group& group, const Layout& layout, size_t number) {
  size_t done = 0, failed = 0;
  for (const Vector* vector : group) {
    if (!Injector::can_inject(*vector)) continue;
    done++;
    std::string wrong = injector.run(*vector);
    if (wrong.empty()) continue;
    failed++;
    diagnostic(vector->place.file + ":" + std::to_string(vector->place.line) + ": " + vector->title + "\n" +
               wrong);
  }
  const bool good = done > 0 && failed == 0;
  std::string note;
  if (done < group.size()) note = ", " + std::to_string(group.size() - done) + " too long for a tap";
  std::printf("%s %zu %s: %zu packets %s%s\n", good ? "ok" : "not ok", number, group[0]->place.file.c_str(),
              done, layout.name, note.c_str());
  std::fflush(stdout);
  return good;
}

int run(const std::string& directory, const Topology& topology) {
  const std::vector<Vector> vectors = read_vectors(directory);
  const std::vector<Group> groups = grouped(vectors);
  Injector injector(topology);

  std::printf("TAP version 13\n1..%zu\n", groups.size() * std::size(kLayouts));
  size_t number = 0, failed = 0;
  for (const Layout& layout : kLayouts) {
    injector.lay_out(layout.memory, layout.cloned);
    for (const Group& group : groups)
      if (!run_group(injector, group, layout, ++number)) failed++;
  }
  std::printf("# Totals: pass:%zu fail:%zu xfail:0 xpass:0 skip:0 error:0\n", number - failed, failed);
  return failed ? 1 : 0;
}

}  // namespace
}  // namespace ipxlat::test

int main(int argc, char** argv) {
  if (argc != 6) {
    std::fprintf(stderr, "usage: vector_injector DIRECTORY DEVICE TAP LINK4 LINK6\n");
    return 1;
  }
  try {
    return ipxlat::test::run(argv[1], {argv[2], argv[3], argv[4], argv[5]});
  } catch (const std::exception& error) {
    std::printf("Bail out! %s\n", error.what());
    return 1;
  }
}
