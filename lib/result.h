// SPDX-License-Identifier: GPL-2.0-only
// What a request to the kernel comes back with: a value, or why there is none.
#ifndef IPXLAT_LIB_RESULT_H
#define IPXLAT_LIB_RESULT_H

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace ipxlat {

struct NetlinkError {
  int code = 0;      // a positive errno
  std::string text;  // one sentence for a person, without a full stop; the kernel's own where it gave one
  std::optional<size_t> offset{};     // of the attribute to blame, from the start of the request
  std::optional<size_t> map_entry{};  // index into Change::map_add of the entry to blame
};

// Made of either by a plain return. operator* and operator-> need true, error() needs false.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value)  // NOLINT(google-explicit-constructor)
      : value_(std::in_place_index<0>, std::move(value)) {}
  Result(NetlinkError error)  // NOLINT(google-explicit-constructor)
      : value_(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const { return value_.index() == 0; }
  T& operator*() { return std::get<0>(value_); }
  const T& operator*() const { return std::get<0>(value_); }
  T* operator->() { return &std::get<0>(value_); }
  const T* operator->() const { return &std::get<0>(value_); }
  const NetlinkError& error() const { return std::get<1>(value_); }

 private:
  std::variant<T, NetlinkError> value_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(NetlinkError error)  // NOLINT(google-explicit-constructor)
      : error_(std::move(error)) {}

  explicit operator bool() const { return !error_; }
  const NetlinkError& error() const { return error_.value(); }

 private:
  std::optional<NetlinkError> error_;
};

}  // namespace ipxlat

#endif
