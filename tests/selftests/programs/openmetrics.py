#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""openmetrics.py FILE: reads OpenMetrics 1.0, strictly, and prints each sample with its value, sorted.

openmetrics.py --prometheus FILE: the same of Prometheus's text format, as far as it is about ipxlat."""
import re
import sys

NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
SAMPLE = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[a-z_]+="(?:[^"\\\n]|\\[\\"n])*"(?:,[a-z_]+="(?:[^"\\\n]|\\[\\"n])*")*\})? (\S+)')
SUFFIX = {"counter": "_total", "gauge": ""}


def samples(text):
    """{sample: value}; AssertionError where the text is not as it must be."""
    assert text.endswith("\n# EOF\n"), "the last line is no # EOF"
    found, seen, family, told = {}, set(), None, []
    for line in text.splitlines()[:-1]:
        if line.startswith("# "):
            _, word, name, rest = (line + " ").split(" ", 3)
            assert NAME.fullmatch(name), line
            if name != family:
                assert name not in seen, f"{name} comes twice"
                seen.add(name)
                family, told, kind = name, [], None
            assert word in ("TYPE", "UNIT", "HELP") and word not in told, line
            assert not [s for s in found if s.startswith(family + SUFFIX.get(kind, "?") + "{")], f"{line}: behind samples"
            told.append(word)
            if word == "TYPE":
                kind = rest.strip()
                assert kind in SUFFIX, line
            if word == "UNIT":
                assert name.endswith("_" + rest.strip()), line
            continue
        match = SAMPLE.fullmatch(line)
        assert match, line
        assert match[1] == family + SUFFIX[kind], f"{line}: not a sample of {family}"
        assert "TYPE" in told and "HELP" in told, f"{family} is not described"
        sample = match[1] + (match[2] or "")
        assert sample not in found, f"{sample} comes twice"
        assert float(match[3]) >= 0, line
        found[sample] = float(match[3])
    return found


def prometheus(text):
    return {m[1] + (m[2] or ""): float(m[3]) for m in map(SAMPLE.fullmatch, text.splitlines()) if m and m[1].startswith("ipxlat_")}


text = open(sys.argv[-1]).read()
for sample, value in sorted((prometheus if sys.argv[1] == "--prometheus" else samples)(text).items()):
    print(sample, int(value))
