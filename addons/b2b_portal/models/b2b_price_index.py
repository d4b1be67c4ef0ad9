# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""My price of every product, for lists that are narrowed or sorted by it.

For some hundreds of goods prices are computed when they are asked for. For more they
are kept, one table for each agreement, with the snapshot of the database that they were
computed from. What has changed since (``b2b.price.change``) is computed anew at every
question; a table is thrown away as a whole when more has changed than that, when a rule
begins or ends, or with the rates, lists and taxes of the agreement (the signature).
"""

import hashlib
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from .b2b_price_change import PRICES_KEY

# So many goods are computed at once without a table.
MAX_DIRECT = 1500
# What no note and no signature tells of: settings of the company, of other addons.
MAX_AGE = timedelta(minutes=60)
# Tables of agreements that nobody has asked for in this time are let go.
KEEP = timedelta(days=3)
# The question is noted no more often than this.
_ASK_AGAIN = timedelta(minutes=10)
_ASKED_KEY = "b2b_portal.price_table_asked"


class B2bPriceIndex(models.Model):
    """The price of one unit of a template under an agreement, as the table shows it.

    The least of its variants, in the agreement's currency.
    """

    _name = "b2b.price.index"
    _description = "Prices of an Agreement"
    _log_access = False

    agreement_id = fields.Many2one("b2b.agreement", required=True, ondelete="cascade")
    template_id = fields.Many2one(
        "product.template", required=True, ondelete="cascade", index=True
    )
    price = fields.Float(required=True)
    # whether a special offer makes the price
    offer = fields.Boolean(required=True)

    _unique_template = models.UniqueIndex(
        "(agreement_id, template_id) INCLUDE (price, offer)"
    )

    # === QUESTIONS === #

    @api.model
    def _get_prices(self, agreement, few, wait=True):
        """Prices of goods as a subselect.

        :param agreement: ``b2b.agreement`` (single, sudo) with its rates
        :param few: function that gives the ids of the templates asked for, or None
            where they are more than ``MAX_DIRECT``
        :param bool wait: whether to fill a missing table at once; it takes seconds
        :return: ``odoo.tools.SQL``: SELECT of template_id, price, offer; None: there is
            no table yet, and one is being asked for
        """
        signature = self._get_signature(agreement)
        known = self.env.cr.cache.setdefault(PRICES_KEY, {})
        key = agreement.id, signature
        if key not in known:
            known[key] = self._get_kept(agreement, signature)
        if known[key] is not None:
            self._ask(agreement, urgent=False)
            return known[key]
        ids = few()
        if ids is not None:
            key = agreement.id, signature, tuple(ids)
            if key not in known:
                known[key] = self._to_sql(self._compute(agreement, ids))
            return known[key]
        if not wait:
            self._ask(agreement, urgent=True)
            return None
        self._fill(agreement)
        # changes of this transaction may make a table useless that it has filled
        kept = self._get_kept(agreement, signature)
        return kept or self._to_sql(self._compute(agreement))

    @api.model
    def _get_kept(self, agreement, signature):
        """The table of an agreement with what has changed since; None: none is good."""
        fill = self.env["b2b.price.fill"]._get_fresh(agreement, signature)
        if not fill:
            return None
        stale = fill._get_stale()
        if stale is None:
            return None
        kept = SQL(
            "SELECT template_id, price, offer FROM b2b_price_index"
            " WHERE agreement_id = %s",
            agreement.id,
        )
        if not stale:
            return kept
        return SQL(
            "%s AND template_id != ALL(%s) UNION ALL %s",
            kept,
            stale,
            self._to_sql(self._compute(agreement, stale)),
        )

    @api.model
    def _to_sql(self, prices):
        return SQL(
            "SELECT template_id, price, offer"
            " FROM unnest(%s::int[], %s::float8[], %s::bool[])"
            " AS computed(template_id, price, offer)",
            list(prices),
            [price for price, _offer in prices.values()],
            [offer for _price, offer in prices.values()],
        )

    @api.model
    def _get_signature(self, agreement):
        """What prices of an agreement (single, sudo) depend on as a whole."""
        agreement = agreement.sudo()
        website = self._get_website()
        parts = (
            agreement.pricelist_id.id,
            sorted(agreement.pricelist_id._b2b_get_chain().ids),
            agreement.special_pricelist_id.id,
            agreement.currency_id.id,
            agreement.company_id.id,
            sorted(agreement._b2b_get_rates().items()),
            self._get_position(agreement).id,
            website.show_line_subtotals_tax_selection,
        )
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    @api.model
    def _get_website(self):
        """Whose way to show taxes counts: the visited one, or that of the job."""
        kept = self.env.context.get("b2b_price_website")
        websites = self.env["website"].sudo()
        return websites.browse(kept) if kept else websites._b2b_get_visited().sudo()

    @api.model
    def _get_position(self, agreement):
        positions = self.env["account.fiscal.position"].sudo()
        positions = positions.with_company(agreement.company_id)
        return positions._get_fiscal_position(agreement.entity_id)

    @api.model
    def _ask(self, agreement, urgent):
        """Have the job keep the table of an agreement fresh, from now on for a while.

        Pages only read: the note is written after them, on a cursor of its own.
        """
        noted = self.env.cr.cache.setdefault(_ASKED_KEY, set())
        if (agreement.id, urgent) in noted:
            return
        noted.add((agreement.id, urgent))
        fill = self.env["b2b.price.fill"]._find(agreement, ["asked_at"])
        since = _ASK_AGAIN if not urgent else timedelta(minutes=1)
        if fill.asked_at and fill.asked_at > fields.Datetime.now() - since:
            return
        registry, agreement_id = self.env.registry, agreement.id
        website_id = self._get_website().id

        @self.env.cr.postcommit.add
        def note():
            with registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                env["b2b.price.fill"]._note_asked(agreement_id, website_id)
                if urgent:
                    env.ref("b2b_portal.ir_cron_price_index")._trigger()

    # === COMPUTATION === #

    @api.model
    def _compute(self, agreement, templates=None):
        """Prices of one unit, as ``website._b2b_get_price_rows`` shows them.

        :param templates: ids; None: all that are offered
        :return: dict template id -> (least price of the variants, whether an offer
            makes any of them)
        """
        self.env.flush_all()
        where = SQL("template.active AND template.sale_ok AND template.is_published")
        if templates is not None:
            where = SQL("template.id = ANY(%s)", list(templates))
        rows = self.env.execute_query(
            SQL(
                "SELECT variant.id, template.id FROM product_product variant"
                " JOIN product_template template"
                " ON template.id = variant.product_tmpl_id"
                " WHERE variant.active AND %s ORDER BY variant.id",
                where,
            )
        )
        if not rows:
            return {}
        agreement = agreement.sudo().with_company(agreement.company_id)
        products = agreement.env["product.product"].browse([row[0] for row in rows])
        date = fields.Datetime.now()
        with agreement._b2b_prices_in_force(products, date):
            pricelist = agreement.pricelist_id
            found = pricelist._compute_price_rule(products, 1.0, date=date)
        offers = set(agreement.special_pricelist_id.item_ids.ids)
        display = agreement._get_price_display(
            products,
            agreement.currency_id,
            self._get_website(),
            tax_ids=agreement._b2b_read_tax_ids(products),
        )
        result = {}
        for product, (_id, template_id) in zip(products, rows, strict=True):
            price, rule_id = found[product.id]
            price, offer = display(product, price), rule_id in offers
            if template_id in result:
                price = min(price, result[template_id][0])
                offer = offer or result[template_id][1]
            result[template_id] = price, offer
        return result

    # === THE TABLE === #

    @api.model
    def _fill(self, agreement):
        """Compute the table of an agreement (single, sudo) anew.

        Others who want the same wait here and begin anew with it (PostgreSQL refuses
        what would overwrite it): nobody computes it twice.
        """
        fills = self.env["b2b.price.fill"]
        fills._note_asked(agreement.id, self._get_website().id)
        prices = self._compute(agreement)
        self.env.cr.execute(
            SQL("DELETE FROM b2b_price_index WHERE agreement_id = %s", agreement.id)
        )
        self.env.cr.execute(
            SQL(
                "INSERT INTO b2b_price_index (agreement_id, template_id, price, offer)"
                " SELECT %s, computed.* FROM (%s) computed",
                agreement.id,
                self._to_sql(prices),
            )
        )
        fills._note_filled(agreement, self._get_signature(agreement))
        self.env.cr.cache.pop(PRICES_KEY, None)

    @api.model
    def _cron_refresh(self):
        """Keep the tables of agreements fresh that were asked for lately."""
        fills = self.env["b2b.price.fill"].sudo()
        self.env["b2b.price.change"]._prune()
        old = fills.search([("asked_at", "<", fields.Datetime.now() - KEEP)])
        self.sudo().search([("agreement_id", "in", old.agreement_id.ids)]).unlink()
        old.unlink()
        commit = self.env["ir.cron"]._commit_progress
        wanted = fills.search([("agreement_id.state", "=", "active")])
        commit(remaining=len(wanted))
        for fill in wanted:
            agreement = fill.agreement_id
            here = self.with_context(b2b_price_website=fill.website_id.id)
            here = here.with_company(agreement.company_id)
            if not agreement._b2b_get_rate_refusal():
                signature = here._get_signature(agreement)
                good = fills._get_fresh(agreement, signature, margin=MAX_AGE / 2)
                if not good or good._get_stale() != []:
                    here._fill(agreement)
            if not commit(1):
                break


class B2bPriceFill(models.Model):
    """What the table of prices of an agreement was computed from, and when."""

    _name = "b2b.price.fill"
    _description = "Table of Prices"
    _log_access = False

    agreement_id = fields.Many2one("b2b.agreement", required=True, ondelete="cascade")
    website_id = fields.Many2one("website", required=True, ondelete="cascade")
    signature = fields.Char()
    # of PostgreSQL: which transactions the table has seen
    snapshot = fields.Char()
    filled_at = fields.Datetime()
    # when the next rule begins or ends
    valid_until = fields.Datetime()
    asked_at = fields.Datetime()

    _unique_agreement = models.UniqueIndex("(agreement_id)")

    @api.model
    def _find(self, agreement, names):
        """The table of an agreement (at most one, sudo): one query."""
        domain = [("agreement_id", "=", agreement.id)]
        return self.sudo().search_fetch(domain, names)

    @api.model
    def _get_fresh(self, agreement, signature, margin=timedelta()):
        """The table of an agreement, if the whole of it has not changed.

        :param margin: how much longer than now it has to be good
        """
        names = ["signature", "snapshot", "filled_at", "valid_until", "asked_at"]
        fill = self._find(agreement, [*names, "agreement_id"])
        now = fields.Datetime.now()
        if (
            fill.signature != signature
            or now + margin > fill.filled_at + MAX_AGE
            or (fill.valid_until and now >= fill.valid_until)
        ):
            return self.browse()
        return fill

    def _get_stale(self):
        """Templates whose price has changed since the table (single) was filled.

        :return: list of ids; None: too many
        """
        self.env["b2b.price.change"]._write_notes()
        chain = self.agreement_id.pricelist_id._b2b_get_chain()
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT template_id FROM b2b_price_change"
                " WHERE (pricelist_id = 0 OR pricelist_id = ANY(%s))"
                " AND NOT pg_visible_in_snapshot(txid::xid8, %s::pg_snapshot)"
                " LIMIT %s",
                chain.ids,
                self.snapshot,
                MAX_DIRECT + 1,
            )
        )
        stale = sorted(row[0] for row in rows)
        return None if len(stale) > MAX_DIRECT or 0 in stale else stale

    @api.model
    def _note_asked(self, agreement_id, website_id):
        self.env.cr.execute(
            SQL(
                "INSERT INTO b2b_price_fill (agreement_id, website_id, asked_at)"
                " VALUES (%s, %s, %s) ON CONFLICT (agreement_id) DO UPDATE"
                " SET asked_at = EXCLUDED.asked_at, website_id = EXCLUDED.website_id",
                agreement_id,
                website_id,
                fields.Datetime.now(),
            )
        )
        self.invalidate_model()

    @api.model
    def _note_filled(self, agreement, signature):
        now = fields.Datetime.now()
        chain = agreement.pricelist_id._b2b_get_chain()
        self.env.cr.execute(
            SQL(
                """
                UPDATE b2b_price_fill
                SET signature = %s, filled_at = %s,
                    snapshot = pg_current_snapshot()::text,
                    valid_until = (
                        SELECT LEAST(
                            MIN(date_start) FILTER (WHERE date_start > %s),
                            MIN(date_end) FILTER (WHERE date_end >= %s))
                        FROM product_pricelist_item WHERE pricelist_id = ANY(%s))
                WHERE agreement_id = %s
                """,
                signature,
                now,
                now,
                now,
                chain.ids,
                agreement.id,
            )
        )
        self.invalidate_model()
