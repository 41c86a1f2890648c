// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/service/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <systemd/sd-daemon.h>

#include <cstdlib>
#include <memory>
#include <stdexcept>

namespace ipxlat {
namespace {

// sd-daemon(3): "<4>" at the beginning of a line is its priority.
class Priority final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& into) override {
    const std::string prefix = prefix_of(message.level);
    into.append(prefix.data(), prefix.data() + prefix.size());
  }

  std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<Priority>(); }

 private:
  static const char* prefix_of(spdlog::level::level_enum level) {
    switch (level) {
      case spdlog::level::trace:
      case spdlog::level::debug:
        return SD_DEBUG;
      case spdlog::level::info:
        return SD_INFO;
      case spdlog::level::warn:
        return SD_WARNING;
      default:
        return SD_ERR;
    }
  }
};

spdlog::level::level_enum parse_level(const std::string& level) {
  if (level == "debug") return spdlog::level::debug;
  if (level == "info") return spdlog::level::info;
  if (level == "warning") return spdlog::level::warn;
  if (level == "error") return spdlog::level::err;
  if (level == "off") return spdlog::level::off;
  throw std::invalid_argument("'" + level + "' is no log level");
}

}  // namespace

void set_up_log(const std::string& level) {
  const auto threshold = parse_level(level);
  auto logger =
      std::make_shared<spdlog::logger>("ipxlatd", std::make_shared<spdlog::sinks::stderr_sink_st>());
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  formatter->add_flag<Priority>('*');
  // the journal has the time and the name itself
  formatter->set_pattern(std::getenv("JOURNAL_STREAM") ? "%*%v" : "%H:%M:%S.%e %n %l: %v");
  logger->set_formatter(std::move(formatter));
  logger->set_level(threshold);
  spdlog::set_default_logger(std::move(logger));
}

void log(Level level, const std::string& text) {
  switch (level) {
    case Level::kDebug:
      return log_debug(text);
    case Level::kInfo:
      return log_info(text);
    case Level::kWarning:
      return log_warning(text);
    case Level::kError:
      return log_error(text);
  }
}

void log_debug(const std::string& text) { spdlog::debug("{}", text); }
void log_info(const std::string& text) { spdlog::info("{}", text); }
void log_warning(const std::string& text) { spdlog::warn("{}", text); }
void log_error(const std::string& text) { spdlog::error("{}", text); }

}  // namespace ipxlat
