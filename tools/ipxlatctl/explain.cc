// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "kmod/core/reason.h"
#include "tools/ipxlatctl/commands.h"
#include "tools/ipxlatctl/explanation.h"
#include "tools/ipxlatctl/render.h"

namespace ipxlat::ctl {
namespace {

struct ExplainOptions {
  std::string device;
  std::string address;
  std::string destination;
  bool json = false;
};

bool is_ipv6(const std::string& text) { return text.find(':') != text.npos; }

void check_address(const std::string& text) {
  in6_addr ignored;
  if (inet_pton(AF_INET, text.c_str(), &ignored) != 1 && inet_pton(AF_INET6, text.c_str(), &ignored) != 1)
    throw UsageError("'" + text + "' is neither an IPv4 nor an IPv6 address");
}

Explanation explain_words(const Explainer& explainer, const ExplainOptions& options) {
  bool pair = !options.destination.empty();
  check_address(options.address);
  if (pair) check_address(options.destination);
  if (pair && is_ipv6(options.address) != is_ipv6(options.destination))
    throw UsageError("'" + options.address + "' and '" + options.destination +
                     "' are of different families: no packet has both");
  if (is_ipv6(options.address)) {
    auto address = parse_address6(options.address);
    return pair ? explainer.explain(address, parse_address6(options.destination))
                : explainer.explain(address);
  }
  auto address = parse_address4(options.address);
  return pair ? explainer.explain(address, parse_address4(options.destination)) : explainer.explain(address);
}

const char* role(const Explanation& explanation, size_t index) {
  if (explanation.ends.size() == 1) return "";
  return index == 0 ? "source " : "destination ";
}

void print_text(std::ostream& out, const Explanation& explanation) {
  for (size_t i = 0; i < explanation.ends.size(); ++i) {
    const ExplainedEnd& end = explanation.ends[i];
    out << role(explanation, i) << end.address;
    if (!end.result.empty()) out << " -> " << end.result << " by " << end.rule;
    out << "\n";
  }
  if (explanation.reason != IPXLAT_REASON_OK)
    out << "refused: " << ipxlat_reason_name(explanation.reason) << ": "
        << ipxlat_reason_text(explanation.reason) << "\n";
  if (!explanation.error_source4.empty())
    out << "an ICMPv6 error from " << explanation.ends.front().address << " -> " << explanation.error_source4
        << " by icmp-source4\n";
}

nlohmann::ordered_json or_null(const std::string& text) {
  return text.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(text);
}

nlohmann::ordered_json explanation_json(const Explanation& explanation) {
  auto ends = nlohmann::ordered_json::array();
  for (const ExplainedEnd& end : explanation.ends)
    ends.push_back({{"address", end.address}, {"result", or_null(end.result)}, {"rule", or_null(end.rule)}});
  return {{"ends", ends},
          {"reason", ipxlat_reason_name(explanation.reason)},
          {"text", ipxlat_reason_text(explanation.reason)},
          {"icmp_error_source4", or_null(explanation.error_source4)}};
}

void explain(Context& context, const ExplainOptions& options) {
  // the words are looked at before the kernel is asked
  explain_words(Explainer(DeviceConfig{}), options);
  Explainer explainer(value_of(get_config(*open_devices(context), options.device)));
  auto explanation = explain_words(explainer, options);
  if (options.json)
    print_json(context.out, explanation_json(explanation));
  else
    print_text(context.out, explanation);
}

}  // namespace

void add_explain(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("explain", "print what an address, or both ends of a packet, become");
  auto options = std::make_shared<ExplainOptions>();
  command->add_option("DEV", options->device, "the device")->required();
  command->add_option("ADDRESS", options->address, "an address, or a packet's source")->required();
  command->add_option("DESTINATION", options->destination, "the packet's destination");
  command->add_flag("--json", options->json, "as JSON");
  command->callback([&context, options] { explain(context, *options); });
}

}  // namespace ipxlat::ctl
