// SPDX-License-Identifier: GPL-2.0-only
// What the doctor asks of a resolver, which is one of the test's own.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "tools/ipxlatctl/doctor/observe.h"

namespace ipxlat::ctl::doctor {
namespace {

using Bytes = std::vector<uint8_t>;

// Answers one question with these records, or lets it wait.
class FakeResolver {
 public:
  explicit FakeResolver(std::optional<Bytes> records, uint8_t count = 0, uint8_t code = 0)
      : socket_(::socket(AF_INET, SOCK_DGRAM, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(bind(socket_, reinterpret_cast<sockaddr*>(&address_), sizeof address_), 0);
    socklen_t length = sizeof address_;
    getsockname(socket_, reinterpret_cast<sockaddr*>(&address_), &length);
    if (records)
      thread_ = std::thread([this, records = *records, count, code] { answer(records, count, code); });
  }
  ~FakeResolver() {
    if (thread_.joinable()) thread_.join();
    close(socket_);
  }
  FakeResolver(const FakeResolver&) = delete;
  FakeResolver& operator=(const FakeResolver&) = delete;

  Result<std::vector<in6_addr>> ask() const { return ask_resolver(address_); }
  const Bytes& question() const { return question_; }

 private:
  void answer(const Bytes& records, uint8_t count, uint8_t code) {
    pollfd wait{socket_, POLLIN, 0};
    if (poll(&wait, 1, 10000) != 1) return;
    sockaddr_in from{};
    socklen_t length = sizeof from;
    uint8_t buffer[512];
    const ssize_t got =
        recvfrom(socket_, buffer, sizeof buffer, 0, reinterpret_cast<sockaddr*>(&from), &length);
    question_.assign(buffer, buffer + std::max<ssize_t>(got, 0));
    Bytes reply(question_.begin(), question_.begin() + 12 + 15 + 4);  // header, ipv4only.arpa, type and class
    reply[2] |= 0x80;
    reply[3] = static_cast<uint8_t>(0x80 | code);
    reply[7] = count;
    reply[9] = reply[11] = 0;
    reply.insert(reply.end(), records.begin(), records.end());
    sendto(socket_, reply.data(), reply.size(), 0, reinterpret_cast<sockaddr*>(&from), length);
  }

  int socket_;
  sockaddr_in address_{};
  Bytes question_;
  std::thread thread_;
};

// A record of the name that was asked for.
Bytes record(uint8_t type, const Bytes& data) {
  Bytes bytes = {0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, static_cast<uint8_t>(data.size())};
  bytes.insert(bytes.end(), data.begin(), data.end());
  return bytes;
}

Bytes bytes_of(const char* address) {
  const in6_addr parsed = parse_address6(address);
  return {parsed.s6_addr, parsed.s6_addr + sizeof parsed};
}

TEST(DoctorAskResolver, AsksForTheAddressesOfIpv4onlyArpa) {
  FakeResolver resolver(record(28, bytes_of("64:ff9b::c000:aa")), 1);
  auto addresses = resolver.ask();
  ASSERT_TRUE(addresses) << addresses.error().text;
  ASSERT_EQ(addresses->size(), 1u);
  EXPECT_EQ(to_string(addresses->front()), "64:ff9b::c000:aa");
  const std::string question(resolver.question().begin(), resolver.question().end());
  EXPECT_THAT(question, testing::HasSubstr(std::string("\x08ipv4only\x04"
                                                       "arpa\0\0\x1c\0\x01",
                                                       19)));
}

TEST(DoctorAskResolver, TakesIpv6AddressesAlone) {
  Bytes records = record(1, {192, 0, 0, 170});
  for (const char* address : {"64:ff9b::c000:aa", "64:ff9b::c000:ab"}) {
    const Bytes one = record(28, bytes_of(address));
    records.insert(records.end(), one.begin(), one.end());
  }
  FakeResolver resolver(records, 3);
  auto addresses = resolver.ask();
  ASSERT_TRUE(addresses) << addresses.error().text;
  EXPECT_EQ(addresses->size(), 2u);
}

TEST(DoctorAskResolver, ThatThereIsNoneIsAnAnswer) {
  for (uint8_t code : {0, 3}) {
    FakeResolver resolver(Bytes(), 0, code);
    auto addresses = resolver.ask();
    ASSERT_TRUE(addresses) << addresses.error().text;
    EXPECT_TRUE(addresses->empty());
  }
}

TEST(DoctorAskResolver, AnAnswerThatIsCutShortIsReadAsFarAsItGoes) {
  Bytes records = record(28, bytes_of("64:ff9b::c000:aa"));
  records.resize(records.size() - 1);
  FakeResolver resolver(records, 1);
  auto addresses = resolver.ask();
  EXPECT_TRUE(!addresses || addresses->empty());
}

TEST(DoctorAskResolver, OneThatIsSilentIsNotWaitedForLong) {
  FakeResolver resolver(std::nullopt);
  const auto begin = std::chrono::steady_clock::now();
  auto addresses = resolver.ask();
  ASSERT_FALSE(addresses);
  EXPECT_EQ(addresses.error().text, "the resolver of this host does not answer");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(3));
}

}  // namespace
}  // namespace ipxlat::ctl::doctor
