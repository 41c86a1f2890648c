// SPDX-License-Identifier: GPL-2.0-only
// Asks resolvers for the IPv6 addresses of ipv4only.arpa (RFC 7050), by c-ares: those of a link through that
// link, those of the host as the host does.
#ifndef IPXLAT_DAEMON_DISCOVERY_NAME_QUESTIONS_H
#define IPXLAT_DAEMON_DISCOVERY_NAME_QUESTIONS_H

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "daemon/discovery/resolved_prefixes.h"
#include "daemon/kernel/source.h"
#include "lib/result.h"

namespace ipxlat {

class NameQuestions final : public Source {
 public:
  static Result<NameQuestions> open();
  NameQuestions(NameQuestions&&) noexcept;
  NameQuestions(const NameQuestions&) = delete;
  NameQuestions& operator=(NameQuestions&&) = delete;
  NameQuestions& operator=(const NameQuestions&) = delete;
  ~NameQuestions() override;

  // What a former daemon had learnt.
  void remember(const std::vector<LearntPrefix>& former) {
    for (const auto& one : former) prefixes_.remember(one);
  }

  // The links, by index, and whom to ask there.
  void want(const std::map<uint32_t, Search>& links, Time now);

  int fd() const override;
  bool read(Knowledge& knowledge, Time now) override;
  std::optional<Time> deadline() const override;

 private:
  class Question;  // under way
  struct Epoll;

  explicit NameQuestions(std::unique_ptr<Epoll> epoll);
  void ask(Time now);
  void go_on();
  void take_answers(Time now);

  std::unique_ptr<Epoll> epoll_;  // of the sockets of all questions
  std::map<uint32_t, Search> wanted_;
  ResolvedPrefixes prefixes_;
  std::map<uint32_t, std::unique_ptr<Question>> questions_;  // by link
  std::optional<Time> impatient_;                            // when a question goes to the next resolver
};

}  // namespace ipxlat

#endif
