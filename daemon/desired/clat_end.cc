// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/desired/clat_end.h"

#include <arpa/inet.h>

#include <algorithm>
#include <chrono>

#include "daemon/desired/source_prefix.h"
#include "daemon/desired/stable_address.h"
#include "lib/networks.h"

namespace ipxlat {
namespace {

constexpr unsigned kAttempts = 4;  // addresses that are tried
constexpr std::chrono::hours kPreferred{
    24};  // RFC 8981 section 3.8: a day, and a second one for what is open

class Chooser {
 public:
  Chooser(const ClatConfig& config, const ClatPlace& place, const Seen& seen, const SipKey& secret, Time now,
          std::set<uint32_t>& taken)
      : config_(config), place_(place), seen_(seen), secret_(secret), now_(now), taken_(taken) {}

  ClatEnd choose() {
    if (const auto* prefix = std::get_if<Prefix6>(&config_.address6)) {
      end_.near = {{*config_.local4, *prefix}};
      end_.mode = "prefix";
      end_.own = false;
    } else if (std::holds_alternative<SharedAddress>(config_.address6)) {
      share();
    } else if (const auto* address = std::get_if<in6_addr>(&config_.address6)) {
      use_given(*address);
    } else {
      use_own();
    }
    return std::move(end_);
  }

 private:
  const std::string& uplink() const { return place_.uplink->name; }
  bool is_temporary() const { return std::holds_alternative<TemporaryAddress>(config_.address6); }
  int64_t today() const { return now_.time_since_epoch() / kPreferred; }

  const SeenAddress* find(const in6_addr& address) const {
    for (const auto& one : seen_.addresses)
      if (const auto* own = std::get_if<Prefix6>(&one.network);
          own && one.link == uplink() && IN6_ARE_ADDR_EQUAL(&own->address, &address))
        return &one;
    return nullptr;
  }

  // By the device of this place, or by other links.
  bool is_held(uint32_t address, bool here) const {
    return std::any_of(seen_.addresses.begin(), seen_.addresses.end(), [&](const SeenAddress& one) {
      const auto* own = std::get_if<Prefix4>(&one.network);
      return own && ntohl(own->address.s_addr) == address && (one.link == place_.device) == here;
    });
  }

  bool is_mapped(const MapEntry& entry) const {
    const SeenLink* device = seen_.link(place_.device);
    return device && device->ours() && device->config &&
           std::ranges::find(device->config->map, entry) != device->config->map.end();
  }

  // The device keeps what it has: for `near6`, if one of several is asked for.
  std::optional<Prefix4> take_address4(const std::optional<Prefix6>& near6 = std::nullopt) {
    const uint32_t first = ntohl(parse_address4("192.0.0.0").s_addr);
    for (bool keep : {true, false})
      for (uint32_t number = first + 1; number <= first + 7; number++) {
        const Prefix4 address = host(in_addr{htonl(number)});
        if (taken_.contains(number) || is_held(number, false)) continue;
        const bool is_its = near6 ? is_mapped({address, *near6}) : is_held(number, true);
        if (keep ? !is_its : near6 && is_held(number, true)) continue;
        taken_.insert(number);
        return address;
      }
    return std::nullopt;
  }

  void fail_without_address4() { end_.failure = "all of 192.0.0.0/29 is in use by other interfaces"; }

  void share() {
    end_.mode = "shared";
    end_.masqueraded = true;
    end_.ready = true;
    const auto address4 = take_address4();
    if (!address4) return fail_without_address4();
    end_.near = {{*address4, internal6(*address4)}};
  }

  void use_given(const in6_addr& address) {
    const SeenAddress* there = find(address);
    end_.mode = "given";
    if (there && there->duplicate)
      end_.failure = to_string(address) + " is in use by another host on " + uplink();
    else
      use(address, take_address4());
  }

  void claim(const in6_addr& address) {
    const SeenAddress* there = find(address);
    end_.claimed.push_back({uplink(), there && !there->ours ? there->network : host(address)});
  }

  void use(const in6_addr& address, const std::optional<Prefix4>& address4) {
    if (!address4) return fail_without_address4();
    const SeenAddress* there = find(address);
    claim(address);
    end_.near.push_back({*address4, host(address)});
    end_.ready = there && !there->tentative;
  }

  // Those that are tried in this order.
  std::vector<in6_addr> candidates(const Prefix6& prefix, int64_t day) const {
    std::vector<in6_addr> all;
    for (unsigned attempt = 0; attempt < kAttempts; attempt++)
      all.push_back(is_temporary()
                        ? temporary_address(secret_, prefix, uplink(), seen_.sysctl(kBootId), day, attempt)
                        : stable_address(secret_, prefix, uplink(), attempt));
    return all;
  }

  // True if an address in `prefix` was made before, even if somebody has deleted it since.
  bool holds(const Prefix6& prefix) const {
    const auto made_before = [&](const in6_addr& address) {
      const SeenAddress* there = find(address);
      return (there && there->ours) || seen_.made_addresses.contains(Address{uplink(), host(address)}.key());
    };
    return std::ranges::any_of(candidates(prefix, today()), made_before) ||
           std::ranges::any_of(candidates(prefix, today() - 1), made_before);
  }

  void share_instead(const std::string& why) {
    end_.warnings.push_back(why + ": its own address is shared");
    share();
  }

  void use_own() {
    end_.mode = is_temporary() ? "temporary" : "dedicated";
    const auto prefixes = source_prefixes(seen_, uplink(), *place_.pref64);
    if (prefixes.empty()) return share_instead(uplink() + " has no /64 with autonomous configuration");
    // connections outlive whatever else is advertised
    const auto held = std::ranges::find_if(prefixes, [&](const Prefix6& prefix) { return holds(prefix); });
    const Prefix6& prefix = held == prefixes.end() ? prefixes.front() : *held;
    if (!use_first(prefix)) {
      share_instead("other hosts on " + uplink() + " have every address that was tried in " +
                    to_string(prefix));
    } else if (is_temporary()) {
      end_.until = Time((today() + 1) * kPreferred);
      keep_yesterdays(prefix);
    }
  }

  bool use_first(const Prefix6& prefix) {
    for (const auto& address : candidates(prefix, today())) {
      const SeenAddress* there = find(address);
      if (!there || !there->duplicate) {
        use(address, is_temporary() ? take_address4(host(address)) : take_address4());
        return true;
      }
      // it stays, so that the next reading of the kernel's state finds that it is one
      claim(address);
    }
    return false;
  }

  // What is open has it, and as long as today's is not ready, what begins.
  void keep_yesterdays(const Prefix6& prefix) {
    for (const auto& address : candidates(prefix, today() - 1)) {
      const SeenAddress* there = find(address);
      if (!there || !there->ours || there->duplicate || there->tentative) continue;
      const auto address4 = take_address4(host(address));
      if (!address4) return;
      const bool is_first = !end_.ready;
      use(address, address4);
      if (is_first) std::rotate(end_.near.begin(), end_.near.end() - 1, end_.near.end());
      end_.ready = true;
      return;
    }
  }

  const ClatConfig& config_;
  const ClatPlace& place_;
  const Seen& seen_;
  const SipKey& secret_;
  const Time now_;
  std::set<uint32_t>& taken_;
  ClatEnd end_;
};

}  // namespace

ClatEnd choose_clat_end(const ClatConfig& config, const ClatPlace& place, const Seen& seen,
                        const SipKey& secret, Time now, std::set<uint32_t>& taken) {
  return Chooser(config, place, seen, secret, now, taken).choose();
}

}  // namespace ipxlat
