# SPDX-License-Identifier: GPL-2.0-only
# The front door: Kbuild builds the module, CMakeLists.txt the userspace; `make help` tells the rest.

VERSION := $(shell cat VERSION)
KERNEL ?= $(shell uname -r)
PREFIX ?= /usr/local
DESTDIR ?=
JOBS ?= $(shell nproc)
SECONDS ?= 60
unexport SECONDS  # a variable of the shell's own

unitdir := $(DESTDIR)$(PREFIX)/lib/systemd/system
mandir := $(DESTDIR)$(PREFIX)/share/man
completiondir := $(DESTDIR)$(PREFIX)/share/bash-completion/completions
docdir := $(DESTDIR)$(PREFIX)/share/doc/ipxlat
headerdir := $(DESTDIR)$(PREFIX)/include/ipxlat/linux
udevdir := $(DESTDIR)$(PREFIX)/lib/udev/rules.d
networkddir := $(DESTDIR)$(PREFIX)/lib/systemd/network
dkmsdir := $(DESTDIR)/usr/src/ipxlat-$(VERSION)
sources = $(shell git ls-files '*.c' '*.cc' '*.h')

.PHONY: all
all: module userspace  ## the module for KERNEL and the userspace

.PHONY: help
help:  ## this list
	@echo 'Targets:'
	@sed -n 's/^\([a-z-]*\):.*  ## /  \1\t/p' $(MAKEFILE_LIST) | expand -t 16
	@echo 'Variables: KERNEL (a release, or 6.1, 6.12; now $(KERNEL)), PREFIX, DESTDIR, JOBS, TESTS, SECONDS'

.PHONY: module
module:  ## build/kmod/KERNEL/ipxlat.ko
	scripts/module $(KERNEL) -j$(JOBS) modules

build/userspace/CMakeCache.txt:
	cmake -S . -B build/userspace

build/fuzz/CMakeCache.txt:
	cmake -S . -B build/fuzz -DIPXLAT_FUZZ=ON -DCMAKE_BUILD_TYPE=RelWithDebInfo \
		-DCMAKE_C_COMPILER=clang-19 -DCMAKE_CXX_COMPILER=clang++-19

.PHONY: userspace
userspace: build/userspace/CMakeCache.txt  ## ipxlatctl and ipxlatd, in build/userspace
	cmake --build build/userspace -j$(JOBS) --target ipxlatctl ipxlatd

build/sanitized/CMakeCache.txt:
	cmake -S . -B build/sanitized -DIPXLAT_SANITIZE=ON

.PHONY: sanitized
sanitized: build/sanitized/CMakeCache.txt  ## ipxlatctl, ipxlatd and the unit tests with both sanitizers
	cmake --build build/sanitized -j$(JOBS) --target ipxlatctl ipxlatd unit_tests

.PHONY: test-programs
test-programs: build/userspace/CMakeCache.txt  ## the same, the unit tests, and what the selftests need
	cmake --build build/userspace -j$(JOBS)
	scripts/kselftest

.PHONY: unit
unit: test-programs  ## run the unit tests
	build/userspace/unit_tests --gtest_brief=1

.PHONY: selftests
selftests: module test-programs  ## run the selftests (or TESTS="NAME...") on KERNEL in a virtual machine
	tests/vm/run $(KERNEL) tests/selftests/run $(TESTS)

.PHONY: fuzz
fuzz:  ## run each fuzzer for SECONDS (60)
	scripts/fuzz $(SECONDS)

.PHONY: check
check:  ## everything, on every supported kernel: unit tests, lint, module builds, selftests
	scripts/check

.PHONY: check-debug
check-debug:  ## selftests and the data path fuzzer in a kernel that checks itself
	scripts/check userspace debug

.PHONY: fuzz-datapath
fuzz-datapath: test-programs  ## the data path fuzzer there, for SECONDS
	scripts/debug-kernel
	tests/debug/fuzz $(SECONDS)

.PHONY: lint
lint:  ## the static checks alone
	scripts/check lint

.PHONY: format
format:  ## lay out the C and C++ sources
	clang-format-19 -i $(sources)

.PHONY: html
html:  ## the site of all pages in build/html, with a check of its links
	scripts/html

.PHONY: bench
bench:  ## what a packet costs, in instructions, beside other translators
	scripts/bench

.PHONY: demo
demo:  ## 464XLAT in a virtual machine, shown with real programs
	scripts/demo

.PHONY: vm-shell
vm-shell:  ## a shell in a virtual machine that runs KERNEL
	tests/vm/run -i $(KERNEL)

.PHONY: install
install: all  ## install the module for KERNEL and the userspace below DESTDIR and PREFIX
	scripts/module $(KERNEL) INSTALL_MOD_PATH=$(DESTDIR) INSTALL_MOD_DIR=updates modules_install
	$(MAKE) install-userspace

.PHONY: install-userspace
install-userspace: userspace  ## the same without the module
	cmake -S . -B build/userspace -DCMAKE_INSTALL_PREFIX=$(PREFIX)
	DESTDIR=$(DESTDIR) cmake --install build/userspace
	install -D -m 644 -t $(headerdir) include/uapi/linux/ipxlat.h
	for page in docs/man/*.[1-8]; do install -D -m 644 -t $(mandir)/man$${page##*.} $$page || exit; done
	install -D -m 644 -t $(completiondir) dist/completion/ipxlatctl
	install -D -m 644 -t $(docdir) dist/ipxlatd.toml dist/grafana/ipxlat.json
	install -D -m 644 -t $(udevdir) dist/udev/85-ipxlat.rules
	install -D -m 644 -t $(networkddir) dist/networkd/10-ipxlat.network
	install -d $(unitdir)
	sed 's|@PREFIX@|$(PREFIX)|' dist/ipxlatd.service >$(unitdir)/ipxlatd.service
	sed -f dist/netns.sed $(unitdir)/ipxlatd.service >$(unitdir)/ipxlatd@.service

.PHONY: install-dkms
install-dkms:  ## the module's sources for DKMS, which then builds it for each kernel
	install -d $(dkmsdir)/include
	cp -r Kbuild VERSION kmod $(dkmsdir)
	rm $(dkmsdir)/kmod/.clang-format
	cp -r include/uapi $(dkmsdir)/include
	sed 's/#MODULE_VERSION#/$(VERSION)/' dkms.conf >$(dkmsdir)/dkms.conf
	$(if $(DESTDIR),,dkms install ipxlat/$(VERSION))

.PHONY: packages
packages:  ## Debian packages of the commit that is checked out, in build/packages
	scripts/package

.PHONY: uninstall
uninstall:  ## remove what install put there
	rm -f $(DESTDIR)$(PREFIX)/sbin/ipxlatctl $(DESTDIR)$(PREFIX)/sbin/ipxlatd
	rm -f $(headerdir)/ipxlat.h $(completiondir)/ipxlatctl $(docdir)/ipxlatd.toml $(docdir)/ipxlat.json
	rm -f $(udevdir)/85-ipxlat.rules $(networkddir)/10-ipxlat.network
	rm -f $(unitdir)/ipxlatd.service $(unitdir)/ipxlatd@.service
	for page in docs/man/*.[1-8]; do rm -f $(mandir)/man$${page##*.}/$${page##*/}; done
	rm -f $(DESTDIR)/lib/modules/*/updates/ipxlat.ko*

.PHONY: clean
clean:  ## remove build/
	rm -rf build
