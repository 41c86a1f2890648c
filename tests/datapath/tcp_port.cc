// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/tcp_port.h"

#include <sys/socket.h>

#include <vector>

#include "tests/datapath/output_socket.h"

namespace ipxlat::test {
namespace {

constexpr uint16_t kPort = 7;
constexpr size_t kConnectionsMax = 8;
constexpr size_t kChunkMax = 30000;

FileDescriptor open_socket(int family) {
  return {socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), "TCP socket"};
}

FileDescriptor open_listener(const Namespace& far, int family) {
  return far.inside([family] {
    FileDescriptor fd = open_socket(family);
    make_transparent(fd, family);
    int on = 1;
    if (family == AF_INET6) setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    sockaddr_in6 any{};  // of both families: a port, and zeros
    any.sin6_family = static_cast<sa_family_t>(family);
    any.sin6_port = htons(kPort);
    require(bind(fd.get(), reinterpret_cast<sockaddr*>(&any),
                 family == AF_INET ? sizeof(sockaddr_in) : sizeof any),
            "bind");
    require(listen(fd.get(), kConnectionsMax), "listen");
    return fd;
  });
}

// Chunks of a size that TCP makes trains of; false if the connection is over.
bool send_some(const FileDescriptor& socket, Random& random) {
  static const std::vector<char> kData(kChunkMax, 'x');
  size_t size = random.one_in(2) ? random.between(1, 2000) : random.between(1, kChunkMax);
  return send(socket.get(), kData.data(), size, MSG_NOSIGNAL) >= 0 || errno == EAGAIN;
}

// Throws away what has come; false if the connection is over.
bool read_all(const FileDescriptor& socket) {
  for (;;) {
    ssize_t size = recv(socket.get(), nullptr, kChunkMax, MSG_TRUNC);
    if (size <= 0) return size < 0 && errno == EAGAIN;
  }
}

// Goes on with one of them, and ends it if it is over or has lived long enough.
void go_on(std::deque<FileDescriptor>& sockets, Random& random) {
  if (sockets.empty()) return;
  FileDescriptor socket = std::move(sockets.front());
  sockets.pop_front();
  if (read_all(socket) && (random.one_in(3) || send_some(socket, random)) && !random.one_in(200))
    sockets.push_back(std::move(socket));
}

}  // namespace

TcpPort::TcpPort(const Namespace& near, const Namespace& far, std::string device, in_addr near4,
                 in6_addr near6)
    : near_(near),
      device_(std::move(device)),
      near4_(near4),
      near6_(near6),
      listener4_(open_listener(far, AF_INET)),
      listener6_(open_listener(far, AF_INET6)) {}

bool TcpPort::connect_to(const Packet& packet) {
  Ends ends(packet, kPort);
  if (!ends.known()) return false;
  return near_.inside([&] {
    FileDescriptor socket = open_socket(ends.is4() ? AF_INET : AF_INET6);
    sockaddr_in from4{};
    sockaddr_in6 from6{};
    from4.sin_family = AF_INET;
    from4.sin_addr = near4_;
    from6.sin6_family = AF_INET6;
    from6.sin6_addr = near6_;
    const auto* from = ends.is4() ? reinterpret_cast<sockaddr*>(&from4) : reinterpret_cast<sockaddr*>(&from6);
    if (!bind_to(socket, device_) || bind(socket.get(), from, ends.is4() ? sizeof from4 : sizeof from6) < 0)
      return false;
    if (connect(socket.get(), ends.destination(), ends.destination_size()) < 0 && errno != EINPROGRESS)
      return false;
    clients_.push_back(std::move(socket));
    return true;
  });
}

void TcpPort::serve(Random& random) {
  for (const FileDescriptor* listener : {&listener4_, &listener6_}) {
    int accepted = accept4(listener->get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (accepted < 0) continue;
    servers_.emplace_back(accepted, "accept");
    if (servers_.size() > kConnectionsMax) servers_.pop_front();
  }
  go_on(servers_, random);
}

bool TcpPort::inject(const Packet& packet, Random& random) {
  serve(random);
  go_on(clients_, random);
  if (clients_.size() == kConnectionsMax && random.one_in(8)) clients_.pop_front();
  return clients_.size() == kConnectionsMax || connect_to(packet);
}

}  // namespace ipxlat::test
