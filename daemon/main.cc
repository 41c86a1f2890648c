// SPDX-License-Identifier: GPL-2.0-only
#include <net/if.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/discovery/advertisements.h"
#include "daemon/discovery/name_questions.h"
#include "daemon/kernel/device_watch.h"
#include "daemon/kernel/netlink_kernel.h"
#include "daemon/kernel/watch.h"
#include "daemon/metrics/numbers.h"
#include "daemon/service/clock.h"
#include "daemon/service/control_socket.h"
#include "daemon/service/event_loop.h"
#include "daemon/service/log.h"
#include "daemon/service/machine_secret.h"
#include "daemon/service/mapping_log.h"
#include "daemon/service/metrics_listener.h"
#include "daemon/service/rehearsal.h"
#include "daemon/service/service.h"
#include "daemon/service/state_dir.h"
#include "daemon/service/systemd.h"
#include "lib/conversation.h"
#include "lib/namespace_lock.h"

namespace {

using namespace ipxlat;

constexpr int kUsage = 2;

struct Options {
  std::filesystem::path config;
  bool check = false;
  bool dry_run = false;
  bool reload = false;
  std::string log_level = "info";
};

std::vector<std::filesystem::path> config_files(const Options& options) {
  if (!options.config.empty()) return {options.config};
  auto files = default_config_files();
  if (files.empty())
    throw ConfigError({"there is neither /etc/ipxlat/ipxlatd.toml nor a file /etc/ipxlat/conf.d/*.toml"});
  return files;
}

template <class T>
T value_or_throw(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text);
  return std::move(*result);
}

int check(const Options& options) {
  const Config config = load_config(config_files(options));
  std::cout << "the configuration is valid, with " << config.size()
            << (config.size() == 1 ? " instance\n" : " instances\n");
  return EXIT_SUCCESS;
}

uint32_t index_of(const std::string& link) { return if_nametoindex(link.c_str()); }

int dry_run(const Options& options) {
  const Config config = load_config(config_files(options));
  NetlinkKernel kernel;
  const auto made = StateDir::load_made(StateDir::default_path());
  const auto learnt = StateDir::load_learnt(StateDir::default_path(), index_of);
  for (const auto& line : value_or_throw(rehearse(config, kernel, made, learnt, machine_secret())))
    std::cout << line << '\n';
  return EXIT_SUCCESS;
}

std::vector<metrics::Family> count(const std::vector<Report>& reports) {
  std::vector<metrics::Instance> instances;
  for (const auto& report : reports) instances.push_back({report.unit_id(), word(report.state)});
  return metrics::families(metrics::read_numbers(std::move(instances), true));
}

// It is tried again, and what is wrong is told once.
void tell_of_asking(const std::string& why) {
  static std::string told;
  if (std::exchange(told, why) != why && !why.empty()) log_warning(why);
}

int serve(const Options& options) {
  EventLoop::hold_signals();
  const NamespaceLock lock = value_or_throw(NamespaceLock::take());
  NetlinkKernel kernel;
  Watch network = value_or_throw(Watch::network());
  Watch nftables = value_or_throw(Watch::nftables());
  DeviceWatch devices = value_or_throw(DeviceWatch::open());
  // whoever may not read the kernel's state cannot be of use
  value_or_throw(kernel.read({}));
  StateDir state(StateDir::default_path());
  ControlSocket control(state.path());
  Reconciler reconciler(kernel, machine_secret(),
                        Ledger(StateDir::load_made(state.path()),
                               [&state](const MadeResources& made) { return state.save_made(made); }),
                        ipxlat::log);
  MetricsListener listener(count);
  BootClock clock;
  MappingLog mappings(clock);
  Advertisements advertisements = value_or_throw(Advertisements::open(tell_of_asking));
  NameQuestions questions = value_or_throw(NameQuestions::open());
  const Knowledge learnt = StateDir::load_learnt(state.path(), index_of);
  advertisements.remember(learnt.advertised, clock.now());
  questions.remember(learnt.resolved);
  const std::vector<Source*> sources{&network, &nftables, &devices, &mappings, &advertisements, &questions};
  Service service(reconciler, sources, clock,
                  {[&] {
                     Config config = load_config(config_files(options));
                     mappings.use(config.nat64);
                     listener.want(config.metrics_listen);
                     return config;
                   },
                   [&](const std::vector<Report>& reports) {
                     auto saved = state.publish(reports);
                     auto served = listener.publish(reports);
                     return saved ? served : saved;
                   },
                   tell_systemd, StateDir::load_drained(state.path()),
                   [&state](const Service::Drained& names) { return state.save_drained(names); },
                   [&](const Discovery& wanted, Time now) {
                     advertisements.want(wanted.links, now);
                     questions.want(wanted.by_name, now);
                   },
                   read_table_use});
  EventLoop loop(service, sources, control);
  service.start();
  loop.run();
  const auto left = service.stop();
  for (const auto& one : left) log_error("left: " + one);
  if (!left.empty()) return EXIT_FAILURE;
  state.clear();
  return EXIT_SUCCESS;
}

int reload() {
  if (auto done = ask_daemon(StateDir::default_path(), kReload); !done)
    throw std::runtime_error(done.error().text);
  return EXIT_SUCCESS;
}

int run(const Options& options) {
  if (options.reload) return reload();
  if (options.check) return check(options);
  if (options.dry_run) return dry_run(options);
  return serve(options);
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Runs the NAT64, CLAT, SIIT and NAT46 instances of a configuration; see ipxlatd(8).",
               "ipxlatd");
  app.set_version_flag("--version", "ipxlatd " IPXLAT_VERSION);
  auto* config =
      app.add_option("--config", options.config,
                     "this file instead of /etc/ipxlat/ipxlatd.toml and /etc/ipxlat/conf.d/*.toml");
  auto* checking =
      app.add_flag("--check", options.check, "only read the configuration and say whether it is valid");
  auto* rehearsing =
      app.add_flag("--dry-run", options.dry_run, "only say what would be done")->excludes(checking);
  app.add_flag("--reload", options.reload,
               "have the daemon that runs read its configuration again, and say what came of it")
      ->excludes(checking)
      ->excludes(rehearsing)
      ->excludes(config);
  app.add_option("--log-level", options.log_level, "debug, info (the default), warning, error or off")
      ->check(CLI::IsMember({"debug", "info", "warning", "error", "off"}));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? EXIT_SUCCESS : kUsage;
  }
  try {
    set_up_log(options.log_level);
    return run(options);
  } catch (const std::exception& error) {
    // mistakes of a configuration, a line each
    std::istringstream sentences(error.what());
    for (std::string one; std::getline(sentences, one);) log_error(one);
    return EXIT_FAILURE;
  }
}
