// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "daemon/service/mapping_writer.h"
#include "tests/unit/daemon_nat64_config.h"
#include "tests/unit/daemon_scratch.h"
#include "tests/unit/flows.h"

namespace ipxlat {
namespace {

using testing::HasSubstr;

constexpr uint64_t kTime = 1795695843123456789;
const Endpoint4 kOutside = end4("203.0.113.2", 1024);

Session session(uint8_t protocol = IPPROTO_TCP) {
  return {{protocol, false, end4("198.18.0.7", 1024), end4("203.0.113.9", 80)}, end6("2001:db8::1", 40000)};
}

class DaemonMappingWriter : public testing::Test {
 protected:
  std::filesystem::path file() const { return directory_ / "log.json"; }
  MappingLogConfig config(bool destinations = false) const {
    return {MappingLogKind::kSessions, destinations, file().string()};
  }
  static std::string text(const std::filesystem::path& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  ScratchDirectory directory_;
  std::string log_;
  MappingWriter::Say say_ = [this](Level level, const std::string& line) {
    log_ += (level == Level::kInfo      ? "info: "
             : level == Level::kWarning ? "warning: "
                                        : "error: ") +
            line + "\n";
  };
};

TEST_F(DaemonMappingWriter, a_line_tells_who_had_which_public_address_and_port_when) {
  EXPECT_EQ(mapping_line(true, "edge", session(), kOutside, kTime, false),
            R"({"time":"2026-11-26T12:24:03.123Z","event":"begin","instance":"edge","protocol":"tcp",)"
            R"("client":"2001:db8::1","client_port":40000,"public":"203.0.113.2","public_port":1024})");
}

TEST_F(DaemonMappingWriter, lines_of_blocks_tell_whose_ports_they_are) {
  EXPECT_EQ(blocks_line(blocks_config(), kTime),
            R"({"time":"2026-11-26T12:24:03.123Z","event":"blocks","instance":"edge",)"
            R"("clients":["2001:db8:1:10::/61","2001:db8:2::/62"],"client_prefix_length":64,)"
            R"("pool4":["203.0.113.16/31","192.0.2.0/31"],"port_blocks":4})");
  const UsedBlock block{parse_prefix6("2001:db8:1:11::/64"), parse_address4("203.0.113.16"), 17152, 33279};
  EXPECT_EQ(block_line("edge", block, kTime),
            R"({"time":"2026-11-26T12:24:03.123Z","event":"block","instance":"edge",)"
            R"("client":"2001:db8:1:11::/64","public":"203.0.113.16","first_port":17152,"last_port":33279})");
}

TEST_F(DaemonMappingWriter, destinations_are_told_only_where_asked_for) {
  const auto with = nlohmann::json::parse(mapping_line(false, "edge", session(), kOutside, kTime, true));
  EXPECT_EQ(with["event"], "end");
  EXPECT_EQ(with["remote"], "203.0.113.9");
  EXPECT_EQ(with["remote_port"], 80);
  EXPECT_THAT(mapping_line(false, "edge", session(), kOutside, kTime, false),
              testing::Not(HasSubstr("203.0.113.9")));
  const auto echo =
      nlohmann::json::parse(mapping_line(true, "edge", session(IPPROTO_ICMP), kOutside, kTime, true));
  EXPECT_EQ(echo["protocol"], "icmp");
  EXPECT_FALSE(echo.contains("remote_port"));
}

TEST_F(DaemonMappingWriter, without_a_file_lines_go_to_the_log) {
  MappingWriter writer("edge", {MappingLogKind::kSessions, false, ""}, say_);
  writer.write(true, session(), kOutside, kTime);
  writer.lost(7, kTime);
  EXPECT_EQ(log_, "info: " + mapping_line(true, "edge", session(), kOutside, kTime, false) + "\n" +
                      R"(info: {"time":"2026-11-26T12:24:03.123Z","event":"lost","instance":"edge",)"
                      "\"events\":7}\n");
}

TEST_F(DaemonMappingWriter, lines_are_appended_to_a_file_that_others_cannot_read) {
  std::ofstream(file()) << "before\n";
  MappingWriter writer("edge", config(), say_);
  writer.write(true, session(), kOutside, kTime);
  writer.write(false, session(), kOutside, kTime);
  writer.flush(kTime);
  EXPECT_EQ(text(file()), "before\n" + mapping_line(true, "edge", session(), kOutside, kTime, false) + "\n" +
                              mapping_line(false, "edge", session(), kOutside, kTime, false) + "\n");
  EXPECT_EQ(log_, "");
  MappingLogConfig other = config();
  other.file = directory_ / "new.json";
  MappingWriter made("edge", other, say_);
  struct stat status{};
  ASSERT_EQ(stat(other.file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07, 0u);
}

TEST_F(DaemonMappingWriter, lost_events_are_told_in_the_file_and_in_the_log) {
  MappingWriter writer("edge", config(), say_);
  writer.lost(7, kTime);
  writer.flush(kTime);
  EXPECT_EQ(text(file()), loss_line("edge", "events", 7, kTime) + "\n");
  EXPECT_EQ(log_,
            "warning: [nat64.edge] the mapping log lacks 7 events of connection tracking, which came faster "
            "than they were read\n");
}

TEST_F(DaemonMappingWriter, a_file_that_cannot_be_opened_is_named) {
  MappingLogConfig wrong = config();
  wrong.file = directory_ / "missing" / "log.json";
  try {
    MappingWriter writer("edge", wrong, say_);
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(error.what(), "cannot open " + wrong.file + ": No such file or directory");
  }
}

// As on a full disk: the file may not grow beyond a limit.
TEST_F(DaemonMappingWriter, what_a_full_disk_takes_is_counted_and_no_line_is_torn) {
  rlimit former{};
  getrlimit(RLIMIT_FSIZE, &former);
  const auto on_signal = std::signal(SIGXFSZ, SIG_IGN);
  const std::string line = mapping_line(true, "edge", session(), kOutside, kTime, false);
  MappingWriter writer("edge", config(), say_);
  const rlimit small{line.size() * 3 / 2, former.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  const size_t fit = LineFile::kMostWaiting / (line.size() + 1) + 1;
  for (size_t i = 0; i < fit + 100; i++) writer.write(true, session(), kOutside, kTime);
  writer.flush(kTime);
  EXPECT_THAT(log_, HasSubstr("cannot be written")) << "at once";
  writer.flush(kTime);
  setrlimit(RLIMIT_FSIZE, &former);
  writer.flush(kTime);
  std::signal(SIGXFSZ, on_signal);
  std::istringstream lines(text(file()));
  size_t whole = 0;
  std::string last;
  for (std::string one; std::getline(lines, one); last = one) whole += one == line;
  const auto loss = nlohmann::json::parse(last);
  EXPECT_EQ(loss["event"], "lost");
  EXPECT_EQ(whole + loss["lines"].get<size_t>(), fit + 100);
  EXPECT_GT(loss["lines"], 90);
  writer.flush(kTime);
  EXPECT_EQ(log_, "error: [nat64.edge] the mapping log " + file().string() +
                      " cannot be written: File too large\n"
                      "warning: [nat64.edge] the mapping log can be written again, and lacks " +
                      std::to_string(loss["lines"].get<size_t>()) + " lines\n")
      << "each once";
}

}  // namespace
}  // namespace ipxlat
