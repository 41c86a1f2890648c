// SPDX-License-Identifier: GPL-2.0-only
// The ancillary data of a datagram.
#ifndef IPXLAT_TESTS_DATAPATH_CONTROL_MESSAGES_H
#define IPXLAT_TESTS_DATAPATH_CONTROL_MESSAGES_H

#include <sys/socket.h>

#include <cstring>
#include <vector>

namespace ipxlat::test {

class ControlMessages {
 public:
  template <class Value>
  void add(int level, int type, const Value& value) {
    size_t at = bytes_.size();
    bytes_.resize(at + CMSG_SPACE(sizeof value));
    cmsghdr header{CMSG_LEN(sizeof value), level, type};
    std::memcpy(bytes_.data() + at, &header, sizeof header);
    std::memcpy(bytes_.data() + at + CMSG_LEN(0), &value, sizeof value);
  }

  // Until the next add(), and as long as this lives.
  void attach(msghdr& message) {
    message.msg_control = bytes_.data();
    message.msg_controllen = bytes_.size();
  }

 private:
  std::vector<char> bytes_;
};

}  // namespace ipxlat::test

#endif
