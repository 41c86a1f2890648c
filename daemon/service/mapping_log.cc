// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/service/mapping_log.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "daemon/conntrack/event_filter.h"
#include "daemon/service/log.h"
#include "daemon/service/machine_secret.h"
#include "lib/flow.h"
#include "lib/tracker.h"

namespace ipxlat {
namespace {

uint64_t wall_clock() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

DeviceConfig device_of(const Nat64Config& config) {
  DeviceConfig device{config.settings, {}};
  for (size_t i = 0; i < config.pool4.size(); i++) device.map.push_back({config.pool4[i], config.pool6[i]});
  return device;
}

GatewayMode mode_of(const Nat64Config& config) {
  return config.mode == Nat64Mode::kPool ? GatewayMode::kPool : GatewayMode::kMasquerade;
}

}  // namespace

struct MappingLog::Logged {
  explicit Logged(const Nat64Config& config)
      : device(device_of(config)), gateway(config.name, mode_of(config), device) {
    if (config.log.kind == MappingLogKind::kBlocks)
      blocks.emplace(config);
    else if (gateway.mode() == GatewayMode::kMasquerade)
      join.emplace(machine_secret(),
                   [this](bool begins, const Session& session, const Endpoint4& outside, uint64_t time) {
                     writer->write(begins, session, outside, time);
                   });
  }

  // What is told of blocks begins anew each time, so that each file is complete in itself.
  bool is(const Nat64Config& config) const {
    return !blocks && config.log.kind == MappingLogKind::kSessions && gateway.name() == config.name &&
           gateway.mode() == mode_of(config) && device == device_of(config);
  }

  void begins(const Session& session, uint64_t time, MappingJoin::From from = MappingJoin::From::kEvent) {
    if (join) return join->begins(session, time, from);
    if (!blocks) return writer->write(true, session, session.between.inside, time);
    if (const auto block = blocks->first_use(session)) writer->write(*block, time);
  }
  void ends(const Session& session, uint64_t time) {
    if (join) return join->ends(session, time);
    if (!blocks) writer->write(false, session, session.between.inside, time);
  }
  // What was missed is found in the table.
  bool looks() const { return join || blocks; }

  DeviceConfig device;
  Gateway gateway;
  std::unique_ptr<MappingWriter> writer;
  std::optional<MappingJoin> join;  // where a session is two flows
  std::optional<BlockUse> blocks;   // where these are told of, and not the sessions
  bool fresh = true;                // nothing is known of what there is
};

MappingLog::MappingLog(const Clock& clock) : clock_(clock), waiting_(epoll_create1(EPOLL_CLOEXEC)) {
  if (waiting_ < 0) throw std::runtime_error(std::string("no epoll: ") + std::strerror(errno));
}

MappingLog::~MappingLog() { close(waiting_); }

void MappingLog::use(const std::vector<Nat64Config>& instances) {
  std::vector<std::pair<const Nat64Config*, std::unique_ptr<MappingWriter>>> wanted;
  for (const auto& config : instances)
    if (config.log.kind != MappingLogKind::kNone)
      wanted.emplace_back(&config, std::make_unique<MappingWriter>(config.name, config.log, ipxlat::log));
  std::vector<const Nat64Config*> heard;
  for (const auto& [config, writer] : wanted) heard.push_back(config);
  listen(heard);
  std::vector<std::unique_ptr<Logged>> former = std::exchange(logged_, {});
  bool unknown = false;
  for (auto& [config, writer] : wanted) {
    std::unique_ptr<Logged> logged;
    for (auto& one : former)
      if (one && one->is(*config)) logged = std::move(one);
    if (!logged) logged = std::make_unique<Logged>(*config);
    logged->writer = std::move(writer);
    if (logged->blocks) logged->writer->write_blocks(*config, wall_clock());
    unknown |= logged->looks() && logged->fresh;
    logged_.push_back(std::move(logged));
  }
  look_at_.reset();
  if (unknown) look(clock_.now());
  for (auto& one : logged_) one->writer->flush(wall_clock());
}

// The socket is there before the table is read, so that nothing gets by.
void MappingLog::listen(const std::vector<const Nat64Config*>& instances) {
  if (instances.empty()) return events_.reset();
  std::vector<Prefix6> remote;
  std::vector<Prefix4> inside;
  for (const auto* config : instances) {
    remote.push_back(*config->settings.remote_prefix6);
    if (config->mode == Nat64Mode::kMasquerade)
      inside.insert(inside.end(), config->pool4.begin(), config->pool4.end());
  }
  const auto filter = conntrack::event_filter(remote, inside);
  if (events_) {
    if (auto done = events_->set_filter(filter); !done) throw std::runtime_error(done.error().text);
    return;
  }
  auto opened = conntrack::Events::open(filter);
  if (!opened) throw std::runtime_error(opened.error().text);
  epoll_event event{};
  event.events = EPOLLIN;
  if (epoll_ctl(waiting_, EPOLL_CTL_ADD, opened->fd(), &event) < 0)
    throw std::runtime_error(std::string("no epoll: ") + std::strerror(errno));
  events_.emplace(std::move(*opened));
}

void MappingLog::take(bool begins, const nlmsghdr* message, uint64_t time) {
  if (const auto flow = parse_flow<in6_addr>(message)) {
    for (auto& one : logged_)
      if (const auto session = one->gateway.session(*flow)) {
        if (begins) return one->begins(*session, flow->began.value_or(time));
        return one->ends(*session, flow->ended.value_or(time));
      }
    return;
  }
  const auto flow = parse_flow<in_addr>(message);
  for (auto& one : logged_)
    if (const auto leg = flow && one->join ? one->gateway.leg(*flow) : std::nullopt) {
      if (begins) return one->join->begins(*leg, flow->began.value_or(time));
      return one->join->ends(*leg, flow->ended.value_or(time));
    }
}

bool MappingLog::read(Knowledge&, Time now) {
  const uint64_t time = wall_clock();
  if (events_) {
    const uint64_t lost =
        events_->read([&](bool begins, const nlmsghdr* message) { take(begins, message, time); });
    bool looks = false;
    for (auto& one : logged_) {
      if (lost) one->writer->lost(lost, time);
      looks |= one->looks();
    }
    if (lost && looks && (!look_at_ || *look_at_ > now + kAfterLoss)) look_at_ = now + kAfterLoss;
  }
  if (look_at_ && *look_at_ <= now) look(now);
  for (auto& one : logged_) one->writer->flush(time);
  return false;
}

void MappingLog::look(Time now) {
  look_at_.reset();
  const auto from = [](const Logged& one) {
    return one.fresh ? MappingJoin::From::kBefore : MappingJoin::From::kLook;
  };
  const uint64_t time = wall_clock();
  std::vector<Logged*> looking, joined;
  for (auto& one : logged_) {
    if (one->looks()) looking.push_back(one.get());
    if (one->join) joined.push_back(one.get());
  }
  for (auto* one : joined) one->join->start_look();
  auto tracker = NetlinkTracker::open();
  Result<void> done = tracker ? Result<void>() : tracker.error();
  if (done)
    done = (*tracker)->visit6([&](const std::vector<Flow6>& flows) -> Result<void> {
      for (const auto& flow : flows)
        for (auto* one : looking)
          if (const auto session = one->gateway.session(flow))
            one->begins(*session, flow.began.value_or(time), from(*one));
      return {};
    });
  if (done && !joined.empty())
    done = (*tracker)->visit4([&](const std::vector<Flow4>& flows) -> Result<void> {
      for (const auto& flow : flows)
        for (auto* one : joined)
          if (const auto leg = one->gateway.leg(flow))
            one->join->begins(*leg, flow.began.value_or(time), from(*one));
      return {};
    });
  bool again = !done;
  if (!done)
    log_warning("the mapping log cannot tell of sessions that were there before: " + done.error().text);
  for (auto* one : joined) {
    if (done) one->join->finish_look(time);
    one->fresh = false;
    again |= one->join->unsure();
  }
  if (again) look_at_ = now + kNowAndThen;
}

}  // namespace ipxlat
