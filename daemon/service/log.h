// SPDX-License-Identifier: GPL-2.0-only
// The daemon's log: to standard error, in journald's form where that is the journal.
#ifndef IPXLAT_DAEMON_SERVICE_LOG_H
#define IPXLAT_DAEMON_SERVICE_LOG_H

#include <string>

namespace ipxlat {

// "debug", "info", "warning", "error" or "off". std::invalid_argument for others.
void set_up_log(const std::string& level);

enum class Level { kDebug, kInfo, kWarning, kError };

void log(Level level, const std::string& text);
void log_debug(const std::string& text);
void log_info(const std::string& text);
void log_warning(const std::string& text);
void log_error(const std::string& text);

}  // namespace ipxlat

#endif
