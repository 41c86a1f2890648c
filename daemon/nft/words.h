// SPDX-License-Identifier: GPL-2.0-only
// libnftnl's objects in words that tell apart what does different things, and nothing else: no handles, no
// counts, no names of anonymous sets.
#ifndef IPXLAT_DAEMON_NFT_WORDS_H
#define IPXLAT_DAEMON_NFT_WORDS_H

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

struct nftnl_chain;
struct nftnl_flowtable;
struct nftnl_obj;
struct nftnl_rule;
struct nftnl_set;

namespace ipxlat::nft {

std::string words(const nftnl_chain* chain);
std::string words(const nftnl_flowtable* flowtable);
std::string words(nftnl_obj* object);
std::string words(const nftnl_set* set);

// In the order in which they are in the object.
std::vector<std::string> devices(const nftnl_flowtable* flowtable);

// Sorted. `set` stays as it is.
std::vector<std::string> element_words(nftnl_set* set);

// With its comment. `anonymous` tells what is in the set of that name, which begins with "__". Sets the
// counts in `rule` to 0.
std::string words(nftnl_rule* rule, const std::function<std::string(const std::string&)>& anonymous);

// The text in the user data of a table or rule.
std::string comment_of(const void* data, uint32_t length);

}  // namespace ipxlat::nft

#endif
