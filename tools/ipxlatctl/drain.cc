// SPDX-License-Identifier: GPL-2.0-only
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "lib/conversation.h"
#include "tools/ipxlatctl/commands.h"

namespace ipxlat::ctl {
namespace {

void add(CLI::App& app, Context& context, const char* name, const char* what, const char* request) {
  auto* command = app.add_subcommand(name, what);
  auto instance = std::make_shared<std::string>();
  command->add_option("INSTANCE", *instance, "name of a NAT64 instance")->required();
  command->callback([&context, instance, request] {
    expect(ask_daemon(std::filesystem::path(context.state_file).parent_path(), request + *instance));
  });
}

}  // namespace

void add_drain(CLI::App& app, Context& context) {
  add(app, context, "drain", "have a gateway take no new flows", kDrain);
  add(app, context, "resume", "have a drained gateway take flows again", kResume);
}

}  // namespace ipxlat::ctl
