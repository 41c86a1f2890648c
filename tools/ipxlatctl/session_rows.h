// SPDX-License-Identifier: GPL-2.0-only
// Sessions of a NAT64 as rows, written as they come.
#ifndef IPXLAT_TOOLS_IPXLATCTL_SESSION_ROWS_H
#define IPXLAT_TOOLS_IPXLATCTL_SESSION_ROWS_H

#include <iosfwd>
#include <optional>
#include <string>

#include "lib/gateway.h"
#include "tools/ipxlatctl/context.h"

namespace ipxlat::ctl {

struct SessionRow {
  std::string instance;
  Session session;
  std::optional<Endpoint4> outside;  // none where the second flow is not there
  Flow6 flow;
};

// "established", "answered", "offloaded" and the like.
std::string session_state(const Flow6& flow);

class SessionRows {
 public:
  // `now` is what ages are counted to.
  SessionRows(std::ostream& out, bool json, Time now) : out_(out), json_(json), now_(now) {}

  void write(const SessionRow& row);
  // What there is to say when there are no more.
  void finish();

 private:
  void write_text(const SessionRow& row);
  void write_json(const SessionRow& row);
  std::optional<uint64_t> age(const Flow6& flow) const;  // seconds

  std::ostream& out_;
  bool json_;
  Time now_;
  bool any_ = false;
};

}  // namespace ipxlat::ctl

#endif
