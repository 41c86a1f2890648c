// SPDX-License-Identifier: GPL-2.0-only
// From plain values to libnftnl's objects. All throw std::bad_alloc.
#ifndef IPXLAT_DAEMON_NFT_ENCODE_H
#define IPXLAT_DAEMON_NFT_ENCODE_H

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "daemon/nft/encode_expression.h"
#include "daemon/nft/handle.h"
#include "daemon/nft/table.h"

struct nftnl_chain;
struct nftnl_flowtable;
struct nftnl_obj;
struct nftnl_rule;
struct nftnl_set;
struct nftnl_table;

namespace ipxlat::nft {

// The comment that marks a table as ours.
Handle<nftnl_table> encode(const Table& table);

Handle<nftnl_chain> encode(const Table& table, const Chain& chain);
Handle<nftnl_flowtable> encode(const Table& table, const Flowtable& flowtable);
Handle<nftnl_obj> encode(const Table& table, const Object& object);

// `refer` says what is to stand for the set of a Lookup.
Handle<nftnl_rule> encode(const Table& table, const Chain& chain, const Rule& rule,
                          const std::function<SetReference(const Set&)>& refer);

// Without elements.
Handle<nftnl_set> encode(const Table& table, const NamedSet& set);
Handle<nftnl_set> encode_anonymous(const Table& table, const Set& set, uint32_t id);

// An element, or for intervals where each begins and, flagged, where it has ended.
struct Boundary {
  const Element* element;
  Bytes key;
  bool ends;
};
std::vector<Boundary> boundaries(const Set& set);

// Appends to `set`.
void add_element(nftnl_set* set, const Boundary& boundary);

}  // namespace ipxlat::nft

#endif
