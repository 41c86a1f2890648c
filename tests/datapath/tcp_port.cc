// SPDX-License-Identifier: GPL-2.0-only
// The port that has TCP connections through a device, and both of their ends.
#include <sys/socket.h>

#include <deque>

#include "tests/datapath/own_socket.h"
#include "tests/datapath/ports.h"

namespace ipxlat::test {
namespace {

constexpr uint16_t kTcpPort = 7;
constexpr size_t kConnectionsMax = 8;
constexpr size_t kChunkMax = 30000;

FileDescriptor open_listener(const Namespace& far, int family) {
  return far.inside([family] {
    FileDescriptor fd = open_transparent(family, SOCK_STREAM);
    int on = 1;
    if (family == AF_INET6) setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    sockaddr_in6 any{};  // of both families: a port, and zeros
    any.sin6_family = static_cast<sa_family_t>(family);
    any.sin6_port = htons(kTcpPort);
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

class TcpPort final : public Source {
 public:
  TcpPort(const Namespace& near, const Namespace& far, std::string device, in_addr near4, in6_addr near6)
      : near_(near),
        device_(std::move(device)),
        near4_(near4),
        near6_(near6),
        listener4_(open_listener(far, AF_INET)),
        listener6_(open_listener(far, AF_INET6)) {}

  std::string name() const override { return "tcp-socket"; }

  bool inject(const Packet& packet, Random& random) override {
    serve(random);
    go_on(clients_, random);
    if (clients_.size() == kConnectionsMax && random.one_in(8)) clients_.pop_front();
    return clients_.size() == kConnectionsMax || connect_to(packet);
  }

 private:
  bool connect_to(const Packet& packet) {
    Ends ends(packet, kTcpPort);
    if (!ends.known) return false;
    return near_.inside([&] {
      FileDescriptor socket = open_socket(ends.is4 ? AF_INET : AF_INET6, SOCK_STREAM);
      sockaddr_in from4{};
      sockaddr_in6 from6{};
      from4.sin_family = AF_INET;
      from4.sin_addr = near4_;
      from6.sin6_family = AF_INET6;
      from6.sin6_addr = near6_;
      const auto* from = ends.is4 ? reinterpret_cast<sockaddr*>(&from4) : reinterpret_cast<sockaddr*>(&from6);
      if (!bind_to(socket, device_) || bind(socket.get(), from, ends.is4 ? sizeof from4 : sizeof from6) < 0)
        return false;
      if (connect(socket.get(), ends.destination(), ends.destination_size()) < 0 && errno != EINPROGRESS)
        return false;
      clients_.push_back(std::move(socket));
      return true;
    });
  }

  void serve(Random& random) {
    for (const FileDescriptor* listener : {&listener4_, &listener6_}) {
      int accepted = accept4(listener->get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
      if (accepted < 0) continue;
      servers_.emplace_back(accepted, "accept");
      if (servers_.size() > kConnectionsMax) servers_.pop_front();
    }
    go_on(servers_, random);
  }

  const Namespace& near_;
  std::string device_;
  in_addr near4_;
  in6_addr near6_;
  FileDescriptor listener4_;
  FileDescriptor listener6_;
  std::deque<FileDescriptor> clients_;
  std::deque<FileDescriptor> servers_;
};

}  // namespace

SourcePtr open_tcp_port(const Namespace& near, const Namespace& far, std::string device, in_addr near4,
                        in6_addr near6) {
  return std::make_unique<TcpPort>(near, far, std::move(device), near4, near6);
}

}  // namespace ipxlat::test
