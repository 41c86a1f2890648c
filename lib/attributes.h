// SPDX-License-Identifier: GPL-2.0-only
// Netlink attributes being read. Every function throws MalformedMessage rather than read a byte that
// is not there; its text says what was wrong with which attribute.
#ifndef IPXLAT_LIB_ATTRIBUTES_H
#define IPXLAT_LIB_ATTRIBUTES_H

#include <linux/netlink.h>

#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace ipxlat {

struct MalformedMessage : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Views into a message, which must outlive them.
class Attribute {
 public:
  Attribute(uint16_t type, std::span<const uint8_t> payload) : type_(type), payload_(payload) {}

  uint16_t type() const { return type_; }
  const uint8_t* begin() const { return payload_.data() - NLA_HDRLEN; }
  std::vector<Attribute> nested() const;
  std::string as_string() const;

  // The payload as a T, of exactly its length.
  template <class T>
  T as() const {
    T value;
    require_length(sizeof value);
    std::memcpy(&value, payload_.data(), sizeof value);
    return value;
  }

 private:
  void require_length(size_t length) const;

  uint16_t type_;  // without flags
  std::span<const uint8_t> payload_;
};

// Of a run of attributes that fills `bytes`.
std::vector<Attribute> parse_attributes(std::span<const uint8_t> bytes);

// Of a generic netlink message.
std::vector<Attribute> parse_attributes(const nlmsghdr* message);

// The last one of a type, which must be there; `what` names it in the error.
const Attribute& required(const std::vector<Attribute>& attributes, uint16_t type, const char* what);

// The last one of a type, or null.
const Attribute* find_attribute(const std::vector<Attribute>& attributes, uint16_t type);

}  // namespace ipxlat

#endif
