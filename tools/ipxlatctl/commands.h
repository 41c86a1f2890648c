// SPDX-License-Identifier: GPL-2.0-only
// The commands, each in a file of its name. A function here makes the command known to the parser; the
// command runs when all words are parsed and either does its work or throws Failure or UsageError.
#ifndef IPXLAT_TOOLS_IPXLATCTL_COMMANDS_H
#define IPXLAT_TOOLS_IPXLATCTL_COMMANDS_H

#include "tools/ipxlatctl/context.h"

namespace CLI {
class App;
}

namespace ipxlat::ctl {

void add_show(CLI::App& app, Context& context);
void add_set(CLI::App& app, Context& context);
void add_map(CLI::App& app, Context& context);
void add_explain(CLI::App& app, Context& context);
void add_stats(CLI::App& app, Context& context);
void add_monitor(CLI::App& app, Context& context);
void add_save(CLI::App& app, Context& context);
void add_restore(CLI::App& app, Context& context);
void add_check(CLI::App& app, Context& context);
void add_status(CLI::App& app, Context& context);
void add_sessions(CLI::App& app, Context& context);
void add_doctor(CLI::App& app, Context& context);
void add_drain(CLI::App& app, Context& context);  // and resume
void add_emit(CLI::App& app, Context& context);
void add_metrics(CLI::App& app, Context& context);
void add_import(CLI::App& app, Context& context);

}  // namespace ipxlat::ctl

#endif
