# SPDX-License-Identifier: GPL-2.0-only
"""What costs more than it did."""

from table import cell

TOLERANCE = 0.02


def grown(recorded, results):
    """a sentence for each row of the results that is not at most so much above the recorded one"""
    for name, result in results["rows"].items():
        before, now = (one.get("cost") for one in (recorded["rows"].get(name, {}), result))
        if now is None:
            yield f"{name}: {result.get('failed') or result.get('missing')}"
        elif before is None:
            yield f"{name}: nothing is recorded; scripts/bench --record does it"
        elif now > before * (1 + TOLERANCE):
            yield f"{name}: {cell(result)} instructions a {result['unit']}, recorded are {cell({**result, 'cost': before})}"
