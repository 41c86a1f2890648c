// SPDX-License-Identifier: GPL-2.0-only
// Ownership of libnftnl's objects.
#ifndef IPXLAT_DAEMON_NFT_HANDLE_H
#define IPXLAT_DAEMON_NFT_HANDLE_H

#include <memory>
#include <new>

namespace ipxlat::nft {

template <class T>
using Handle = std::unique_ptr<T, void (*)(const T*)>;

// `object` is what an allocation came back with. std::bad_alloc.
template <class T>
Handle<T> own(T* object, void (*release)(const T*)) {
  if (!object) throw std::bad_alloc();
  return Handle<T>(object, release);
}

}  // namespace ipxlat::nft

#endif
