# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""'Tell me when 50 are in stock'."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

EXPIRES_DAYS = 180
# Reached alerts are shown and kept for so long.
SHOWN_DAYS = 14
KEPT_DAYS = 365
MAX_ACTIVE = 200
_MAX_QUANTITY = 1e9
BATCH = 500


class B2bStockAlert(models.Model):
    """A member waits for a quantity of a product to be free.

    The quantity is in the product's own unit, the stock that of the agreement: its
    best single warehouse. Each member sees their own.
    """

    _name = "b2b.stock.alert"
    _description = "Stock Alert of a Member"
    _inherit = ["b2b.scope.mixin"]
    _order = "state, create_date desc, id desc"
    _rec_name = "product_id"

    member_id = fields.Many2one(
        "b2b.member", required=True, index=True, ondelete="cascade"
    )
    account_id = fields.Many2one(
        related="member_id.account_id", store=True, index=True, string="Account"
    )
    agreement_id = fields.Many2one(
        "b2b.agreement",
        required=True,
        ondelete="cascade",
        help="The stock of its warehouses counts.",
    )
    product_id = fields.Many2one(
        "product.product", required=True, index=True, ondelete="cascade"
    )
    quantity = fields.Float(digits="Product Unit", required=True)
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    state = fields.Selection(
        [
            ("active", "Waits"),
            ("reached", "Came true"),
            ("expired", "Has ended"),
        ],
        default="active",
        required=True,
        index=True,
    )
    date_end = fields.Date("Waits until", required=True)
    reached_at = fields.Datetime("Came true on", readonly=True)
    reached_quantity = fields.Float("Was free then", digits="Product Unit")

    _active_unique = models.UniqueIndex(
        "(member_id, product_id) WHERE state = 'active'",
        "This member waits for the product already.",
    )

    @api.constrains("quantity")
    def _check_quantity(self):
        for alert in self:
            if not 0 < alert.quantity < _MAX_QUANTITY:
                raise ValidationError(self._b2b_get_quantity_refusal())

    def _b2b_get_quantity_refusal(self):
        return self.env._("Enter how many you need: a number above zero.")

    # === SCOPE === #

    @api.model
    def _b2b_objects(self):
        return {}

    @api.model
    def _b2b_scope_domain(self, verb):
        """One's own, whatever the role; see :meth:`B2bScopeMixin._b2b_scope_domain`."""
        if verb not in ("read", "create", "write", "delete"):
            return Domain.FALSE
        grants = self.env["b2b.member"]._get_grants()
        return Domain("member_id", "in", list({grant.member_id for grant in grants}))

    # === THE MEMBER === #

    @api.model
    def _b2b_set(self, member, agreement, product, quantity):
        """Wait for a quantity; a wish for the same product is replaced.

        Rights are the caller's to ask.

        :param member: ``b2b.member``, locked here: two clicks make one alert
        :param float quantity: in the product's own unit
        :return: the alert, in sudo
        :raise UserError: the quantity is none, or the member waits for too much
        """
        if not 0 < quantity < _MAX_QUANTITY:
            raise UserError(self._b2b_get_quantity_refusal())
        member._b2b_lock()
        alerts = self.sudo()
        mine = Domain("member_id", "=", member.id) & Domain("state", "=", "active")
        known = alerts.search(mine & Domain("product_id", "=", product.id))
        values = {
            "agreement_id": agreement.id,
            "quantity": quantity,
            "date_end": fields.Date.context_today(self) + timedelta(days=EXPIRES_DAYS),
        }
        if known:
            known.write(values)
            return known
        if alerts.search_count(mine) >= MAX_ACTIVE:
            raise UserError(
                self.env._(
                    "You wait for %s products already. Remove some of them first.",
                    MAX_ACTIVE,
                )
            )
        values |= {"member_id": member.id, "product_id": product.id}
        return alerts.create(values)

    @api.model
    def _b2b_get_news(self):
        """The visitor's alerts that came true lately, of goods they still see."""
        website = self.env["website"]._b2b_get_visited()
        since = fields.Datetime.now() - timedelta(days=SHOWN_DAYS)
        alerts = self.search(
            Domain("state", "=", "reached")
            & Domain("reached_at", ">=", since)
            & Domain("product_id", "any", website.sale_product_domain()),
            limit=10,
        )
        return alerts.sudo()

    def _b2b_get_text(self):
        """What the alert (single) waits for: '50 pcs'."""
        unit = self.product_id.uom_id
        return f"{unit._b2b_format(self.quantity)} {unit.name}"

    def _b2b_get_mail_row(self):
        """A row of the mail: texts in the language of the environment."""
        self.ensure_one()
        product, unit = self.product_id, self.product_id.uom_id
        _kind, stock = self.env["website"]._b2b_tell_stock(
            self.reached_quantity, unit, self.agreement_id
        )
        return {
            "product": product.display_name,
            "url": f"{self.get_base_url()}{product.website_url}",
            "wish": self._b2b_get_text(),
            "stock": stock,
        }

    # === THE CRON === #

    @api.model
    def _cron_check(self):
        """Tell members whose wishes have come true, and end old ones.

        A batch is one step, which a killed run has either done or not: nobody is told
        twice.
        """
        progress = self.env["ir.cron"]
        today = fields.Date.context_today(self)
        active = Domain("state", "=", "active")
        self.search(active & Domain("date_end", "<", today)).state = "expired"
        ids = self.search(active, order="agreement_id, id").ids
        progress._commit_progress(remaining=len(ids))
        for start in range(0, len(ids), BATCH):
            batch = self.browse(ids[start : start + BATCH]).exists()
            batch.filtered(lambda alert: alert.state == "active")._b2b_check_stock()
            if not progress._commit_progress(len(ids[start : start + BATCH])):
                break

    def _b2b_check_stock(self):
        """Mark and mail the alerts (batch) that have come true.

        :return: those alerts
        """
        reached = self.browse()
        by_warehouses = {}
        for alert in self:
            agreement = alert.agreement_id
            key = (agreement._b2b_get_warehouses(), agreement.company_id)
            by_warehouses[key] = by_warehouses.get(key, self.browse()) | alert
        for alerts in by_warehouses.values():
            # the stock is the same for all agreements with these warehouses
            free = alerts.agreement_id[0]._get_row_stock(alerts.product_id)
            for alert in alerts:
                stock = free.get(alert.product_id.id, 0.0)
                if alert.product_id.uom_id.compare(stock, alert.quantity) >= 0:
                    alert.reached_quantity = stock
                    reached |= alert
        reached = reached._b2b_filter_deliverable()
        reached.write({"state": "reached", "reached_at": fields.Datetime.now()})
        for member, alerts in reached.grouped("member_id").items():
            member._b2b_mail_stock_alerts(alerts)
        return reached

    def _b2b_filter_deliverable(self):
        """Alerts (batch) whose members may still see the product and its stock.

        The others go on waiting until they expire.
        """
        kept = self.browse()
        for member, alerts in self.grouped("member_id").items():
            user = member.user_id
            if not user.active or not member.active or not member.account_id.active:
                continue
            usable = alerts.agreement_id.with_user(user)
            usable = usable.search(
                usable._get_usable_domain() & Domain("id", "in", usable.ids)
            )
            alerts = alerts.filtered(lambda a, usable=usable: a.agreement_id in usable)
            by_company = alerts.grouped(lambda a: a.agreement_id.company_id)
            for company, rows in by_company.items():
                website = self.env["website"].sudo()
                website = website.search([("company_id", "=", company.id)], limit=1)
                website = website.with_user(user).with_context(website_id=website.id)
                if website and website._b2b_may_see("stock"):
                    kept |= rows._b2b_filter_visible(website)
        return kept

    def _b2b_filter_visible(self, website):
        """Alerts (batch) whose products the user of ``website`` sees in the shop."""
        domain = Domain("id", "in", self.product_id.ids)
        domain &= Domain(website.sale_product_domain())
        seen = website.env["product.product"].search(domain)
        return self.filtered(lambda alert: alert.product_id.id in seen.ids)

    @api.autovacuum
    def _gc_old(self):
        """Forget alerts that ended long ago."""
        before = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.search([("state", "!=", "active"), ("write_date", "<", before)]).unlink()


class B2bMember(models.Model):
    _inherit = "b2b.member"

    def _b2b_mail_stock_alerts(self, alerts):
        """One mail to the member (single) about alerts that have come true."""
        self.ensure_one()
        user = self.user_id
        if not user.email:
            return
        lang = user.lang
        template = self.env.ref("b2b_portal.mail_template_stock_alert").sudo()
        rows = [alert.with_context(lang=lang)._b2b_get_mail_row() for alert in alerts]
        template.with_context(b2b_rows=rows, b2b_lang=lang).send_mail(
            self.id, email_values={"email_to": user.email_formatted}
        )
