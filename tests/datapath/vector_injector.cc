// SPDX-License-Identifier: GPL-2.0-only
// usage: vector_injector DIRECTORY DEVICE TAP LINK4 LINK6
// Sends every vector of the directory through the device, in every layout of memory, and prints KTAP: a
// line for each file and layout. Exit status 0, or 1 if something was wrong.
#include <cstdio>
#include <exception>
#include <sstream>

#include "tests/datapath/injector.h"

namespace ipxlat::test {
namespace {

struct Layout {
  const char* name;
  Memory memory;
  bool cloned;
};

constexpr Layout kLayouts[] = {
    {"in one piece", Memory::kLinear, false},
    {"in one piece that is cloned", Memory::kLinear, true},
    {"in pages", Memory::kPaged, false},
    {"in small pieces that are cloned", Memory::kShredded, true},
};

void diagnostic(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) std::printf("# %s\n", line.c_str());
}

// Vectors of one file.
using Group = std::vector<const Vector*>;

std::vector<Group> grouped(const std::vector<Vector>& vectors) {
  std::vector<Group> groups;
  for (const Vector& vector : vectors) {
    if (groups.empty() || groups.back()[0]->place.file != vector.place.file) groups.emplace_back();
    groups.back().push_back(&vector);
  }
  return groups;
}

bool run_group(Injector& injector, const Group& group, const Layout& layout, size_t number) {
  size_t done = 0, failed = 0;
  for (const Vector* vector : group) {
    if (!Injector::can_inject(*vector)) continue;
    done++;
    std::string wrong = injector.run(*vector);
    if (wrong.empty()) continue;
    failed++;
    diagnostic(vector->place.file + ":" + std::to_string(vector->place.line) + ": " + vector->title + "\n" +
               wrong);
  }
  const bool good = done > 0 && failed == 0;
  std::string note;
  if (done < group.size()) note = ", " + std::to_string(group.size() - done) + " too long for a tap";
  std::printf("%s %zu %s: %zu packets %s%s\n", good ? "ok" : "not ok", number, group[0]->place.file.c_str(),
              done, layout.name, note.c_str());
  std::fflush(stdout);
  return good;
}

int run(const std::string& directory, const Topology& topology) {
  const std::vector<Vector> vectors = read_vectors(directory);
  const std::vector<Group> groups = grouped(vectors);
  Injector injector(topology);

  std::printf("TAP version 13\n1..%zu\n", groups.size() * std::size(kLayouts));
  size_t number = 0, failed = 0;
  for (const Layout& layout : kLayouts) {
    injector.lay_out(layout.memory, layout.cloned);
    for (const Group& group : groups)
      if (!run_group(injector, group, layout, ++number)) failed++;
  }
  std::printf("# Totals: pass:%zu fail:%zu xfail:0 xpass:0 skip:0 error:0\n", number - failed, failed);
  return failed ? 1 : 0;
}

}  // namespace
}  // namespace ipxlat::test

int main(int argc, char** argv) {
  if (argc != 6) {
    std::fprintf(stderr, "usage: vector_injector DIRECTORY DEVICE TAP LINK4 LINK6\n");
    return 1;
  }
  try {
    return ipxlat::test::run(argv[1], {argv[2], argv[3], argv[4], argv[5]});
  } catch (const std::exception& error) {
    std::printf("Bail out! %s\n", error.what());
    return 1;
  }
}
