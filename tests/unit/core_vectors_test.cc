// SPDX-License-Identifier: GPL-2.0-only
// Every vector against the core, as the module drives it.
#include <gtest/gtest.h>

#include <cctype>
#include <cstdio>
#include <map>
#include <ostream>

#include "kmod/core/reason.h"
#include "lib/core_config.h"
#include "tests/packet/packet.h"
#include "tests/packet/plan.h"
#include "tests/packet/vector.h"

namespace ipxlat::test {

// what the test framework prints of a parameter
static void PrintTo(const Vector& vector, std::ostream* out) {
  *out << vector.place.file << ":" << vector.place.line << ": " << vector.title;
}

namespace {

struct Loaded {
  std::vector<Vector> vectors;
  std::string error;
};

const Loaded& loaded() {
  static const Loaded kLoaded = [] {
    Loaded all;
    try {
      all.vectors = read_vectors(IPXLAT_SOURCE_DIR "/tests/vectors");
    } catch (const std::exception& error) {
      all.error = error.what();
    }
    return all;
  }();
  return kLoaded;
}

std::string name_of(const ::testing::TestParamInfo<Vector>& info) {
  const Vector& vector = info.param;
  std::string name = vector.place.file.substr(0, vector.place.file.find('.')) + "_" + vector.ids[0] + "_" +
                     std::to_string(info.index);
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
}

std::string told(const Vector& vector) {
  return "in       " + std::to_string(vector.in.bytes.size()) + " bytes: " + hex(vector.in.bytes) + "\n" +
         ::testing::PrintToString(vector);
}

class CoreVectors : public ::testing::TestWithParam<Vector> {};

TEST_P(CoreVectors, HoldHoweverMuchCanBeReadAtFirst) {
  const Vector& vector = GetParam();
  CoreConfig config(vector.config);
  for (Readable readable : {Readable::kAll, Readable::kOnDemand}) {
    Translation outcome = translate(config.get(), vector.links, vector.in, readable);
    ASSERT_STREQ(ipxlat_reason_name(outcome.reason), ipxlat_reason_name(vector.reason)) << told(vector);
    EXPECT_EQ(difference(vector.out, outcome.packets), "") << told(vector);
  }
}

INSTANTIATE_TEST_SUITE_P(Vectors, CoreVectors, ::testing::ValuesIn(loaded().vectors), name_of);

TEST(VectorFiles, AreReadWithoutAnError) { EXPECT_EQ(loaded().error, ""); }

TEST(VectorFiles, ShowEverySectionOfTheReference) {
  ASSERT_EQ(loaded().error, "");
  std::map<std::string, std::pair<size_t, size_t>> sections;
  std::map<std::string, size_t> ids;
  for (const Vector& vector : loaded().vectors)
    for (const std::string& id : vector.ids) ids[id]++;
  for (const auto& [id, count] : ids) {
    auto& [requirements, vectors] = sections[section_of(id)];
    requirements++;
    vectors += count;
  }
  for (const auto& [section, counts] : sections)
    std::printf("%-8s %3zu requirements, %4zu vectors\n", section.c_str(), counts.first, counts.second);
  std::printf("%zu vectors in all\n", loaded().vectors.size());
  for (const char* section : {"X-4.1", "X-4.2", "X-4.3", "X-4.5", "X-5.1", "X-5.2", "X-5.3", "X-5.5", "V-D",
                              "V-I", "V-T", "V-H", "V-E", "V-A", "V-MTU"})
    EXPECT_TRUE(sections.contains(section)) << section;
}

}  // namespace
}  // namespace ipxlat::test
