// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/witness.h"

#include <fstream>

#include "tests/datapath/shape.h"
#include "tests/packet/packet.h"

namespace ipxlat::test {
namespace {

std::string insanity4(const Bytes& packet) {
  size_t header = (packet[0] & 0xfu) * 4;
  if (packet.size() < 20 || header < 20 || header > packet.size()) return "a broken IPv4 header";
  if (get16(packet, 2) != packet.size())
    return "an IPv4 total length of " + std::to_string(get16(packet, 2)) + " in a packet of " +
           std::to_string(packet.size()) + " bytes";
  if (checksum(Bytes(packet.begin(), packet.begin() + static_cast<long>(header))) != 0)
    return "a wrong IPv4 header checksum";
  return {};
}

std::string insanity6(const Bytes& packet) {
  if (packet.size() < 40) return "a broken IPv6 header";
  if (get16(packet, 4) + size_t{40} != packet.size())
    return "an IPv6 payload length of " + std::to_string(get16(packet, 4)) + " in a packet of " +
           std::to_string(packet.size()) + " bytes";
  return {};
}

bool is_fragment(const Bytes& packet) {
  std::optional<Shape> shape = shape_of(packet);
  return shape && !shape->whole;
}

// include/linux/panic.h: died, bad page (KASAN's), warned, locked up; not that the module is out of tree
constexpr uint64_t kComplaints = 1u << 7 | 1u << 5 | 1u << 9 | 1u << 14;

uint64_t read_taint() {
  uint64_t taint = 0;
  std::ifstream("/proc/sys/kernel/tainted") >> taint;
  return taint & kComplaints;
}

}  // namespace

std::string insanity(const Bytes& packet) {
  if (packet.empty()) return "no bytes";
  if (packet[0] >> 4 == 4) return insanity4(packet);
  if (packet[0] >> 4 == 6) return insanity6(packet);
  return "an IP version of " + std::to_string(packet[0] >> 4);
}

Witness::Witness(const Arena& arena) : arena_(arena) {
  arena_.far().inside([this] { wire_.emplace(Link(Arena::kWire), Capture::Direction::kReceived); });
}

void Witness::watch(std::optional<Capture>& capture, bool wanted, Capture::Direction direction) {
  capture.reset();
  if (!wanted) return;
  try {
    arena_.gate().inside([&] { capture.emplace(Link(Arena::kDevice), direction); });
  } catch (const std::system_error&) {
    // the device is not there at the moment
  }
}

void Witness::watch_device(bool sent, bool received) {
  look();
  watch(sent_, sent, Capture::Direction::kSent);
  watch(received_, received, Capture::Direction::kReceived);
}

void Witness::look_at(std::optional<Capture>& capture, const char* where, const Filter& judged) {
  if (!capture) return;
  try {
    while (std::optional<Bytes> packet = capture->next(0)) {
      if (!judged(*packet)) continue;
      seen_++;
      std::string wrong = insanity(*packet);
      if (!wrong.empty() && finding_.empty()) finding_ = where + (": " + wrong) + ": " + hex(*packet);
    }
  } catch (const std::system_error&) {
    if (&capture != &wire_) capture.reset();  // its device is gone
  }
}

void Witness::look() {
  look_at(wire_, "from the wire", [](const Bytes&) { return true; });
  look_at(sent_, "into the device", [](const Bytes&) { return false; });
  // What connection tracking has put together the stack cuts again in place: who holds a fragment sees it
  // change.
  look_at(received_, "out of the device",
          [this](const Bytes& packet) { return !arena_.nat() || !is_fragment(packet); });
}

KernelWatch::KernelWatch() : taint_(read_taint()) {}

bool KernelWatch::has_complained() const { return read_taint() != taint_; }

void KernelWatch::mark(const std::string& line) { std::ofstream("/dev/kmsg") << "<7>" << line << std::endl; }

}  // namespace ipxlat::test
