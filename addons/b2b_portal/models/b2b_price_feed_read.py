# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from .b2b_job_price_list import DIRECT_ROWS
from .b2b_price_feed import BUILD_MINUTES


class B2bPriceFeed(models.Model):
    """Reading of feeds by programs."""

    _inherit = "b2b.price.feed"

    def _use(self):
        """Note that the feed (single, sudo) is read; see that its figures are fresh.

        Short feeds are built at once, long ones by the cron: the reader gets what
        there is, with the time that it is of.
        """
        self.ensure_one()
        now = fields.Datetime.now()
        # seldom: the feed's row is not to be fought for by its readers
        if not self.used_at or self.used_at < now - timedelta(minutes=10):
            self.used_at = now
        if not self._is_old():
            return
        if self.built_at and self.count > DIRECT_ROWS:
            self._request_build()
            return
        lists, task = self._get_lists(), self._make_task()
        pairs = lists._find(task)
        if len(pairs) > DIRECT_ROWS:
            self._request_build()
            return
        stamp = fields.Datetime.now()
        rows, kept = lists._read_rows_of(task, pairs)
        changed = self._store_rows(task, rows, kept, stamp)
        ids = [product_id for product_id, _section in pairs]
        gone = self.env["b2b.price.feed.row"]._mark_gone(self, ids, stamp)
        self.write({"built_at": stamp, "count": len(pairs)})
        if changed or gone or not self.changed_at:
            self._note_change(stamp)

    def _get_head(self, since, sections=True):
        """What stands above the goods of the feed (single, sudo).

        :param bool sections: whether the format tells the tree of sections
        """
        told = self._get_told_sections() if sections else ()
        return {
            "shop": self.company_id.name,
            "url": self.website_id.get_base_url(),
            "currency": self.agreement_id.currency_id.name,
            "generated": _spell(self.built_at),
            "since": _spell(since) if since else None,
            "sections": [
                (section.id, section.parent_id.id or None, section.name or "")
                for section in told
            ],
        }

    def _get_told_sections(self):
        """Sections of the goods of the feed (single, sudo) and those above them.

        No others: names of sections may be kept from this customer.
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT (data::json->>'section_id')::int "
                "FROM b2b_price_feed_row WHERE feed_id = %s AND gone IS NOT TRUE",
                self.id,
            )
        )
        sections = self.env["product.public.category"].with_context(
            lang=self.member_id.user_id.lang
        )
        sections = sections.browse({row[0] for row in rows if row[0]}).exists()
        return (sections | sections.parents_and_self).sorted("parent_path")

    def _iter_rows(self, since, size):
        """Goods of the feed (single, sudo), ``size`` of them at a time.

        What has changed since a time is told with everything of the time that a build
        may take before it: rather twice than never.
        """
        last = 0
        since = since and since - timedelta(minutes=BUILD_MINUTES)
        # of a whole feed, what is gone is simply not there
        clause = SQL("changed_at >= %s", since) if since else SQL("gone IS NOT TRUE")
        while rows := self.env.execute_query(
            SQL(
                "SELECT product_key, data, changed_at, gone FROM b2b_price_feed_row "
                "WHERE feed_id = %s AND product_key > %s AND %s "
                "ORDER BY product_key LIMIT %s",
                self.id,
                last,
                clause,
                size,
            )
        ):
            for product_id, data, changed_at, gone in rows:
                values = {} if gone else json.loads(data)
                yield values | {
                    "id": product_id,
                    "changed_at": _spell(changed_at),
                    "deleted": bool(gone),
                }
            last = rows[-1][0]


def _spell(date):
    """A time for programs: ISO 8601 in UTC."""
    return date.strftime("%Y-%m-%dT%H:%M:%SZ")
