// SPDX-License-Identifier: GPL-2.0-only
// How programs ask an ipxlatd that runs: over the socket "control" of its runtime directory (seqpacket, its
// owner's alone). A request is one message; the answer is "done", or "failed " with sentences behind it.
#ifndef IPXLAT_LIB_CONVERSATION_H
#define IPXLAT_LIB_CONVERSATION_H

#include <sys/un.h>

#include <filesystem>
#include <string>

#include "lib/result.h"

namespace ipxlat {

// A NAT64 instance's name follows those that end in a space.
inline constexpr const char *kReload = "reload", *kDrain = "drain ", *kResume = "resume ";

// The answers.
inline constexpr const char *kDone = "done", *kFailed = "failed ";

// Owns its socket.
class Conversation {
 public:
  explicit Conversation(int fd) : fd_(fd) {}
  ~Conversation();
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;
  int fd() const { return fd_; }

  // False if nobody is there any more. Waits for nobody; at most 64 KiB.
  bool send(const std::string& text) const;
  // Empty at the end of the conversation.
  std::string receive() const;

 private:
  int fd_;
};

// The socket's name, ENAMETOOLONG if it does not fit.
int control_address(const std::filesystem::path& directory, sockaddr_un* address);

// A socket of the kind, or -1.
int open_control(int flags);

// Returns when it is done. The error is the daemon's, or that there is none.
Result<void> ask_daemon(const std::filesystem::path& directory, const std::string& request);

}  // namespace ipxlat

#endif
