# SPDX-License-Identifier: GPL-2.0-only
"""KTAP of a program that tests."""
from transfer import Wrong


class Results:
    """KTAP lines on standard output"""

    def __init__(self):
        self.number = self.failed = 0

    def tell(self, sentence, test):
        """test() raises Wrong or OSError if the sentence does not hold; what it returns is a remark"""
        self.number += 1
        try:
            verdict, remark = "ok", test()
        except (Wrong, OSError, RuntimeError) as error:
            verdict, remark = "not ok", f"{type(error).__name__}: {error}"
            self.failed += 1
        if remark:
            print(f"# {remark}")
        print(f"{verdict} {self.number} {sentence}", flush=True)

    def end(self):
        print(f"1..{self.number}")
        print(f"# Totals: pass:{self.number - self.failed} fail:{self.failed} xfail:0 xpass:0 skip:0 error:0")
