// SPDX-License-Identifier: GPL-2.0-only
// Prefixes (RFC 8781) and resolvers (RFC 8106) from router advertisements, in this network namespace.
#ifndef IPXLAT_DAEMON_DISCOVERY_ADVERTISEMENTS_H
#define IPXLAT_DAEMON_DISCOVERY_ADVERTISEMENTS_H

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/discovery/advertised_prefixes.h"
#include "daemon/discovery/advertised_resolvers.h"
#include "daemon/discovery/router_socket.h"
#include "daemon/kernel/source.h"
#include "lib/result.h"

namespace ipxlat {

class Advertisements final : public Source {
 public:
  // Is told why routers could not be asked, each time that they were to be; empty if they could.
  using Tell = std::function<void(const std::string& why)>;

  static Result<Advertisements> open(Tell tell);

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
  Advertisements(RouterSocket socket, Tell tell) : socket_(std::move(socket)), tell_(std::move(tell)) {}
  void take_what_arrived(Time now);
  void take(const Advertisement& advertisement, Time now);
  void ask(const std::vector<uint32_t>& links);

  RouterSocket socket_;
  Tell tell_;
  std::string unheard_;  // as in Knowledge
  AdvertisedPrefixes prefixes_;
  AdvertisedResolvers resolvers_;
};

}  // namespace ipxlat

#endif
