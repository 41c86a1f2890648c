# SPDX-License-Identifier: GPL-2.0-only
"""Whether the comparison with the recorded results notices what it is there for."""
import unittest

from growth import grown


def results(**costs):
    return {"rows": {name: {"cost": cost, "unit": "packet"} for name, cost in costs.items()}}


class Grown(unittest.TestCase):
    recorded = results(to6=10000.0, to4=9000.0)

    def said(self, now):
        return list(grown(self.recorded, now))

    def test_the_same_is_not_grown(self):
        self.assertEqual(self.said(self.recorded), [])

    def test_less_than_two_per_cent_more_is_not_grown(self):
        self.assertEqual(self.said(results(to6=10190.0, to4=9170.0)), [])

    def test_more_is_grown_and_named(self):
        said, = self.said(results(to6=10000.0, to4=9190.0))
        self.assertRegex(said, "^to4: 9,190 .* 9,000")

    def test_rows_that_were_not_counted_do_not_matter(self):
        self.assertEqual(self.said(results(to4=9000.0)), [])

    def test_a_row_that_failed_is_told(self):
        said, = self.said({"rows": {"to6": {"failed": "0 of 20000 packets arrived"}}})
        self.assertEqual(said, "to6: 0 of 20000 packets arrived")

    def test_a_row_that_is_not_recorded_is_told(self):
        said, = self.said(results(new=1.0))
        self.assertRegex(said, "^new: nothing is recorded")


unittest.main()
