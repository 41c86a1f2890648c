// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/service/state_dir.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "daemon/service/ledger.h"

namespace ipxlat {
namespace {

constexpr const char* kState = "state.json";
constexpr const char* kMade = "made.json";
constexpr const char* kDrained = "drained";  // a name a line
constexpr const char* kLock = "lock";

// What the instance does not have is left out.
nlohmann::ordered_json to_json(const Report& report) {
  nlohmann::ordered_json json = {{"name", report.name},
                                 {"kind", report.kind},
                                 {"device", report.device},
                                 {"state", word(report.state)},
                                 {"why", report.why}};
  const auto add = [&](const char* key, const auto& value) {
    if (!value.empty()) json[key] = value;
  };
  add("pref64", report.pref64);
  add("pref64_from", report.pref64_from);
  if (report.pref64_until) {
    const auto since_boot = report.pref64_until->time_since_epoch();
    json["pref64_until"] = std::chrono::duration_cast<std::chrono::seconds>(since_boot).count();
  }
  add("routes4", report.routes4);
  add("pool4", report.pool4);
  add("pool6", report.pool6);
  add("mode", report.mode);
  if (report.max_flows) json["max_flows"] = *report.max_flows;
  add("address6", report.address6);
  add("address6_mode", report.address6_mode);
  add("local4", report.local4);
  json["uplinks"] = report.uplinks;
  json["downlinks"] = report.downlinks;
  json["warnings"] = report.warnings;
  return json;
}

// "2026-11-26T12:00:00Z"
std::string utc(time_t time) {
  tm parts{};
  gmtime_r(&time, &parts);
  char text[sizeof "2026-11-26T12:00:00Z" + 8];
  return {text, std::strftime(text, sizeof text, "%FT%TZ", &parts)};
}

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what + ": " + std::strerror(errno));
}

}  // namespace

std::string state_text(const std::vector<Report>& reports, int pid, time_t since) {
  nlohmann::ordered_json instances = nlohmann::ordered_json::array();
  for (const auto& report : reports) instances.push_back(to_json(report));
  return nlohmann::ordered_json{{"version", 1}, {"pid", pid}, {"since", utc(since)}, {"instances", instances}}
             .dump(2) +
         "\n";
}

StateDir::StateDir(std::filesystem::path path) : path_(std::move(path)) {
  std::error_code error;
  std::filesystem::create_directories(path_, error);
  if (error) throw std::runtime_error("cannot make " + path_.string() + ": " + error.message());
  const std::string lock = path_ / kLock;
  lock_ = open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock_ < 0) fail("cannot open " + lock);
  if (flock(lock_, LOCK_EX | LOCK_NB) == 0) return;
  const int code = errno;
  close(lock_);
  if (code == EWOULDBLOCK) throw std::runtime_error("another ipxlatd runs with " + path_.string());
  errno = code;
  fail("cannot lock " + lock);
}

StateDir::~StateDir() { close(lock_); }

std::filesystem::path StateDir::default_path() {
  const char* given = std::getenv("RUNTIME_DIRECTORY");
  return given && *given ? given : "/run/ipxlat";
}

MadeResources StateDir::load_made(const std::filesystem::path& path) {
  std::ifstream in(path / kMade);
  if (!in) return {};
  std::ostringstream text;
  text << in.rdbuf();
  try {
    return parse_made(text.str());
  } catch (const std::runtime_error& error) {
    throw std::runtime_error((path / kMade).string() + " is damaged: " + error.what());
  }
}

Result<void> StateDir::save_made(const MadeResources& made) { return write(kMade, made_text(made)); }

std::set<std::string> StateDir::load_drained(const std::filesystem::path& path) {
  std::ifstream in(path / kDrained);
  std::set<std::string> names;
  for (std::string name; std::getline(in, name);) names.insert(name);
  return names;
}

Result<void> StateDir::save_drained(const std::set<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += name + "\n";
  return write(kDrained, text);
}

Knowledge StateDir::load_learnt(const std::filesystem::path& path,
                                const std::function<uint32_t(const std::string&)>& index_of) {
  Knowledge learnt;
  std::ifstream in(path / kState);
  const auto state = nlohmann::json::parse(in, nullptr, false);
  try {
    for (const auto& report : state.at("instances")) {
      if (!report.contains("pref64_until")) continue;
      const uint32_t ifindex = index_of(report.at("uplinks").at(0).get<std::string>());
      if (ifindex == 0) continue;
      const LearntPrefix prefix{ifindex, parse_prefix6(report.at("pref64").get<std::string>()),
                                Time(std::chrono::seconds(report.at("pref64_until").get<int64_t>()))};
      (report.at("pref64_from") == kFromDns ? learnt.resolved : learnt.advertised).push_back(prefix);
    }
  } catch (const std::exception&) {
    return {};
  }
  return learnt;
}

Result<void> StateDir::publish(const std::vector<Report>& reports) {
  std::string text = state_text(reports, getpid(), since_);
  if (text == published_) return {};
  auto done = write(kState, text);
  if (done) published_ = std::move(text);
  return done;
}

void StateDir::clear() {
  for (const char* name : {kState, kMade, kDrained, kLock}) {
    std::error_code ignored;
    std::filesystem::remove(path_ / name, ignored);
  }
  published_.clear();
}

Result<void> StateDir::write(const char* name, const std::string& text) {
  const std::filesystem::path temporary = path_ / (std::string(name) + ".new");
  std::ofstream out(temporary, std::ios::trunc);
  out << text << std::flush;
  out.close();
  std::error_code error;
  if (!out) error.assign(errno ? errno : EIO, std::generic_category());
  if (!error) std::filesystem::rename(temporary, path_ / name, error);
  if (error)
    return NetlinkError{error.value(), "cannot write " + (path_ / name).string() + ": " + error.message()};
  return {};
}

}  // namespace ipxlat
