// SPDX-License-Identifier: GPL-2.0-only
#include <CLI/CLI.hpp>

#include "tools/ipxlatctl/commands.h"

namespace ipxlat::ctl {
namespace {

struct SetOptions {
  std::string device;
  std::vector<std::string> words;
};

Change parse_words(const std::vector<std::string>& words) {
  try {
    return parse_settings(words);
  } catch (const std::invalid_argument& error) {
    throw UsageError(error.what());
  }
}

void set(Context& context, const SetOptions& options) {
  Change change = parse_words(options.words);
  auto done = open_devices(context)->change(options.device, change);
  if (done) return;
  const NetlinkError& error = done.error();
  // with several entries the kernel's sentence alone does not say which
  if (error.map_entry && change.map_add.size() > 1)
    throw Failure("local-map " + to_string(change.map_add.at(*error.map_entry)) + ": " + error.text);
  throw Failure(error.text);
}

}  // namespace

void add_set(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("set", "change settings, all at once");
  auto options = std::make_shared<SetOptions>();
  command->add_option("DEV", options->device, "the device")->required();
  command
      ->add_option("SETTING", options->words,
                   "remote-prefix6 PREFIX6|none, local-map PREFIX4 PREFIX6 (repeated)|none, "
                   "lowest-ipv6-mtu BYTES, icmp-source4 ADDRESS4, udp-zero-checksum compute|drop|forward")
      ->required();
  command->callback([&context, options] { set(context, *options); });
}

}  // namespace ipxlat::ctl
