// SPDX-License-Identifier: GPL-2.0-only
// The ways by which packets reach a device.
#ifndef IPXLAT_TESTS_DATAPATH_PORTS_H
#define IPXLAT_TESTS_DATAPATH_PORTS_H

#include <sys/uio.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/datapath/namespace.h"
#include "tests/datapath/random.h"
#include "tests/packet/packet.h"

namespace ipxlat::test {

class Source {
 public:
  Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  virtual ~Source() = default;

  // What the summary calls it.
  virtual std::string name() const = 0;

  // Sends the packet, or, where the kernel makes the packets, something between the same ends. False if the
  // kernel refused it, as it may: interfaces come and go, and some lies it sees through.
  virtual bool inject(const Packet& packet, Random& random) = 0;
};

using SourcePtr = std::unique_ptr<Source>;

enum class TunKind {
  kTun,        // no link layer
  kTap,        // Ethernet
  kPiecewise,  // Ethernet; each piece of a write becomes a fragment of the skb, and GRO sees it
};

// A TUN or TAP interface: what is written to it has been received by the kernel, with the offloads and the
// memory layout that the writer says. Made in this namespace, it is there as long as the port.
// std::system_error, here and below.
SourcePtr open_tun_port(TunKind kind, const std::string& name);

// A packet socket that sends out of one of the interfaces `outgoing`, by their names: into a device as
// something this host made, or onto a cable that leads to a router. They need not be there all the time.
// `peer`: the Ethernet address behind the cable, empty for interfaces without link layer.
SourcePtr open_packet_port(std::string name, std::vector<std::string> outgoing, Bytes peer);

// Sockets of this host that send out of the interface `device` of this namespace, which need not be there all
// the time. Raw: whole packets, with the socket at the packet. UDP: datagrams as programs send them, of every
// size, in trains to be segmented, in several parts, with options and extension headers.
SourcePtr open_raw_port(std::string device);
SourcePtr open_udp_port(std::string device);

// TCP connections through a device, with both of their ends. Clients in `near` connect out of the interface
// `device` and from this host's addresses `near4` and `near6`; servers in `far` have every address. It goes
// on with connections, and makes new ones to the destinations of packets.
SourcePtr open_tcp_port(const Namespace& near, const Namespace& far, std::string device, in_addr near4,
                        in6_addr near6);

// `bytes` as pieces of memory, none empty or longer than a page: as long as possible, or of random length.
std::vector<iovec> pieces_of(Bytes& bytes, Random& random);

}  // namespace ipxlat::test

#endif
