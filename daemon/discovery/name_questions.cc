// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/discovery/name_questions.h"

// of 1.34, whose successors 1.18 lacks
#define CARES_NO_DEPRECATED
#include <ares.h>
#include <arpa/inet.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "daemon/discovery/name_answer.h"
#include "lib/address.h"

namespace ipxlat {
namespace {

constexpr const char* kName = "ipv4only.arpa";
constexpr int kInternet = 1, kAaaa = 28;     // class and type (RFC 1035 section 3.2.4, RFC 3596)
constexpr int kPatience = 2000, kTries = 3;  // milliseconds for the first answer
constexpr size_t kMostAddresses = 32;        // of an answer

}  // namespace

struct NameQuestions::Epoll {
  int fd;
  explicit Epoll(int of) : fd(of) {}
  ~Epoll() { close(fd); }
  Epoll(const Epoll&) = delete;
  Epoll& operator=(const Epoll&) = delete;
};

// One question to the resolvers of a link, one after the other.
class NameQuestions::Question {
 public:
  Question(int epoll, uint32_t ifindex, const Search& search) : epoll_(epoll), ifindex_(ifindex) {
    ares_options options{};
    options.timeout = kPatience;
    options.tries = kTries;
    options.sock_state_cb = watch;
    options.sock_state_cb_data = this;
    if (ares_init_options(&channel_, &options,
                          ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB) != ARES_SUCCESS ||
        !use_resolvers(search)) {
      over_ = true;
      return;
    }
    ares_query(channel_, kName, kInternet, kAaaa, answered, this);
  }
  ~Question() {
    if (channel_) ares_destroy(channel_);
  }
  Question(const Question&) = delete;
  Question& operator=(const Question&) = delete;

  // A socket of it is readable or writable, or, without one, time has passed.
  void go_on(ares_socket_t readable = ARES_SOCKET_BAD, ares_socket_t writable = ARES_SOCKET_BAD) {
    if (!over_) ares_process_fd(channel_, readable, writable);
  }

  bool over() const { return over_; }
  // Once it is: nothing if there was no answer.
  const std::optional<std::vector<in6_addr>>& addresses() const { return addresses_; }
  std::chrono::seconds lifetime() const { return lifetime_; }

  // How long it waits for the resolver that was asked last.
  std::chrono::milliseconds patience() const {
    timeval buffer{};
    const timeval* left = over_ ? nullptr : ares_timeout(channel_, nullptr, &buffer);
    if (!left) return std::chrono::milliseconds(kPatience);
    return std::chrono::milliseconds(left->tv_sec * 1000 + left->tv_usec / 1000 + 1);
  }

 private:
  bool use_resolvers(const Search& search) {
    if (search.resolvers.empty()) return true;  // those of resolv.conf(5)
    std::vector<ares_addr_node> nodes(search.resolvers.size());
    for (size_t i = 0; i < nodes.size(); i++) {
      nodes[i].family = AF_INET6;
      const in6_addr address = parse_address6(search.resolvers[i]);
      std::memcpy(&nodes[i].addr.addr6, &address, sizeof address);
      nodes[i].next = i + 1 < nodes.size() ? &nodes[i + 1] : nullptr;
    }
    ares_set_local_dev(channel_, search.link.c_str());
    return ares_set_servers(channel_, nodes.data()) == ARES_SUCCESS;
  }

  static void watch(void* self, ares_socket_t socket, int readable, int writable) {
    const auto* question = static_cast<const Question*>(self);
    epoll_event event{};
    event.events = (readable ? uint32_t{EPOLLIN} : 0u) | (writable ? uint32_t{EPOLLOUT} : 0u);
    event.data.u64 = uint64_t{question->ifindex_} << 32 | static_cast<uint32_t>(socket);
    if (event.events == 0)
      epoll_ctl(question->epoll_, EPOLL_CTL_DEL, socket, nullptr);
    else if (epoll_ctl(question->epoll_, EPOLL_CTL_ADD, socket, &event) < 0 && errno == EEXIST)
      epoll_ctl(question->epoll_, EPOLL_CTL_MOD, socket, &event);
  }

  static void answered(void* self, int status, int, unsigned char* reply, int length) {
    auto* question = static_cast<Question*>(self);
    question->over_ = true;
    std::array<ares_addr6ttl, kMostAddresses> records;
    int count = records.size();
    if (status == ARES_SUCCESS)
      status = ares_parse_aaaa_reply(reply, length, nullptr, records.data(), &count);
    if (status == ARES_ENODATA || status == ARES_ENOTFOUND) question->addresses_.emplace();
    if (status != ARES_SUCCESS) return;
    question->addresses_.emplace(count);
    int lifetime = INT32_MAX;
    for (int i = 0; i < count; i++) {
      std::memcpy(&(*question->addresses_)[i], &records[i].ip6addr, sizeof(in6_addr));
      lifetime = std::min(lifetime, records[i].ttl);
    }
    question->lifetime_ = std::chrono::seconds(lifetime);
  }

  int epoll_;
  uint32_t ifindex_;
  ares_channel channel_ = nullptr;
  bool over_ = false;
  std::optional<std::vector<in6_addr>> addresses_;
  std::chrono::seconds lifetime_{};
};

NameQuestions::NameQuestions(std::unique_ptr<Epoll> epoll) : epoll_(std::move(epoll)) {}
NameQuestions::NameQuestions(NameQuestions&&) noexcept = default;
NameQuestions::~NameQuestions() = default;

Result<NameQuestions> NameQuestions::open() {
  const int fd = epoll_create1(EPOLL_CLOEXEC);
  if (fd >= 0) return NameQuestions(std::make_unique<Epoll>(fd));
  const int code = errno;
  return NetlinkError{code, std::string("resolvers cannot be waited for: ") + std::strerror(code)};
}

int NameQuestions::fd() const { return epoll_->fd; }

void NameQuestions::want(const std::map<uint32_t, Search>& links, Time now) {
  std::erase_if(questions_, [&](const auto& one) {
    const auto link = links.find(one.first);
    return link == links.end() || link->second != wanted_[one.first];
  });
  wanted_ = links;
  prefixes_.want(links, now);
}

void NameQuestions::ask(Time now) {
  for (const uint32_t ifindex : prefixes_.pass(now))
    questions_[ifindex] = std::make_unique<Question>(epoll_->fd, ifindex, wanted_[ifindex]);
}

void NameQuestions::go_on() {
  std::array<epoll_event, 16> events;
  const int count = epoll_wait(epoll_->fd, events.data(), events.size(), 0);
  for (int i = 0; i < count; i++) {
    const auto question = questions_.find(static_cast<uint32_t>(events[i].data.u64 >> 32));
    if (question == questions_.end()) continue;
    const auto socket = static_cast<ares_socket_t>(events[i].data.u64 & UINT32_MAX);
    const bool readable = events[i].events & (EPOLLIN | EPOLLERR | EPOLLHUP);
    question->second->go_on(readable ? socket : ARES_SOCKET_BAD,
                            events[i].events & EPOLLOUT ? socket : ARES_SOCKET_BAD);
  }
  for (const auto& [ifindex, question] : questions_) question->go_on();
}

void NameQuestions::take_answers(Time now) {
  for (const auto& [ifindex, question] : questions_) {
    if (!question->over()) continue;
    if (const auto& addresses = question->addresses())
      prefixes_.take(ifindex, prefixes_of_answer(*addresses), question->lifetime(), now);
    else
      prefixes_.fail(ifindex, now);
  }
  std::erase_if(questions_, [](const auto& one) { return one.second->over(); });
}

bool NameQuestions::read(Knowledge& knowledge, Time now) {
  go_on();
  take_answers(now);
  ask(now);
  // one that cannot be asked is over at once
  take_answers(now);
  impatient_.reset();
  for (const auto& [ifindex, question] : questions_) {
    const Time when = now + question->patience();
    impatient_ = impatient_ ? std::min(*impatient_, when) : when;
  }
  auto all = prefixes_.all();
  const bool news = all != knowledge.resolved;
  knowledge.resolved = std::move(all);
  return news;
}

std::optional<Time> NameQuestions::deadline() const {
  const auto next = prefixes_.next();
  return next && impatient_ ? std::min(*next, *impatient_) : next ? next : impatient_;
}

}  // namespace ipxlat
