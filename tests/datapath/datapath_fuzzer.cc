// SPDX-License-Identifier: GPL-2.0-only
// Sends mutated packets into arenas, disturbs these meanwhile, and keeps the accounts.
#include <getopt.h>

#include <chrono>
#include <cinttypes>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <optional>
#include <random>

#include "tests/datapath/corpus.h"
#include "tests/datapath/disturbance.h"
#include "tests/datapath/lane.h"
#include "tests/datapath/namespace.h"
#include "tests/datapath/witness.h"

namespace ipxlat::test {
namespace {

constexpr const char* kUsage =
    "usage: datapath_fuzzer [OPTION...] DIRECTORY\n"
    "Sends packets made from the vectors of the directory through ipxlat devices, in every way a packet can\n"
    "come, while the devices change, come and go. Needs root on a machine that is there for it.\n"
    "  --seconds N   time to run, 60 unless given\n"
    "  --seed N      the packets of the run that said so\n"
    "  --first N     number of the first packet, 0 unless given\n"
    "  --packets N   at most so many\n"
    "  --source NAME that way only\n"
    "  --calm        change nothing meanwhile\n"
    "Exit status 0: nothing found, 1: something was, 2: it could not run.\n";

// packets
constexpr uint64_t kEpoch = 500;  // that one configuration is meant for
constexpr uint64_t kProd = 100;   // between two disturbances
constexpr uint64_t kLook = 16;    // between two looks at what came out

constexpr auto kProgress = std::chrono::seconds(10);

// Streams of random numbers that are not those of packets.
constexpr uint64_t kEpochStream = uint64_t{1} << 63;

double seconds(std::chrono::steady_clock::duration time) {
  return std::chrono::duration<double>(time).count();
}

struct FuzzOptions {
  std::string vectors;  // their directory
  uint64_t seed = 0;
  uint64_t seconds = 60;  // time to run
  uint64_t first = 0;     // number of the first packet
  uint64_t packets = 0;   // how many; 0: as many as there is time for
  std::string source;     // the name of the only one to use; empty: all
  bool calm = false;      // disturb nothing
};

// Packet number N is the same in every run with the same seed, and so are its source and the configuration
// that its device is given; what the disturbance has done by then is not.
class Fuzzer {
 public:
  // std::runtime_error, here and below: the kernel refuses something that it must not.
  explicit Fuzzer(const FuzzOptions& options);

  // True if nothing was found. Says how it gets on every ten seconds, and last what became of the packets.
  bool run();

 private:
  using Clock = std::chrono::steady_clock;

  bool over(uint64_t number) const;
  void begin_epoch(uint64_t number);
  void inject(uint64_t number);
  bool found(uint64_t number);
  void tell_totals(uint64_t number) const;
  void tell_progress(uint64_t number);
  bool summarise() const;

  FuzzOptions options_;
  Corpus corpus_;
  KernelWatch kernel_;
  std::vector<std::unique_ptr<Arena>> arenas_;
  std::vector<std::unique_ptr<Lane>> lanes_;  // one an arena
  std::optional<Disturbance> disturbance_;
  Clock::time_point begin_;
  Clock::time_point told_;
};

Fuzzer::Fuzzer(const FuzzOptions& options) : options_(options), corpus_(options.vectors) {
  set_sysctl("net/netfilter/nf_conntrack_max", "65536");
  arenas_.push_back(std::make_unique<Arena>("fuzz-plain", false));
  arenas_.push_back(std::make_unique<Arena>("fuzz-nat", true));
  if (!options.calm) disturbance_.emplace(arenas_, corpus_, options.seed);
  for (const auto& arena : arenas_) lanes_.push_back(std::make_unique<Lane>(*arena, corpus_, options.source));
}

bool Fuzzer::over(uint64_t number) const {
  if (options_.packets && number - options_.first >= options_.packets) return true;
  // what the time is costs a system call
  return number % kLook == 0 && Clock::now() - begin_ >= std::chrono::seconds(options_.seconds);
}

void Fuzzer::begin_epoch(uint64_t number) {
  uint64_t epoch = number / kEpoch;
  KernelWatch::mark("datapath_fuzzer: packet " + std::to_string(number));
  for (size_t i = 0; i < lanes_.size(); i++) {
    Random random(options_.seed, kEpochStream + epoch * lanes_.size() + i);
    lanes_[i]->collect();
    lanes_[i]->begin_epoch(random);
  }
}

void Fuzzer::inject(uint64_t number) {
  Random random(options_.seed, number);
  random.of(lanes_)->inject(random);
}

bool Fuzzer::found(uint64_t number) {
  std::string finding;
  for (const auto& lane : lanes_)
    if (!lane->witness().finding().empty()) finding = lane->arena().name() + ", " + lane->witness().finding();
  if (kernel_.has_complained()) finding = "the kernel complained; its log says of what";
  if (finding.empty()) return false;
  uint64_t least = number > options_.first + kEpoch ? (number / kEpoch - 1) * kEpoch : options_.first;
  std::printf("FOUND: %s\nreplay: --seed %" PRIu64 " --first %" PRIu64 " --packets %" PRIu64 "\n",
              finding.c_str(), options_.seed, least, number + 1 - least);
  return true;
}

// "90 s: 123 packets, 45 translated, ..."
void Fuzzer::tell_totals(uint64_t number) const {
  uint64_t translated = 0, dropped = 0, seen = 0;
  for (const auto& lane : lanes_) {
    translated += lane->tally().translated();
    dropped += lane->tally().dropped();
    seen += lane->witness().seen();
  }
  std::printf("%5.0f s: %" PRIu64 " packets, %" PRIu64 " translated, %" PRIu64 " dropped, %" PRIu64
              " seen coming out, %" PRIu64 " disturbances\n",
              seconds(Clock::now() - begin_), number - options_.first, translated, dropped, seen,
              disturbance_ ? disturbance_->steps() : 0);
  std::fflush(stdout);
}

void Fuzzer::tell_progress(uint64_t number) {
  if (Clock::now() - told_ < kProgress) return;
  told_ = Clock::now();
  tell_totals(number);
}

bool Fuzzer::run() {
  begin_ = told_ = Clock::now();
  uint64_t number = options_.first;
  begin_epoch(number);
  bool clean = true;
  for (; clean && !over(number); number++) {
    if (number % kEpoch == 0) begin_epoch(number);
    if (disturbance_ && number % kProd == 0) disturbance_->prod();
    inject(number);
    if (number % kLook) continue;
    for (const auto& lane : lanes_) lane->witness().look();
    clean = !found(number);
    tell_progress(number);
  }
  for (const auto& lane : lanes_) {
    lane->witness().look();
    lane->collect();
  }
  clean = clean && !found(number);
  bool worked = summarise();
  tell_totals(number);
  return clean && worked;
}

// False if something has not been tried at all, though it had the time.
bool Fuzzer::summarise() const {
  bool good = true;
  for (const auto& lane : lanes_) {
    std::printf("%s: %" PRIu64 " translated, %" PRIu64 " dropped, %" PRIu64 " seen coming out\n",
                lane->arena().name().c_str(), lane->tally().translated(), lane->tally().dropped(),
                lane->witness().seen());
    for (const Lane::Account& account : lane->accounts()) {
      std::printf("  %10" PRIu64 " in by %s, %" PRIu64 " refused\n", account.injected,
                  account.source->name().c_str(), account.refused);
      good = good && account.injected > 0;
    }
    for (const auto& [reason, packets] : lane->tally().by_reason())
      if (packets > 0) std::printf("  %10" PRIu64 " %s\n", packets, reason.c_str());
    good = good && lane->tally().translated() > 0 && lane->witness().seen() > 0;
  }
  if (good || options_.packets) return true;  // a replay need not be a mix
  std::printf("FOUND: a source that got nothing in, or an arena that got nothing through\n");
  return false;
}

uint64_t random_seed() { return std::random_device()() % 1000000000; }

bool read_number(const char* text, uint64_t& out) {
  int length = 0;
  return std::sscanf(text, "%" SCNu64 "%n", &out, &length) == 1 && !text[length];
}

// False after a mistake.
bool read_options(int argc, char** argv, FuzzOptions& options) {
  static const option kOptions[] = {{"seconds", required_argument, nullptr, 's'},
                                    {"seed", required_argument, nullptr, 'r'},
                                    {"first", required_argument, nullptr, 'f'},
                                    {"packets", required_argument, nullptr, 'p'},
                                    {"source", required_argument, nullptr, 'o'},
                                    {"calm", no_argument, nullptr, 'c'},
                                    {}};
  options.seed = random_seed();
  bool good = true;
  for (int which; (which = getopt_long(argc, argv, "", kOptions, nullptr)) >= 0 && good;) {
    if (which == 's') good = read_number(optarg, options.seconds);
    if (which == 'r') good = read_number(optarg, options.seed);
    if (which == 'f') good = read_number(optarg, options.first);
    if (which == 'p') good = read_number(optarg, options.packets);
    if (which == 'o') options.source = optarg;
    if (which == 'c') options.calm = true;
    if (which == '?') return false;
    if (!good) std::fprintf(stderr, "datapath_fuzzer: '%s' is not a number\n", optarg);
  }
  if (!good || optind + 1 != argc) return false;
  options.vectors = argv[optind];
  return true;
}

}  // namespace
}  // namespace ipxlat::test

int main(int argc, char** argv) {
  ipxlat::test::FuzzOptions options;
  if (!ipxlat::test::read_options(argc, argv, options)) {
    std::fputs(ipxlat::test::kUsage, stderr);
    return 2;
  }
  std::signal(SIGPIPE, SIG_IGN);
  try {
    std::printf("datapath_fuzzer: --seed %" PRIu64 "\n", options.seed);
    std::fflush(stdout);
    return ipxlat::test::Fuzzer(options).run() ? 0 : 1;
  } catch (const std::exception& error) {
    std::printf("datapath_fuzzer: %s\n", error.what());
    return 2;
  }
}
