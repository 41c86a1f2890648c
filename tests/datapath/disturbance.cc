// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/disturbance.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <atomic>
#include <cstdio>
#include <new>
#include <stdexcept>

#include "tests/datapath/upheaval.h"

namespace ipxlat::test {
namespace {

constexpr uint64_t kStream = ~uint64_t{0};  // of random numbers: none that a packet has

}  // namespace

struct Disturbance::Shared {
  std::atomic<uint64_t> steps;
};

namespace {

void disturb(const std::vector<std::unique_ptr<Arena>>& arenas, const Corpus& corpus, uint64_t seed,
             int prods, std::atomic<uint64_t>& steps) {
  std::vector<std::unique_ptr<Upheaval>> upheavals;
  for (const auto& arena : arenas) upheavals.push_back(std::make_unique<Upheaval>(*arena, corpus));
  Random random(seed, kStream);
  for (char byte; read(prods, &byte, 1) == 1; steps++) random.of(upheavals)->step(random);
}

}  // namespace

Disturbance::Disturbance(const std::vector<std::unique_ptr<Arena>>& arenas, const Corpus& corpus,
                         uint64_t seed) {
  void* memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) require(-1, "mmap");
  shared_ = new (memory) Shared{};
  int ends[2];
  require(pipe2(ends, O_CLOEXEC), "pipe");
  FileDescriptor read_end(ends[0], "pipe");
  prods_ = std::make_unique<FileDescriptor>(ends[1], "pipe");
  require(fcntl(ends[1], F_SETFL, O_NONBLOCK), "pipe");
  process_ = fork();
  require(process_, "fork");
  if (process_ > 0) return;
  prods_.reset();
  int status = 0;
  try {
    disturb(arenas, corpus, seed, read_end.get(), shared_->steps);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "the disturbance ended: %s\n", error.what());
    status = 1;
  }
  _exit(status);
}

Disturbance::~Disturbance() {
  prods_.reset();
  waitpid(process_, nullptr, 0);
  munmap(shared_, sizeof(Shared));
}

void Disturbance::prod() {
  if (write(prods_->get(), "", 1) < 0 && errno != EAGAIN)
    throw std::runtime_error("the process that disturbs has ended");
}

uint64_t Disturbance::steps() const { return shared_->steps; }

}  // namespace ipxlat::test
