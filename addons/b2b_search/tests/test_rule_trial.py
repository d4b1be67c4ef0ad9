# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_rules import RuleCase


@tagged("post_install", "-at_install")
class TestRuleTrial(RuleCase):
    def _try(self, rule, texts, **values):
        trial = self.env["b2b.search.trial"].create(
            {"rule_id": rule.id, "source": "typed", "texts": texts}
            | {"agreement_id": self.agreement.id, "member_id": self.buyer.id}
            | values
        )
        trial.action_run()
        return trial

    def test_before_and_after(self):
        rule = self._add(("pin", "KB-3"), publish=False)
        trial = self._try(rule, "болты\nгайка\nболт\nболт")
        self.assertEqual(trial.state, "done")
        self.assertEqual(trial.total, 3, "each text once")
        self.assertEqual(trial.touched_count, 2)
        line = trial.line_ids.filtered(lambda row: row.query == "болт")
        self.assertNotIn("KB-3", line.before)
        self.assertIn("KB-3", line.after.splitlines()[0])
        self.assertEqual(line.found_after, line.found_before + 1)
        self.assertTrue(line.moved)

    def test_nothing_is_written(self):
        rule = self._add(("pin", "KB-3"), publish=False)
        before = rule.read(["state", "write_date", "texts"])
        self._try(rule, "болт")
        self.env.flush_all()
        rule.invalidate_recordset()
        self.assertEqual(rule.read(["state", "write_date", "texts"]), before)
        self.assertNotIn("KB-3", self._find("болт"), "it is not published")

    def test_beside_published_rules(self):
        """A published rule is tried against the world without it."""
        self._add(("pin", "HS-20"), sequence=1)
        rule = self._add(("pin", "KB-3"), sequence=2)
        line = self._try(rule, "болт").line_ids
        self.assertIn("HS-20", line.before.splitlines()[0])
        self.assertNotIn("KB-3", line.before)
        self.assertIn("HS-20", line.after.splitlines()[0])
        self.assertIn("KB-3", line.after.splitlines()[1])

    def test_goods_that_the_customer_does_not_see(self):
        rule = self._add(("pin", "KB-3"), publish=False)
        self.by_article["KB-3"].is_published = False
        line = self._try(rule, "болт").line_ids
        self.assertNotIn("KB-3", line.after)
        self.assertFalse(line.moved)

    def test_in_batches(self):
        rule = self._add(("pin", "KB-3"), match="contains", publish=False)
        texts = "\n".join(f"болт {number}" for number in range(250))
        trial = self._try(rule, texts)
        self.assertEqual((trial.state, trial.done, trial.percent), ("running", 100, 40))
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 60.0)
        self.env["b2b.search.trial"]._cron_trials()
        self.assertEqual((trial.state, trial.done), ("done", 250))
        self.assertEqual(trial.touched_count, 250)

    def test_recent_queries(self):
        rule = self._add(("pin", "KB-3"), publish=False)
        self.patch(
            type(self.env["b2b.search.rule"]),
            "_get_recent_queries",
            lambda _self, limit: ["болт", "гайка"][:limit],
        )
        trial = self._try(rule, "", source="recent")
        self.assertEqual((trial.total, trial.touched_count), (2, 1))

    def test_without_queries(self):
        rule = self._add(("pin", "KB-3"), publish=False)
        with self.assertRaises(UserError):
            self._try(rule, " \n")

    def test_for_a_segment_and_for_later(self):
        """A rule for others, or for next month, is tried as if it held."""
        segment = self.env["b2b.segment"].create({"name": "Builders"})
        rule = self._add(
            ("pin", "KB-3"),
            publish=False,
            segment_ids=segment.ids,
            date_start="2999-01-01",
        )
        self.assertIn("KB-3", self._try(rule, "болт").line_ids.after)
