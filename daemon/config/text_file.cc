// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/config/text_file.h"

#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

namespace ipxlat {

std::string read_text(const std::filesystem::path& file) {
  errno = 0;
  // not a stream: it takes a directory for an empty file
  const std::unique_ptr<FILE, int (*)(FILE*)> in(fopen(file.c_str(), "re"), fclose);
  std::string text;
  char part[4096];
  for (size_t length; in && (length = fread(part, 1, sizeof part, in.get())) > 0;) text.append(part, length);
  if (!in || ferror(in.get())) throw std::system_error(errno, std::generic_category());
  return text;
}

}  // namespace ipxlat
