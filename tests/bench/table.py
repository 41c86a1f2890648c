# SPDX-License-Identifier: GPL-2.0-only
"""The results of tests/bench/run as one table, and what has grown since the recorded ones."""

CASES = {
    "": "64 bytes, one flow",
    "-many": "64 bytes, 1,024 flows",
    "-1400": "1,400 bytes, one flow",
    "-fragmented": "1,400 bytes, cut into two fragments",
    "-entries": "64 bytes, one flow, 100,000 entries",
    "-entries-many": "64 bytes, 1,024 flows, 100,000 entries",
}
COLUMNS = ["plain IPv4", "plain IPv6", "ipxlat", "Jool", "TAYGA"]


def lines():
    """(what is counted, names of rows in the columns' order)"""
    for way, name in (("4to6", "4 to 6"), ("6to4", "6 to 4")):
        for case, words in CASES.items():
            yield f"{name}, {words}", [f"plain4{case}", f"plain6{case}", f"{way}{case}", f"jool-{way}{case}",
                                       f"tayga-{way}{case}"]
    yield "4 to 6 by `fwd`, 64 bytes, one flow", ["", "", "fwd-4to6"]
    yield "6 to 4 by `fwd`, 64 bytes, one flow", ["", "", "fwd-6to4"]
    yield "4 to 6 with flowtables, 64 bytes, one flow", ["", "", "flowtable-4to6"]
    yield "6 to 4 with flowtables, 64 bytes, one flow", ["", "", "flowtable-6to4"]
    yield "4 to 6, a program's own, 64 bytes", ["", "own-plain6", "own-4to6"]
    yield "TCP, a byte, sender on the IPv4 side", ["", "tcp-plain6", "tcp-ipxlat"]
    yield "TCP, a byte, sender on the IPv6 side", ["", "tcp-plain6-back", "tcp-ipxlat-back"]
    yield "`map add` to a map of one entry", ["", "", "add-entry"]
    yield "`map add` to 100,000 entries", ["", "", "add-entry-entries"]
    yield "`set` of a scalar beside one entry", ["", "", "change-scalar"]
    yield "`set` of a scalar beside 100,000 entries", ["", "", "change-scalar-entries"]
    yield "`map load` of 100,000 entries", ["", "", "load-entries"]


GATEWAYS = ["nat64-masquerade", "nat64-pool", "nat64-masquerade-stack", "nat64-pool-stack"]
GATEWAY_COLUMNS = ["neither", "masquerade", "pool", "masquerade, stack", "pool, stack", "Jool, one address", "Jool, 256"]


def gateway_lines():
    """the same of gateways"""
    jools = ["jool-nat64-one", "jool-nat64-many"]
    yield "established, 6 to 4", ["tracked-plain6", *GATEWAYS, *jools]
    yield "established, 4 to 6", ["tracked-plain4", *[f"{name}-back" for name in GATEWAYS]]
    yield "each of a new flow", ["", *[f"{name}-new" for name in GATEWAYS + jools]]
    yield "others' IPv6", ["tracked-plain6", *[f"{name}-plain6" for name in GATEWAYS]]
    yield "others' IPv4", ["tracked-plain4", *[f"{name}-plain4" for name in GATEWAYS]]
    yield "TCP, a byte, sender on the IPv6 side", ["tcp-plain6", *[f"{name}-tcp" for name in GATEWAYS + jools]]
    yield "TCP, a byte, sender on the IPv4 side", ["tcp-plain6-back", *[f"{name}-tcp-back" for name in GATEWAYS + jools]]


HOST_COLUMNS = ["no CLAT", "own address", "shared"]


def host_lines():
    """the same of hosts"""
    clats = ["clat", "clat-shared"]
    yield "IPv4 in", ["", *[f"{name}-in" for name in clats]]
    yield "native IPv6 in", ["host-plain6", *[f"{name}-plain6" for name in clats]]
    yield "a program's IPv4 out", ["", *[f"{name}-out" for name in clats]]
    yield "a program's native IPv6 out", ["own-plain6", *[f"{name}-out-plain6" for name in clats]]
    yield "TCP, a byte, out", ["host-tcp", *[f"{name}-tcp" for name in clats]]
    yield "TCP, a byte, in", ["host-tcp-back", *[f"{name}-tcp-back" for name in clats]]


def cell(result):
    if result is None:
        return ""
    if "cost" not in result:
        return "none" if "missing" in result else "failed"
    if result["unit"] == "byte":
        return f"{result['cost']:.3f}"
    if result["unit"] == "change":
        return f"{result['cost'] / 1e6:.1f} million"
    return f"{result['cost']:,.0f}"


def markdown(title, columns, named, results):
    """only what there are results for"""
    rows = [[title, *columns]]
    for words, names in named:
        cells = [cell(results["rows"].get(name)) for name in names]
        if any(cells):
            rows.append([words, *cells, *[""] * (len(columns) - len(cells))])
    if len(rows) == 1:
        return ""
    widths = [max(map(len, column)) for column in zip(*rows)]
    text = ["| " + " | ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) + " |" for row in rows]
    text.insert(1, "| " + " | ".join(["-" * widths[0], *["-" * (width - 1) + ":" for width in widths[1:]]]) + " |")
    return "\n".join(text) + "\n"


def complaints(results):
    """why there is no figure where there is none"""
    return "".join(f"* {name}: {result[why]}\n" for name, result in results["rows"].items() for why in ("missing", "failed")
                   if why in result)


def table(results):
    """of translators, gateways and hosts, in Markdown"""
    parts = [markdown("instructions", COLUMNS, lines(), results),
             markdown("instructions of a NAT64", GATEWAY_COLUMNS, gateway_lines(), results),
             markdown("instructions of a CLAT", HOST_COLUMNS, host_lines(), results), complaints(results)]
    return "\n".join(filter(None, parts))
