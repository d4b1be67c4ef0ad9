# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain


class B2bPriceNotice(models.Model):
    """A price change that a member was told of by mail: it is not mailed again."""

    _name = "b2b.price.notice"
    _description = "Price Change Told to a Member"
    _order = "id desc"

    member_id = fields.Many2one(
        "b2b.member", required=True, ondelete="cascade", index=True
    )
    agreement_id = fields.Many2one("b2b.agreement", required=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", required=True, ondelete="cascade")
    date = fields.Datetime("Changes on", required=True)
    price = fields.Float("New price", min_display_digits="Product Price")

    _told_once = models.UniqueIndex(
        "(member_id, agreement_id, product_id, date)",
        "The member was told of this change already.",
    )

    @api.autovacuum
    def _gc_past(self):
        """Forget changes that have happened."""
        self.search(
            [("date", "<", fields.Datetime.subtract(fields.Datetime.now(), days=30))]
        ).unlink()


class B2bMember(models.Model):
    _inherit = "b2b.member"

    price_digest = fields.Boolean(
        "Mail about coming price changes",
        default=True,
        help="Once a week, if there is something new. The member can switch it off.",
    )

    # === DIGEST === #

    @api.model
    def _cron_price_digest(self):
        """Mail to members what will change in the prices of goods that they buy.

        One mail per member and run; an account is one step, which a killed run has
        either done or not.
        """
        Agreement = self.env["b2b.agreement"].sudo()
        groups = Agreement._read_group(
            Agreement._get_usable_domain(), ["account_id"], ["id:recordset"]
        )
        progress = self.env["ir.cron"]
        progress._commit_progress(remaining=len(groups))
        for _account, agreements in groups:
            self._send_price_digest(agreements)
            progress._commit_progress(1)

    @api.model
    def _send_price_digest(self, agreements):
        """Mail the changes of the agreements of one account.

        :return: list of (member, list of changes) that were mailed
        """
        news = defaultdict(list)
        for agreement in agreements:
            changes = agreement._b2b_get_price_changes()
            members = self._get_digest_members(agreement) if changes else ()
            for member in members:
                news[member] += changes
        sent = []
        for member, changes in news.items():
            if changes := member._drop_told(changes):
                member._mail_price_changes(changes)
                sent.append((member, changes))
        return sent

    @api.model
    def _get_digest_members(self, agreement):
        """Members who may place orders under an agreement and want to be told."""
        members = self.sudo().search(
            [
                ("account_id", "=", agreement.account_id.id),
                ("price_digest", "=", True),
                ("email", "!=", False),
                ("user_id.active", "=", True),
            ]
        )
        return members.filtered(lambda member: member._may_order_under(agreement))

    def _may_order_under(self, agreement):
        """Whether the member (single) places orders under it and sees its prices."""
        self.ensure_one()
        objects = {
            (grant.object, grant.verb)
            for grant in self._get_grants(self.user_id)
            if grant.member_id == self.id
            and agreement.entity_id.id in grant.get_entity_ids()
        }
        if not {("cart", "submit"), ("agreement", "read")} <= objects:
            return False
        website = self.env["website"].sudo()
        website = website.search(
            [("company_id", "=", agreement.company_id.id)], limit=1
        )
        return website.with_user(self.user_id)._b2b_may_see("prices")

    def _drop_told(self, changes):
        """Changes that the member (single) does not know yet; they are noted."""
        Notice = self.env["b2b.price.notice"].sudo()
        domain = Domain("member_id", "=", self.id) & Domain(
            "date", "in", list({change.date for change in changes})
        )
        told = {
            (notice.agreement_id.id, notice.product_id.id, notice.date): notice
            for notice in Notice.search(domain)
        }
        fresh, values = [], []
        for change in changes:
            key = (change.agreement.id, change.wish.product.id, change.date)
            notice = told.get(key)
            if notice and not change.agreement._b2b_prices_differ(
                notice.price, change.new
            ):
                continue
            fresh.append(change)
            if notice:
                notice.price = change.new
                continue
            names = ("agreement_id", "product_id", "date")
            values.append(
                dict(zip(names, key, strict=True))
                | {"member_id": self.id, "price": change.new}
            )
        Notice.create(values)
        return fresh

    def _mail_price_changes(self, changes):
        """Send the digest to the member (single), in their language."""
        lang = self.user_id.lang
        template = self.env.ref("b2b_portal.mail_template_price_changes")
        rows = [self.with_context(lang=lang)._describe_change(c) for c in changes]
        template.sudo().with_context(b2b_rows=rows, b2b_lang=lang).send_mail(
            self.id, email_values={"email_to": self.user_id.email_formatted}
        )

    def _describe_change(self, change):
        """A row of the digest in the language of the environment."""
        agreement = change.agreement.with_env(self.env).sudo()
        currency = agreement.currency_id
        wish = change.wish
        percent = change.percent
        return {
            "agreement": agreement.name,
            "product": wish.product.with_env(self.env).sudo().display_name,
            "unit": wish.uom.with_env(self.env).sudo().name,
            "date": agreement._b2b_format_change_day(change.date),
            "old": currency.format(change.old_shown),
            "new": currency.format(change.new_shown),
            "percent": ""
            if percent is None
            else agreement._b2b_format_percent(percent),
        }
