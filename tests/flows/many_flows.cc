// SPDX-License-Identifier: GPL-2.0-only
// usage: many_flows CLIENT SERVER 4|6 CLIENTS FLOWS PASSES
//
// In the network of tests/bench/network.py: FLOWS UDP flows of CLIENTS clients, all behind eth0 of the
// network namespace CLIENT, to IPv4 servers behind eth0 of SERVER. In each pass each flow sends once and is
// answered once with the address and the port that the server saw. Nothing is sent a second time. A line a
// pass: flows, how many of them were answered, how many have come from elsewhere than before, and
// nanoseconds. Status 1 if there are any of these or some are not answered.
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <system_error>
#include <vector>

namespace {

constexpr unsigned kWindow = 64;  // flows that wait for their answers
constexpr int kPatience = 1000;   // ms without any packet, until the rest of a window is lost
constexpr int kRoom = 1 << 23;    // of a socket, bytes
constexpr uint16_t kServerPort = 9;
constexpr uint8_t kGateMacs[][6] = {{2, 0, 0, 0, 0, 2}, {2, 0, 0, 0, 0, 3}};

void must(bool good, const char* what) {
  if (!good) throw std::system_error(errno, std::generic_category(), what);
}

struct Payload {
  uint32_t flow;
  uint32_t source;  // as the server saw it
  uint16_t port;
  uint16_t unused;
};

struct Packet4 {
  iphdr ip;
  udphdr udp;
  Payload payload;
};

struct Packet6 {
  ip6_hdr ip;
  udphdr udp;
  Payload payload;
};

uint16_t folded(uint64_t sum) {
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<uint16_t>(~sum);
}

uint64_t sum_of(const void* data, size_t length) {
  uint64_t sum = 0;
  for (size_t at = 0; at < length; at += 2) {
    uint16_t word;
    std::memcpy(&word, static_cast<const uint8_t*>(data) + at, sizeof word);
    sum += word;
  }
  return sum;
}

constexpr uint16_t kUdpLength = sizeof(udphdr) + sizeof(Payload);

template <class Packet>
void close_udp(Packet& packet, const void* addresses, size_t length) {
  packet.udp.len = htons(kUdpLength);
  packet.udp.check = 0;
  const uint64_t sum =
      sum_of(addresses, length) + htons(IPPROTO_UDP) + htons(kUdpLength) + sum_of(&packet.udp, kUdpLength);
  const uint16_t check = folded(sum);
  packet.udp.check = check ? check : 0xffff;
}

void close(Packet4& packet) {
  packet.ip.check = 0;
  packet.ip.check = folded(sum_of(&packet.ip, sizeof packet.ip));
  close_udp(packet, &packet.ip.saddr, 8);
}

void close(Packet6& packet) { close_udp(packet, &packet.ip.ip6_src, 32); }

struct Flow {
  uint32_t client;
  uint16_t port;
  uint8_t server;
};

// Client ports and servers as they come: a client speaks to each server once, from a port of its own.
Flow flow_of(uint32_t number, uint32_t clients) {
  uint32_t hash = number * 2654435761u;
  hash ^= hash >> 15;
  return {number % clients, static_cast<uint16_t>(1024 + hash % 64512),
          static_cast<uint8_t>(number / clients % 200 + 1)};
}

void write_flow(Packet4& packet, const Flow& flow, uint32_t number) {
  packet = {};
  packet.ip.version = 4;
  packet.ip.ihl = 5;
  packet.ip.tot_len = htons(sizeof packet);
  packet.ip.ttl = 64;
  packet.ip.protocol = IPPROTO_UDP;
  packet.ip.saddr = htonl(0x0a400000u + flow.client + 1);  // 10.64.0.0/16
  packet.ip.daddr = htonl(0x08080800u + flow.server);      // 8.8.8.0/24
  packet.udp.source = htons(flow.port);
  packet.udp.dest = htons(kServerPort);
  packet.payload.flow = number;
  close(packet);
}

void write_flow(Packet6& packet, const Flow& flow, uint32_t number) {
  packet = {};
  packet.ip.ip6_flow = htonl(6u << 28);
  packet.ip.ip6_plen = htons(kUdpLength);
  packet.ip.ip6_nxt = IPPROTO_UDP;
  packet.ip.ip6_hlim = 64;
  inet_pton(AF_INET6, "2001:db8:c::1", &packet.ip.ip6_src);  // a /64 each
  packet.ip.ip6_src.s6_addr16[3] = htons(static_cast<uint16_t>(flow.client));
  inet_pton(AF_INET6, "64:ff9b::808:800", &packet.ip.ip6_dst);
  packet.ip.ip6_dst.s6_addr[15] = flow.server;
  packet.udp.source = htons(flow.port);
  packet.udp.dest = htons(kServerPort);
  packet.payload.flow = number;
  close(packet);
}

// A question becomes its answer, and tells where it came from.
void turn(Packet4& packet) {
  std::swap(packet.ip.saddr, packet.ip.daddr);
  std::swap(packet.udp.source, packet.udp.dest);
  packet.ip.ttl = 64;
  packet.payload.source = packet.ip.daddr;
  packet.payload.port = packet.udp.dest;
  close(packet);
}

template <class Packet>
bool is_for(const Packet& packet, const Flow& flow, uint32_t number) {
  Packet sent;
  write_flow(sent, flow, number);
  return packet.udp.dest == sent.udp.source && packet.udp.source == sent.udp.dest &&
         [](const Packet& reply, const Packet& request) {
           if constexpr (std::is_same_v<Packet, Packet4>)
             return reply.ip.daddr == request.ip.saddr && reply.ip.saddr == request.ip.daddr;
           else
             return IN6_ARE_ADDR_EQUAL(&reply.ip.ip6_dst, &request.ip.ip6_src) &&
                    IN6_ARE_ADDR_EQUAL(&reply.ip.ip6_src, &request.ip.ip6_dst);
         }(packet, sent);
}

// Sends to the gate, and receives the UDP of these tests, by packets of one family.
template <class Packet>
class Port {
 public:
  Port(const std::string& netns, unsigned gate) {
    constexpr uint16_t kKind = std::is_same_v<Packet, Packet4> ? ETH_P_IP : ETH_P_IPV6;
    const int there = open(("/run/netns/" + netns).c_str(), O_RDONLY | O_CLOEXEC);
    must(there >= 0 && setns(there, CLONE_NEWNET) == 0, netns.c_str());
    ::close(there);
    socket_ = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    must(socket_ >= 0, "packet socket");
    must(setsockopt(socket_, SOL_SOCKET, SO_RCVBUFFORCE, &kRoom, sizeof kRoom) == 0, "SO_RCVBUFFORCE");
    must(setsockopt(socket_, SOL_SOCKET, SO_SNDBUFFORCE, &kRoom, sizeof kRoom) == 0, "SO_SNDBUFFORCE");
    to_.sll_family = AF_PACKET;
    to_.sll_protocol = htons(kKind);
    to_.sll_ifindex = static_cast<int>(if_nametoindex("eth0"));
    must(bind(socket_, reinterpret_cast<sockaddr*>(&to_), sizeof to_) == 0, "eth0");
    to_.sll_halen = ETH_ALEN;
    std::memcpy(to_.sll_addr, kGateMacs[gate], ETH_ALEN);
  }
  ~Port() { ::close(socket_); }
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;

  void send(std::vector<Packet>& packets) {
    std::array<iovec, kWindow> data;
    std::array<mmsghdr, kWindow> messages{};
    for (size_t i = 0; i < packets.size(); i++) {
      data[i] = {&packets[i], sizeof(Packet)};
      messages[i].msg_hdr = {&to_, sizeof to_, &data[i], 1, nullptr, 0, 0};
    }
    for (size_t sent = 0; sent < packets.size();) {
      const int more = sendmmsg(socket_, &messages[sent], static_cast<unsigned>(packets.size() - sent), 0);
      must(more > 0, "send");
      sent += static_cast<size_t>(more);
    }
  }

  // Up to `wanted` of them, fewer when nothing comes any more.
  std::vector<Packet> receive(size_t wanted) {
    std::vector<Packet> packets;
    pollfd readable{socket_, POLLIN, 0};
    Packet packet;
    while (packets.size() < wanted) {
      const ssize_t length = recv(socket_, &packet, sizeof packet, MSG_DONTWAIT | MSG_TRUNC);
      if (length < 0) {
        must(errno == EAGAIN, "receive");
        if (poll(&readable, 1, kPatience) == 0) break;
      } else if (length == sizeof packet &&
                 (packet.udp.source == htons(kServerPort) || packet.udp.dest == htons(kServerPort))) {
        packets.push_back(packet);
      }
    }
    return packets;
  }

 private:
  int socket_;
  sockaddr_ll to_{};
};

struct Place {
  uint32_t source = 0;
  uint16_t port = 0;
  bool operator==(const Place&) const = default;
};

template <class Packet>
bool run(const std::string& client_netns, const std::string& server_netns, uint32_t clients, uint32_t flows,
         int passes) {
  Port<Packet> client(client_netns, 0);
  Port<Packet4> server(server_netns, 1);
  std::vector<Place> places(flows);
  bool good = true;
  for (int pass = 1; pass <= passes; pass++) {
    uint32_t answered = 0, moved = 0;
    const auto begin = std::chrono::steady_clock::now();
    for (uint32_t first = 0; first < flows; first += kWindow) {
      std::vector<Packet> packets(std::min(kWindow, flows - first));
      for (uint32_t i = 0; i < packets.size(); i++)
        write_flow(packets[i], flow_of(first + i, clients), first + i);
      client.send(packets);
      auto asked = server.receive(packets.size());
      for (auto& packet : asked) turn(packet);
      if (asked.empty()) continue;
      server.send(asked);
      for (const auto& packet : client.receive(asked.size())) {
        const uint32_t number = packet.payload.flow;
        if (number >= flows || !is_for(packet, flow_of(number, clients), number)) continue;
        const Place place{packet.payload.source, packet.payload.port};
        answered++;
        moved += pass > 1 && places[number] != place;
        places[number] = place;
      }
    }
    const std::chrono::nanoseconds took = std::chrono::steady_clock::now() - begin;
    std::printf("%u %u %u %lld\n", flows, answered, moved, static_cast<long long>(took.count()));
    std::fflush(stdout);
    good = good && answered == flows && moved == 0;
  }
  return good;
}

}  // namespace

int main(int count, char** words) try {
  if (count != 7) {
    std::fputs("usage: many_flows CLIENT SERVER 4|6 CLIENTS FLOWS PASSES\n", stderr);
    return 2;
  }
  const auto number = [&](int at) { return static_cast<uint32_t>(std::stoul(words[at])); };
  const auto run_one = words[3] == std::string("4") ? run<Packet4> : run<Packet6>;
  return run_one(words[1], words[2], number(4), number(5), static_cast<int>(number(6))) ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "many_flows: %s\n", error.what());
  return 2;
}
