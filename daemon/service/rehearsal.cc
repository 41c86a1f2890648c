// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/service/rehearsal.h"

#include "daemon/service/reconciler.h"

namespace ipxlat {
namespace {

class Listening final : public Kernel {
 public:
  explicit Listening(Kernel& kernel) : kernel_(kernel) {}

  Result<Seen> read(const std::vector<std::string>& sysctls) override {
    auto seen = kernel_.read(sysctls);
    if (!seen) error_ = seen.error();
    return seen;
  }
  void care_about(const Interests& interests) override { kernel_.care_about(interests); }
  Result<void> apply(const Step&) override { return {}; }

  const std::optional<NetlinkError>& error() const { return error_; }

 private:
  Kernel& kernel_;
  std::optional<NetlinkError> error_;
};

}  // namespace

Result<std::vector<std::string>> rehearse(const Config& config, Kernel& kernel, const MadeResources& made,
                                          const Knowledge& learnt, const SipKey& secret) {
  Listening listening(kernel);
  std::vector<std::string> lines;
  Reconciler daemon(listening, secret, Ledger(made, [](const MadeResources&) { return Result<void>(); }),
                    [&](Level level, const std::string& text) {
                      lines.push_back(level == Level::kWarning ? "warning: " + text : text);
                    });
  daemon.set_config(config);
  daemon.know(learnt);
  daemon.reconcile({});
  if (listening.error()) return *listening.error();
  return lines;
}

}  // namespace ipxlat
