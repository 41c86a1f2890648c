// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/conntrack/event_filter.h"

#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include <cstring>

namespace ipxlat::conntrack {
namespace {

using Program = std::vector<sock_filter>;

constexpr uint32_t kAll = 0xffffffff;

void statement(Program& program, int code, uint32_t value) {
  program.push_back(BPF_STMT(static_cast<uint16_t>(code), value));
}

// X becomes where an attribute of a tuple begins in the message.
void locate(Program& program, uint32_t tuple, uint32_t address) {
  statement(program, BPF_LD | BPF_IMM, NLMSG_LENGTH(sizeof(nfgenmsg)));
  statement(program, BPF_LDX | BPF_IMM, tuple);
  statement(program, BPF_LD | BPF_W | BPF_ABS, static_cast<uint32_t>(SKF_AD_OFF + SKF_AD_NLATTR));
  for (const uint32_t type : {uint32_t{CTA_TUPLE_IP}, address}) {
    statement(program, BPF_LDX | BPF_IMM, type);
    statement(program, BPF_LD | BPF_W | BPF_ABS, static_cast<uint32_t>(SKF_AD_OFF + SKF_AD_NLATTR_NEST));
  }
  statement(program, BPF_MISC | BPF_TAX, 0);
}

// Passes an address at X of which the first `length` bits are these.
void pass_if_in(Program& program, const void* prefix, unsigned length) {
  const unsigned words = (length + 31) / 32;
  for (unsigned i = 0; i < words; i++) {
    const unsigned bits = length - 32 * i;
    const uint32_t mask = bits >= 32 ? kAll : kAll << (32 - bits);
    uint32_t word;
    std::memcpy(&word, static_cast<const char*>(prefix) + 4 * i, sizeof word);
    // three a word, and the end of the block
    const auto rest = static_cast<uint8_t>(3 * (words - 1 - i) + 1);
    statement(program, BPF_LD | BPF_W | BPF_IND, NLA_HDRLEN + 4 * i);
    statement(program, BPF_ALU | BPF_AND | BPF_K, mask);
    program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ntohl(word) & mask, 0, rest));
  }
  statement(program, BPF_RET | BPF_K, kAll);
}

Program six(const std::vector<Prefix6>& remote) {
  Program program;
  for (const uint32_t end : {CTA_IP_V6_DST, CTA_IP_V6_SRC}) {
    locate(program, CTA_TUPLE_ORIG, end);
    for (const auto& prefix : remote) pass_if_in(program, &prefix.address, prefix.length);
  }
  statement(program, BPF_RET | BPF_K, 0);
  return program;
}

// What is answered from inside was begun outside.
Program four(const std::vector<Prefix4>& inside) {
  Program program;
  for (const uint32_t tuple : {CTA_TUPLE_ORIG, CTA_TUPLE_REPLY}) {
    locate(program, tuple, CTA_IP_V4_SRC);
    for (const auto& prefix : inside) pass_if_in(program, &prefix.address, prefix.length);
  }
  statement(program, BPF_RET | BPF_K, 0);
  return program;
}

}  // namespace

std::vector<sock_filter> event_filter(const std::vector<Prefix6>& remote,
                                      const std::vector<Prefix4>& inside) {
  const Program of_six = six(remote);
  const Program of_four = four(inside);
  Program program;
  statement(program, BPF_LD | BPF_B | BPF_ABS, NLMSG_HDRLEN);  // nfgen_family
  program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_INET6, 1, 0));
  statement(program, BPF_JMP | BPF_JA, static_cast<uint32_t>(of_six.size()));
  program.insert(program.end(), of_six.begin(), of_six.end());
  program.insert(program.end(), of_four.begin(), of_four.end());
  return program;
}

}  // namespace ipxlat::conntrack
