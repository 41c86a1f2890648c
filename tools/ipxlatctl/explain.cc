// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tools/ipxlatctl/commands.h"
#include "tools/ipxlatctl/explain_render.h"
#include "tools/ipxlatctl/packet_input.h"
#include "tools/ipxlatctl/render.h"

namespace ipxlat::ctl {
namespace {

struct ExplainOptions {
  std::string device;
  std::vector<std::string> words;
  Links links;

  bool is_packet() const { return words.front() == "packet"; }
};

bool is_ipv6(const std::string& text) { return text.find(':') != text.npos; }

void check_address(const std::string& text) {
  in6_addr ignored;
  if (inet_pton(AF_INET, text.c_str(), &ignored) != 1 && inet_pton(AF_INET6, text.c_str(), &ignored) != 1)
    throw UsageError("'" + text + "' is neither an IPv4 nor an IPv6 address");
}

void check_addresses(const std::vector<std::string>& words) {
  if (words.size() > 2) throw UsageError("'" + words[2] + "' is one word too many");
  for (const std::string& word : words) check_address(word);
  if (words.size() == 2 && is_ipv6(words[0]) != is_ipv6(words[1]))
    throw UsageError("'" + words[0] + "' and '" + words[1] +
                     "' are of different families: no packet has both");
}

Explanation explain_addresses(const Explainer& explainer, const std::vector<std::string>& words) {
  bool pair = words.size() == 2;
  if (is_ipv6(words[0])) {
    auto address = parse_address6(words[0]);
    return pair ? explainer.explain(address, parse_address6(words[1])) : explainer.explain(address);
  }
  auto address = parse_address4(words[0]);
  return pair ? explainer.explain(address, parse_address4(words[1])) : explainer.explain(address);
}

// The words behind "packet", or standard input for "-".
Bytes read_packet(Context& context, const std::vector<std::string>& words) {
  if (words.size() == 1) throw UsageError("packet needs hexadecimal digits, or - for standard input");
  try {
    if (words.size() == 2 && words[1] == "-") return parse_packet(context.in);
    std::stringstream text;
    for (auto word = words.begin() + 1; word != words.end(); ++word) text << *word << " ";
    return parse_packet(text);
  } catch (const std::invalid_argument& error) {
    throw UsageError(error.what());
  }
}

template <class T>
void print(Context& context, const T& explanation) {
  if (context.json)
    print_json(context.out, nlohmann::ordered_json::array({explanation_json(explanation)}));
  else
    print_text(context.out, explanation);
}

// The words are looked at before the kernel is asked.
void explain(Context& context, const ExplainOptions& options) {
  auto config = [&] { return value_of(get_config(*open_devices(context), options.device)); };
  if (options.is_packet()) {
    Bytes packet = read_packet(context, options.words);
    print(context, explain_packet(config(), options.links, packet));
  } else {
    check_addresses(options.words);
    print(context, explain_addresses(Explainer(config()), options.words));
  }
}

// The parser's own check of a range has other words in each of its versions.
void add_mtu(CLI::App& command, const std::string& name, uint32_t& mtu, uint32_t lowest, const char* what) {
  auto refusal = [lowest](const std::string& text) -> std::string {
    uint32_t value = 0;
    const char* end = text.data() + text.size();
    auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error == std::errc() && stop == end && value >= lowest && value <= 65535) return {};
    return "'" + text + "' is not an MTU (allowed: " + std::to_string(lowest) + " to 65535)";
  };
  command.add_option(name, mtu, what)->type_name("BYTES")->check(refusal)->capture_default_str();
}

}  // namespace

void add_explain(CLI::App& app, Context& context) {
  auto* command =
      app.add_subcommand("explain", "print what an address, both ends of a packet, or a packet become");
  auto options = std::make_shared<ExplainOptions>();
  command->add_option("DEV", options->device, "the device")->required();
  command
      ->add_option("ADDRESS", options->words,
                   "an address, or source and destination, or: packet HEX..., or: packet - (standard input)")
      ->required();
  add_mtu(*command, "--mtu4", options->links.mtu4, 68, "of the IPv4 link that the packet comes or goes by");
  add_mtu(*command, "--mtu6", options->links.mtu6, 1280, "of the IPv6 link");
  command->callback([&context, options] { explain(context, *options); });
}

}  // namespace ipxlat::ctl
