// SPDX-License-Identifier: GPL-2.0-only
// Prefixes (RFC 8781) and resolvers (RFC 8106) from the router advertisements that the kernel reads, in this
// network namespace.
#ifndef IPXLAT_DAEMON_DISCOVERY_ADVERTISEMENTS_H
#define IPXLAT_DAEMON_DISCOVERY_ADVERTISEMENTS_H

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/discovery/advertised_prefixes.h"
#include "daemon/discovery/advertised_resolvers.h"
#include "daemon/discovery/announcement.h"
#include "daemon/kernel/source.h"
#include "lib/result.h"

struct mnl_socket;

namespace ipxlat {

class Advertisements final : public Source {
 public:
  // Asks the routers of a link. It is called again if nobody answers.
  using Ask = std::function<void(uint32_t ifindex)>;

  static Result<Advertisements> open(Ask ask);

  // What a former daemon had learnt.
  void remember(const std::vector<LearntPrefix>& former, Time now) {
    for (const auto& one : former) prefixes_.remember(one, now);
  }

  // The links, by index, that are up and on which a prefix is wanted.
  void want(const std::set<uint32_t>& links, Time now);

  int fd() const override;
  bool read(Knowledge& knowledge, Time now) override;
  std::optional<Time> deadline() const override;

 private:
  struct Close {
    void operator()(mnl_socket* socket) const;
  };
  using Socket = std::unique_ptr<mnl_socket, Close>;

  Advertisements(Socket socket, Ask ask) : socket_(std::move(socket)), ask_(std::move(ask)) {}
  void take_what_arrived(Time now);
  void take(const Announcement& announcement, Time now);

  Socket socket_;
  Ask ask_;
  AdvertisedPrefixes prefixes_;
  AdvertisedResolvers resolvers_;
};

}  // namespace ipxlat

#endif
