# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.price_list import PriceListOptions
from .b2b_job import OPEN_STATES

# Rows that a visitor waits for; longer lists are made in the background.
DIRECT_ROWS = 1000
# Rows of one step: more cost less each, and the memory of the process stays low.
STEP_ROWS = 30_000
# Unfinished lists of one member, and lists begun in an hour.
MAX_OPEN = 2
MAX_HOURLY = 60
# The same list is not made again for so many minutes, if nothing has changed.
REUSE_MINUTES = 15
# Tables whose rows make goods, prices, stock and names; each has ``write_date``.
_SOURCES = (
    "product_template",
    "product_product",
    "product_pricelist",
    "product_pricelist_item",
    "product_public_category",
    "stock_quant",
    "res_currency_rate",
    "b2b_rate",
    "b2b_agreement",
    "b2b_quantity_rule",
    "b2b_brand",
    "b2b_customer_code",
    "b2b_assortment",
    "b2b_segment",
    "website",
)


class B2bJob(models.Model):
    """Price lists that are too long to wait for."""

    _inherit = "b2b.job"

    kind = fields.Selection(
        selection_add=[("price_list", "Price list")],
        ondelete={"price_list": "cascade"},
    )

    @api.model
    def _b2b_objects(self):
        return super()._b2b_objects() | {"agreement": Domain("kind", "=", "price_list")}

    # === BEGINNING === #

    @api.model
    def _request_price_list(self, task, member):
        """A job that makes the price list, or the one that has made it already.

        :param task: :class:`.b2b_price_list.PriceListTask`
        :param member: ``b2b.member`` (single)
        :return: the job, in sudo
        :raise UserError: the member has too many lists under way
        """
        jobs = self.sudo()
        self._check_price_list_pace(member)
        digest = task.options.get_digest(
            task.agreement.id,
            task.website.id,
            task.user.lang,
            # what the member may see decides about columns
            [column.code for column in task.columns],
            task.see_stock,
            task.see_promotions,
            task.user.id if self._depends_on_user() else 0,
        )
        # two clicks at once: the second waits here and then finds the first one's job
        self.env["b2b.rate.limit"].sudo()._hit(f"price_list:{digest}", 10**9, 60)
        if known := jobs._find_price_list(digest):
            return known
        if self._count_open(member) >= MAX_OPEN:
            raise UserError(
                self.env._(
                    "%(number)s price lists of yours are being prepared. Wait for one "
                    "of them, or cancel it.",
                    number=MAX_OPEN,
                )
            )
        return jobs._enqueue(
            {
                "name": self.env["b2b.price.list"]._get_filename(task),
                "kind": "price_list",
                "params": task.options.to_json(),
                "digest": digest,
                "entity_id": task.agreement.entity_id.id,
                "agreement_id": task.agreement.id,
                "member_id": member.id,
                "user_id": task.user.id,
                "website_id": task.website.id,
                "company_id": task.agreement.company_id.id,
            }
        )

    def _make_again(self, member):
        """The same price list (single, sudo) with today's figures.

        :param member: ``b2b.member`` (single), whose list it is
        :return: the job that makes it, in sudo
        :raise UserError: the member may not have it any longer, or too many of them
        """
        self.ensure_one()
        _lists, task = self._get_price_list_task()
        return self._request_price_list(task, member)

    @api.model
    def _depends_on_user(self):
        """Whether two members of an agreement may see different goods; a hook."""
        return False

    @api.model
    def _check_price_list_pace(self, member):
        """Refuse whoever asks for lists without pause.

        :raise UserError: with the reason for the customer
        """
        limits = self.env["b2b.rate.limit"].sudo()
        if not limits._hit(f"price_list:member:{member.id}", MAX_HOURLY, 3600):
            raise UserError(
                self.env._(
                    "These are too many price lists in an hour. Try again later."
                )
            )

    @api.model
    def _count_open(self, member):
        return self.sudo().search_count(
            [
                ("kind", "=", "price_list"),
                ("member_id", "=", member.id),
                ("state", "in", OPEN_STATES),
            ]
        )

    @api.model
    def _find_price_list(self, digest):
        """A job whose result is this list: under way, or done and still true."""
        since = fields.Datetime.now() - timedelta(minutes=REUSE_MINUTES)
        jobs = self.search(
            Domain("digest", "=", digest)
            & Domain("kind", "=", "price_list")
            & (
                Domain("state", "in", OPEN_STATES)
                | Domain("state", "=", "done")
                & Domain("started_at", ">=", since)
                & Domain("document_id.attachment_id", "!=", False)
            ),
            limit=1,
        )
        if jobs.state == "done" and self._has_changed_since(jobs.started_at):
            return jobs.browse()
        return jobs

    @api.model
    def _has_changed_since(self, date):
        """Whether anything that price lists tell was written after a time."""
        self.env.flush_all()
        # what a transaction writes has the time at which it began
        date -= timedelta(minutes=2)
        checks = SQL(" OR ").join(
            SQL(
                "EXISTS (SELECT 1 FROM %s WHERE write_date >= %s)",
                SQL.identifier(table),
                date,
            )
            for table in self._get_price_list_sources()
        )
        return self.env.execute_query(SQL("SELECT %s", checks))[0][0]

    @api.model
    def _get_price_list_sources(self):
        """Tables of what price lists tell; a hook."""
        return _SOURCES

    # === STEPS === #

    def _step_price_list(self):
        """Find the goods, then read rows, at last write the file."""
        lists, task = self._get_price_list_task()
        if not self.part_ids:
            pairs = lists._find(task)
            self._keep_part(pairs)
            self.write({"total": len(pairs) + 1, "done": 0})
            return False
        pairs = self._read_part(0)
        if self.done < len(pairs):
            # steps of equal size
            steps = -(-len(pairs) // STEP_ROWS)
            batch = pairs[self.done : self.done + -(-len(pairs) // steps)]
            self._keep_part(lists._read_rows(task, batch))
            self.done += len(batch)
            return False
        self._write_price_list(lists, task, pairs)
        return True

    def _get_price_list_task(self):
        """The list as the member's rights are now.

        :return: (model with the member's rights and language, task)
        :raise UserError: the member may not see it any longer
        """
        values = self.website_id, self.agreement_id, self.user_id
        lists = self.env["b2b.price.list"]
        if not self.member_id.active or not self.user_id.active:
            raise UserError(self.env._("The member has left the account."))
        task = lists._make_task(*values, PriceListOptions.from_json(self.params))
        return lists._as_user(*values), task

    def _write_price_list(self, lists, task, pairs):
        """The file of the list, into the registry of documents."""
        parts = self.part_ids.sorted("sequence")[1:]

        def get_rows():
            for part in parts:
                yield from part._read_data()

        data = lists._write_file(task, pairs, get_rows)
        document = self.env["b2b.document"]._record("price_list", self)
        document._keep_file(lists._get_filename(task), data)
        self.write({"document_id": document.id, "done": self.total})

    def _prepare_b2b_document(self):
        """Values of the registry row of the list (single)."""
        return {
            "name": self.name,
            "date": fields.Date.context_today(self),
            "entity_id": self.entity_id.id,
            "agreement_id": self.agreement_id.id,
            "member_id": self.member_id.id,
            "company_id": self.company_id.id,
            "currency_id": self.agreement_id.currency_id.id,
        }

    def _b2b_document_changed_at(self):
        """A list tells how it was when it was made: its file is never rendered anew."""
        return self.finished_at or self.create_date
