# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..tools.price_list import PriceListOptions
from .b2b_demo import MODULE

_SECTIONS = ("Болты", "Гайки", "Шайбы")


class B2bDemo(models.AbstractModel):
    _inherit = "b2b.demo"

    @api.model
    def _setup_price_lists(self):
        """A price list that a buyer has had made, and a feed for the customer's ERP."""
        if self.env.ref(f"{MODULE}.job_price_list_demo", raise_if_not_found=False):
            return
        agreement = self.env.ref(f"{MODULE}.agreement_north_dealer_demo")
        member = self.env.ref(f"{MODULE}.member_north_buyer_demo")
        self = self.with_context(lang=member.user_id.lang)
        websites = self.env["website"]
        domain = [("company_id", "=", agreement.company_id.id)]
        website = websites.search(domain, limit=1)
        sections = self.env["product.public.category"].search(
            [("name", "in", _SECTIONS)]
        )
        options = PriceListOptions(sections=tuple(sorted(sections.ids)))
        lists = self.env["b2b.price.list"]
        task = lists._make_task(website, agreement, member.user_id, options)
        job = self.env["b2b.job"]._request_price_list(task, member)
        while job.state in ("queued", "running"):
            job._try_step()
        feed, _token = self.env["b2b.price.feed"]._create_feed(
            {
                "name": "Выгрузка в 1С",
                "agreement_id": agreement.id,
                "member_id": member.id,
                "website_id": website.id,
                "section_ids": [fields.Command.set(sections.ids)],
            }
        )
        for name, record in (
            ("job_price_list_demo", job),
            ("document_price_list_demo", job.document_id),
            ("price_feed_demo", feed),
        ):
            self.env["ir.model.data"].create(
                {
                    "module": MODULE,
                    "name": name,
                    "model": record._name,
                    "res_id": record.id,
                    "noupdate": True,
                }
            )
