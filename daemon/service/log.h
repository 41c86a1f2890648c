// SPDX-License-Identifier: GPL-2.0-only
// The daemon's log: to the journal where standard error leads there, else to standard error.
#ifndef IPXLAT_DAEMON_SERVICE_LOG_H
#define IPXLAT_DAEMON_SERVICE_LOG_H

#include <string>

namespace ipxlat {

// "debug", "info", "warning", "error" or "off". std::invalid_argument for others.
void set_up_log(const std::string& level);

// Whether the descriptor is what $JOURNAL_STREAM speaks of.
bool is_journal(const char* journal_stream, int fd);

enum class Level { kDebug, kInfo, kWarning, kError };

void log(Level level, const std::string& text);
void log_debug(const std::string& text);
void log_info(const std::string& text);
void log_warning(const std::string& text);
void log_error(const std::string& text);

}  // namespace ipxlat

#endif
