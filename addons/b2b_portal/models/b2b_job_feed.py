# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError

from .b2b_job_price_list import STEP_ROWS


class B2bJob(models.Model):
    """The figures of feeds, read anew."""

    _inherit = "b2b.job"

    kind = fields.Selection(
        selection_add=[("feed", "Price feed")], ondelete={"feed": "cascade"}
    )

    def _step_feed(self):
        """Find the goods, then compare rows with what was told before."""
        feed = self.env["b2b.price.feed"].browse(self.params["feed_id"]).exists()
        if refusal := feed._get_refusal() if feed else self.env._("It is gone."):
            raise UserError(refusal)
        lists, task = feed._get_lists(), feed._make_task()
        stamp = self.started_at
        if not self.part_ids:
            pairs = lists._find(task)
            self._keep_part({"pairs": pairs})
            self.write({"total": len(pairs) + 1, "done": 0})
            return False
        pairs = self._read_part(0)["pairs"]
        if self.done < len(pairs):
            batch = pairs[self.done : self.done + STEP_ROWS]
            rows, kept = lists._read_rows_of(task, batch)
            if feed._store_rows(task, rows, kept, stamp):
                feed._note_change(stamp)
            self.done += len(batch)
            return False
        ids = [product_id for product_id, _section in pairs]
        if self.env["b2b.price.feed.row"]._mark_gone(feed, ids, stamp):
            feed._note_change(stamp)
        feed.write({"built_at": stamp, "count": len(pairs)})
        self.done = self.total
        return True
