# SPDX-License-Identifier: GPL-2.0-only
"""docs/PERFORMANCE.md: its table and its picture are made of the recorded results."""
import json
import os
import re
import subprocess
import tempfile

from table import cell, table

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PAGE, PICTURE = f"{ROOT}/docs/PERFORMANCE.md", f"{ROOT}/docs/performance.svg"
RECORDED = f"{HERE}/recorded.json"
PLACE = re.compile(r"(?<=<!-- made by scripts/bench --record -->\n).*?(?=<!-- end -->)", re.DOTALL)
BARS = {  # of a group in the picture: rows in the order of gnuplot's columns
    "4 to 6": ["plain6", "4to6", "fwd-4to6", "jool-4to6"],
    "6 to 4": ["plain4", "6to4", "fwd-6to4", "jool-6to4"],
    "4 to 6, large map": ["plain6", "4to6-entries", "", "jool-4to6-entries"],
    "6 to 4, large map": ["plain4", "6to4-entries", "", "jool-6to4-entries"],
    "4 to 6, in fragments": ["", "4to6-fragmented", "", "jool-4to6-fragmented"],
    "4 to 6, own": ["own-plain6", "own-4to6", "", ""],
}


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def text(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def rendered(recorded):
    """the page with the table of the results"""
    return PLACE.sub(lambda _: f"Linux {recorded['kernel']}:\n\n{table(recorded)}", text(PAGE), count=1)


def bars(recorded):
    """(group, costs, labels)"""
    for group, names in BARS.items():
        results = [recorded["rows"].get(name) for name in names]
        yield group, [result.get("cost", 0) if result else 0 for result in results], \
            [cell(result) if result and "cost" in result else "" for result in results]


def record(results):
    """takes the results into the recorded ones, and makes the page and the picture of those"""
    recorded = load(RECORDED) if os.path.exists(RECORDED) else {"rows": {}}
    recorded = {**results, "rows": recorded["rows"] | results["rows"]}
    with open(RECORDED, "w", encoding="utf-8") as file:
        json.dump(recorded, file, indent=1)
        file.write("\n")
    page = rendered(recorded)
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(page)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as data:
        for group, costs, labels in bars(recorded):
            print(group, *costs, *[label or " " for label in labels], ".", sep="\t", file=data)
        data.flush()
        subprocess.run(["gnuplot", "-e", f"data = '{data.name}'; output = '{PICTURE}'", f"{HERE}/picture.gp"], check=True)


def outdated():
    """a sentence for what is not as the recorded results have it"""
    recorded = load(RECORDED)
    if text(PAGE) != rendered(recorded):
        yield "the table in docs/PERFORMANCE.md is not that of tests/bench/recorded.json; scripts/bench --record makes it"
    shown = text(PICTURE)
    missing = [label for _, _, labels in bars(recorded) for label in labels if label and f">{label}<" not in shown]
    if missing:
        yield f"docs/performance.svg does not show {', '.join(missing)}; scripts/bench --record draws it"
