// SPDX-License-Identifier: GPL-2.0-only
#ifndef IPXLAT_DAEMON_CONFIG_TEXT_FILE_H
#define IPXLAT_DAEMON_CONFIG_TEXT_FILE_H

#include <filesystem>
#include <string>

namespace ipxlat {

// All of the file. std::system_error if a part of it cannot be read.
std::string read_text(const std::filesystem::path& file);

}  // namespace ipxlat

#endif
