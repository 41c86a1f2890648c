// SPDX-License-Identifier: GPL-2.0-only
// The connection tracker of this network namespace, being read.
#ifndef IPXLAT_LIB_TRACKER_H
#define IPXLAT_LIB_TRACKER_H

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "lib/flow.h"
#include "lib/result.h"

struct mnl_socket;

namespace ipxlat {

// The sentence for an errno of ctnetlink: "connection tracking entries cannot be read: ...".
NetlinkError tracker_error(int code, const std::string& undone);

template <class Address>
using VisitFlows = std::function<Result<void>(const std::vector<Flow<Address>>&)>;

// An interface, so that a test can simulate the kernel. Errors, all with a sentence to show: EPERM no
// CAP_NET_ADMIN, EINVAL no ctnetlink in this kernel.
class Tracker {
 public:
  virtual ~Tracker() = default;

  // Calls `visit` with some flows at a time, as the kernel tells of them, until there are no more or it
  // returns an error. A table that changes meanwhile may give some twice, or leave out new ones.
  virtual Result<void> visit6(const VisitFlows<in6_addr>& visit) = 0;
  virtual Result<void> visit4(const VisitFlows<in_addr>& visit) = 0;

  // For each of the tuples the flow that has it as one of its directions, if there is one.
  virtual Result<std::vector<std::optional<Flow4>>> find(const std::vector<Tuple4>& tuples) = 0;
};

// Needs the memory of one message of a dump, whatever the size of the table.
class NetlinkTracker final : public Tracker {
 public:
  static Result<std::unique_ptr<NetlinkTracker>> open();

  Result<void> visit6(const VisitFlows<in6_addr>& visit) override;
  Result<void> visit4(const VisitFlows<in_addr>& visit) override;
  Result<std::vector<std::optional<Flow4>>> find(const std::vector<Tuple4>& tuples) override;

 private:
  struct Close {
    void operator()(mnl_socket* socket) const;
  };
  using Socket = std::unique_ptr<mnl_socket, Close>;

  NetlinkTracker() = default;
  static Result<Socket> connect();
  template <class Address>
  Result<void> visit(const VisitFlows<Address>& visit);
  Result<void> find_some(const Tuple4* tuples, size_t count, std::vector<std::optional<Flow4>>& found);

  Socket dumps_;    // is busy as long as a dump goes on,
  Socket lookups_;  // while this one asks
  std::vector<uint8_t> buffer_;
  std::vector<uint8_t> answers_;
  uint32_t sequence_ = 0;
};

}  // namespace ipxlat

#endif
