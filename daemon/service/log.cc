// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/service/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/sinks/systemd_sink.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <stdexcept>

namespace ipxlat {
namespace {

spdlog::level::level_enum parse_level(const std::string& level) {
  if (level == "debug") return spdlog::level::debug;
  if (level == "info") return spdlog::level::info;
  if (level == "warning") return spdlog::level::warn;
  if (level == "error") return spdlog::level::err;
  if (level == "off") return spdlog::level::off;
  throw std::invalid_argument("'" + level + "' is no log level");
}

}  // namespace

// systemd.exec(5): $JOURNAL_STREAM is the device and the inode of what systemd gave to a service; a program
// that has the variable from somebody above it may write elsewhere.
bool is_journal(const char* journal_stream, int fd) {
  struct stat file{};
  return journal_stream && fstat(fd, &file) == 0 &&
         std::to_string(file.st_dev) + ":" + std::to_string(file.st_ino) == journal_stream;
}

void set_up_log(const std::string& level) {
  const auto threshold = parse_level(level);
  std::shared_ptr<spdlog::logger> logger;
  if (is_journal(std::getenv("JOURNAL_STREAM"), STDERR_FILENO)) {
    // which has priority, time and name of its own
    logger = std::make_shared<spdlog::logger>("ipxlatd", std::make_shared<spdlog::sinks::systemd_sink_st>());
  } else {
    logger = std::make_shared<spdlog::logger>("ipxlatd", std::make_shared<spdlog::sinks::stderr_sink_st>());
    logger->set_pattern("%H:%M:%S.%e %n %l: %v");
  }
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
