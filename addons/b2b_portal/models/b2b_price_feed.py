# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import json
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, consteq

from ..tools.price_list import PriceListOptions

# A feed that somebody reads is built anew when it is older than so many minutes.
BUILD_MINUTES = 15
# Nobody has read it for so many days: it is built on the next reading.
IDLE_DAYS = 3
# Rows that are written by one statement.
_CHUNK = 1000
# Feeds of one agreement that may be in force at the same time.
MAX_FEEDS = 10
_COLUMNS = (
    "section",
    "article",
    "barcode",
    "name",
    "brand",
    "unit",
    "minimum",
    "multiple",
    "retail",
    "price",
    "special",
    "special_until",
    "stock",
    "photo",
    "attributes",
)


class B2bPriceFeed(models.Model):
    """Prices and stock of an agreement for programs, by a secret address.

    The address is shown once; of its token only a hash is kept. A feed shows what its
    member sees under the agreement and stops when the member no longer may.
    """

    _name = "b2b.price.feed"
    _description = "Price Feed"
    _inherit = ["b2b.scope.mixin"]
    _order = "id desc"
    _b2b_member_path = "member_id"

    name = fields.Char(required=True)
    agreement_id = fields.Many2one(
        "b2b.agreement", required=True, index=True, ondelete="cascade"
    )
    entity_id = fields.Many2one(
        related="agreement_id.entity_id", store=True, index=True, string="Legal entity"
    )
    company_id = fields.Many2one(related="agreement_id.company_id", store=True)
    member_id = fields.Many2one(
        "b2b.member", required=True, index=True, ondelete="cascade"
    )
    website_id = fields.Many2one("website", required=True, ondelete="cascade")
    token_hash = fields.Char(required=True, groups="base.group_system")
    hint = fields.Char("Address ends with")
    state = fields.Selection(
        [("active", "In force"), ("revoked", "Revoked")],
        default="active",
        required=True,
    )
    section_ids = fields.Many2many(
        "product.public.category", string="Sections", help="None: the whole catalogue."
    )
    in_stock = fields.Boolean("Only goods in stock")
    rotated_at = fields.Datetime("Address made", default=fields.Datetime.now)
    used_at = fields.Datetime("Last read")
    built_at = fields.Datetime("Figures of")
    changed_at = fields.Datetime("Last change")
    revision = fields.Integer(help="Grows with every change of the figures.")
    count = fields.Integer("Goods")
    refusal = fields.Char(compute="_compute_refusal", string="Why it does not work")

    _token_unique = models.Constraint(
        "UNIQUE(token_hash)", "This address is in use already."
    )

    @api.depends("state", "member_id", "agreement_id")
    def _compute_refusal(self):
        for feed in self:
            feed.refusal = feed.sudo()._get_refusal() or False

    @api.model
    def _b2b_objects(self):
        return {"feed": Domain.TRUE}

    # === TOKEN === #

    @api.model
    def _hash(self, token):
        return hashlib.sha256(token.encode()).hexdigest()

    @api.model
    def _create_feed(self, vals):
        """A new feed.

        :return: (feed in sudo, its token, which is not kept anywhere)
        :raise UserError: the agreement has too many of them
        """
        feeds = self.sudo()
        count = feeds.search_count(
            [("agreement_id", "=", vals["agreement_id"]), ("state", "=", "active")]
        )
        if count >= MAX_FEEDS:
            raise UserError(
                self.env._(
                    "The agreement has %(number)s feeds already. Revoke one of them.",
                    number=MAX_FEEDS,
                )
            )
        token = secrets.token_urlsafe(32)
        feed = feeds.create(
            vals | {"token_hash": self._hash(token), "hint": token[-4:]}
        )
        feed._request_build()
        return feed, token

    def _rotate(self):
        """A new address for the feed (single, sudo); the old one stops at once.

        :return: the token
        """
        self.ensure_one()
        token = secrets.token_urlsafe(32)
        self.write(
            {
                "token_hash": self._hash(token),
                "hint": token[-4:],
                "state": "active",
                "rotated_at": fields.Datetime.now(),
            }
        )
        return token

    def action_revoke(self):
        """Stop the feeds (batch) for good: whoever has the address reads nothing."""
        self.check_access("write")
        self.sudo()._revoke()

    def _revoke(self):
        self.write({"state": "revoked"})
        self.env["b2b.price.feed.row"].sudo().search(
            [("feed_id", "in", self.ids)]
        ).unlink()

    @api.model
    def _find_by_token(self, token):
        """The feed of a token, in sudo, whether it works or not; may be empty."""
        digest = self._hash(token)
        feed = self.sudo().search([("token_hash", "=", digest)], limit=1)
        # what the index has found is compared once more, in constant time
        if not consteq(feed.token_hash or "", digest):
            return feed.browse()
        return feed

    def _get_refusal(self):
        """Why the feed (single, sudo) does not work, as a text, or None."""
        self.ensure_one()
        member = self.member_id
        user = member.user_id
        if self.state != "active":
            return self.env._("The feed was revoked.")
        if not member.active or not user.active:
            return self.env._("The member who made the feed has left.")
        lists = self._get_lists()
        if not lists.env["b2b.member"]._may("feed", "read", self.entity_id):
            return self.env._(
                "The member who made the feed may not have it any longer."
            )
        return lists._get_task_refusal(self.website_id, self.agreement_id)

    # === BUILDING === #

    def _get_lists(self):
        """The maker of price lists with the rights of the feed's (single) member."""
        return self.env["b2b.price.list"]._as_user(
            self.website_id, self.agreement_id, self.member_id.user_id
        )

    def _make_task(self):
        """The price list that the feed (single, sudo) is."""
        options = PriceListOptions(
            sections=tuple(sorted(self.section_ids.ids)),
            in_stock=self.in_stock,
            columns=_COLUMNS,
        )
        user = self.member_id.user_id
        return self.env["b2b.price.list"]._make_task(
            self.website_id, self.agreement_id, user, options
        )

    def _request_build(self):
        """Have the feeds (batch, sudo) built, unless they are being built already."""
        jobs = self.env["b2b.job"].sudo()
        for feed in self:
            digest = f"feed:{feed.id}"
            known = jobs.search_count(
                [("digest", "=", digest), ("state", "in", ("queued", "running"))]
            )
            if not known:
                jobs._enqueue(
                    {
                        "name": self.env._("Feed %(name)s", name=feed.name),
                        "kind": "feed",
                        "digest": digest,
                        "params": {"feed_id": feed.id},
                        "entity_id": feed.entity_id.id,
                        "agreement_id": feed.agreement_id.id,
                        "member_id": feed.member_id.id,
                        "user_id": feed.member_id.user_id.id,
                        "website_id": feed.website_id.id,
                        "company_id": feed.company_id.id,
                    }
                )

    def _is_old(self):
        """Whether the figures of the feed (single) are to be read anew."""
        before = fields.Datetime.now() - timedelta(minutes=BUILD_MINUTES)
        return not self.built_at or self.built_at <= before

    @api.model
    def _cron_build(self):
        """Have the feeds built that somebody reads and whose figures are old."""
        now = fields.Datetime.now()
        feeds = self.search(
            [
                ("state", "=", "active"),
                ("used_at", ">=", now - timedelta(days=IDLE_DAYS)),
                "|",
                ("built_at", "=", False),
                ("built_at", "<=", now - timedelta(minutes=BUILD_MINUTES)),
            ]
        )
        feeds.filtered(lambda feed: not feed._get_refusal())._request_build()

    def _note_change(self, stamp):
        """Let readers know that the figures of the feed (single, sudo) are others."""
        self.write({"changed_at": stamp, "revision": self.revision + 1})

    def _store_rows(self, task, rows, pairs, stamp):
        """Keep the rows of the feed (single, sudo) that differ from what is kept.

        :param list rows: as of ``b2b.price.list._read_rows``
        :param list pairs: (product id, section id) of the rows
        :param stamp: time of the build
        """
        codes = [column.code for column in task.columns]
        labels = {
            column.code: column.label
            for column in task.columns
            if column.code.startswith("attribute_")
        }
        found = {}
        for (product_id, section_id), row in zip(pairs, rows, strict=True):
            values = dict(zip(codes, row[1:], strict=True))
            data = {code: values.get(code) for code in _COLUMNS[:-1]}
            data["section_id"] = section_id
            data["properties"] = {
                label: values[code] for code, label in labels.items() if values[code]
            }
            text = json.dumps(data, sort_keys=True, ensure_ascii=False)
            found[product_id] = text
        known = self.env["b2b.price.feed.row"]._read_digests(self, list(found))
        changed = [
            (self.id, product_id, text, digest)
            for product_id, text in found.items()
            if (digest := hashlib.md5(text.encode(), usedforsecurity=False).hexdigest())
            != known.get(product_id)
        ]
        self.env["b2b.price.feed.row"]._upsert(changed, stamp)
        return bool(changed)


class B2bPriceFeedRow(models.Model):
    """A product of a feed as it was last told, and when that changed.

    By this a feed knows what has changed since a time, whatever the reason was: a
    price, a rule that was deleted, a date that was reached, a rate, stock, a right.
    """

    _name = "b2b.price.feed.row"
    _description = "Row of a Price Feed"
    _log_access = False
    _order = "feed_id, product_key"

    feed_id = fields.Many2one(
        "b2b.price.feed", required=True, ondelete="cascade", index=True
    )
    # no link: what is deleted must be told too
    product_key = fields.Integer("Product", required=True)
    data = fields.Text(required=True)
    digest = fields.Char(required=True)
    changed_at = fields.Datetime(required=True)
    gone = fields.Boolean()

    _product_unique = models.Constraint(
        "UNIQUE(feed_id, product_key)", "The product is in the feed already."
    )

    @api.model
    def _read_digests(self, feed, ids):
        """What is kept of products: dict product id -> digest; none of those gone."""
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT product_key, digest FROM b2b_price_feed_row "
                    "WHERE feed_id = %s AND product_key = ANY(%s) "
                    "AND gone IS NOT TRUE",
                    feed.id,
                    ids,
                )
            )
        )

    @api.model
    def _upsert(self, rows, stamp):
        """Keep rows, many in a statement.

        :param list rows: (feed id, product id, data, digest)
        """
        for start in range(0, len(rows), _CHUNK):
            self._upsert_chunk(rows[start : start + _CHUNK], stamp)

    @api.model
    def _upsert_chunk(self, rows, stamp):
        feeds, keys, texts, digests = zip(*rows, strict=True)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO b2b_price_feed_row
                    (feed_id, product_key, data, digest, changed_at, gone)
                SELECT feed, product, text, digest, %(stamp)s, false
                  FROM unnest(%(feeds)s::int[], %(keys)s::int[], %(texts)s::text[],
                              %(digests)s::varchar[])
                       AS t(feed, product, text, digest)
                ON CONFLICT (feed_id, product_key) DO UPDATE SET
                    data = excluded.data, digest = excluded.digest,
                    changed_at = excluded.changed_at, gone = false
                """,
                stamp=stamp,
                feeds=list(feeds),
                keys=list(keys),
                texts=list(texts),
                digests=list(digests),
            )
        )

    @api.model
    def _mark_gone(self, feed, ids, stamp):
        """Note that products are no longer told.

        :param list ids: of those that are
        :return: whether there was any
        """
        self.env.cr.execute(
            SQL(
                "UPDATE b2b_price_feed_row SET gone = true, changed_at = %s "
                "WHERE feed_id = %s AND gone IS NOT TRUE AND product_key != ALL(%s)",
                stamp,
                feed.id,
                ids,
            )
        )
        return bool(self.env.cr.rowcount)
