# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from urllib.parse import urlencode

from odoo import models
from odoo.http import request

from ..tools.price_list import spell_query
from .b2b_job import OPEN_STATES

# Jobs that the page shows, the newest first.
SHOWN = 5


class Website(models.Model):
    """The way to price lists, and their place on the desk at /my."""

    _inherit = "website"

    def _b2b_get_price_paths(self):
        return (*super()._b2b_get_price_paths(), "/shop/price-list", "/my/feeds")

    def _b2b_get_client_mode_closed(self):
        return (*super()._b2b_get_client_mode_closed(), "/shop/price-list", "/my/feeds")

    def _b2b_may_price_list(self):
        """Whether the visitor may have price lists of the acting agreement."""
        acting = getattr(request, "b2b", None) if request else None
        return bool(
            acting
            and acting.agreement
            and self._b2b_may_see("prices")
            and self.env["b2b.member"]._may("agreement", "read", acting.entity)
        )

    def _b2b_get_price_list_url(self, query):
        """The page that makes a price list of what the catalogue shows.

        :param query: :class:`~..tools.catalogue_query.CatalogueQuery`
        """
        pairs = spell_query(query)
        if not pairs:
            return "/shop/price-list"
        return f"/shop/price-list?{urlencode([('current', '1'), *pairs])}"

    def _b2b_get_price_list_chips(self, options):
        """What the goods of a price list were filtered by, in words: list of texts."""
        query = options.get_catalogue_query()
        # the visitor's own rights: a forged id must not tell a name
        sections = self.env["product.public.category"].sudo(False)
        names = sections.search([("id", "=", query.section)]).mapped("name")
        if query.search:
            names.append(f"«{query.search}»")
        return [*names, *(label for label, _query in self._b2b_get_chips(query))]

    def _b2b_get_menu(self):
        rows = super()._b2b_get_menu()
        if not self._b2b_may_price_list():
            return rows
        rows.append(
            {
                "code": "price_list",
                "label": self.env._("Price lists"),
                "url": "/shop/price-list",
                "icon": "table",
                "sequence": 65,
            }
        )
        if self.env["b2b.member"]._may("feed", "read"):
            rows.append(
                {
                    "code": "feeds",
                    "label": self.env._("Price feeds"),
                    "url": "/my/feeds",
                    "icon": "rss",
                    "sequence": 66,
                }
            )
        return rows

    def _b2b_get_price_list_jobs(self):
        """The visitor's own price lists, the newest first, in sudo."""
        jobs = self.env["b2b.job"].search(
            [("kind", "=", "price_list"), ("user_id", "=", self.env.uid)], limit=SHOWN
        )
        return jobs.sudo()

    def _b2b_get_inbox(self):
        """Price lists that are ready and were not fetched yet."""
        rows = super()._b2b_get_inbox()
        if not self._b2b_may_see("prices"):
            return rows
        jobs = self._b2b_get_price_list_jobs().filtered(
            lambda job: not job.seen_at
            and job.state in ("done", "failed", *OPEN_STATES)
        )
        return rows + [self._b2b_describe_job(job) for job in jobs]

    def _b2b_describe_job(self, job):
        """The row of a job (single, sudo) on the desk."""
        row = {
            "code": "price_list",
            "icon": "table",
            "text": job.agreement_id._b2b_print_name(),
            "url": "/shop/price-list",
            "button": self.env._("To the price lists"),
            "date": job.finished_at or job.create_date,
            "priority": 35,
        }
        if job.state == "done":
            row |= {
                "title": self.env._("%(file)s is ready", file=job.name),
                "url": f"/my/documents/{job.document_id.id}/pdf",
                "button": self.env._("Download"),
            }
        elif job.state == "failed":
            row["title"] = self.env._("%(file)s could not be made", file=job.name)
        else:
            row["title"] = self.env._(
                "%(file)s is being prepared: %(percent)s %%",
                file=job.name,
                percent=job.percent,
            )
        return row
