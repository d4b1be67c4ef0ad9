# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import Forbidden

from odoo.exceptions import AccessError, UserError
from odoo.http import content_disposition, request, route
from odoo.tools.misc import format_date

from ..models.b2b_customer_code_import import OUTCOMES
from ..tools.code_file import LIMITS, MAX_ROWS
from ..tools.workbook import write_table
from .addresses import COLOURS
from .article_numbers import URL, ArticleNumbers
from .quick_order import XLSX

# Rows of a report that only say what has changed.
MAX_CHANGED = 200


class ArticleNumberTables(ArticleNumbers):
    """Own article numbers from a table and as a table."""

    @route(f"{URL}/import", type="http", auth="user", website=True, readonly=True)
    def import_form(self, **kwargs):
        """The page with the upload."""
        return self._render_import(self._get_account())

    def _render_import(self, account, **values):
        if not self._may_import(account):
            raise Forbidden
        return request.render(
            "b2b_portal.article_numbers_import",
            {
                "targets": self._get_entities(account, "create"),
                "entity_id": self._get_default_target(account),
                "max_rows": MAX_ROWS,
                "rows": None,
                "counts": {},
                "error": None,
                "outcomes": self._get_outcomes(),
                "colours": COLOURS,
                "page_name": "b2b_article_numbers_import",
            }
            | values,
        )

    def _get_outcomes(self):
        """Outcome of a row -> text."""
        return {
            "added": request.env._("Added"),
            "changed": request.env._("Changed"),
            "unchanged": request.env._("Unchanged"),
            "rejected": request.env._("Rejected"),
        }

    @route(
        f"{URL}/import/run", type="http", auth="user", website=True, methods=["POST"]
    )
    def run_import(self, entity_id="", file=None, **kwargs):
        """Import a table; sent once more, the same file changes nothing."""
        account = self._get_account()
        if not self._may_import(account):
            raise Forbidden
        target = self._get_target(account, entity_id)
        try:
            with request.env.cr.savepoint():
                if not hasattr(file, "read"):
                    raise UserError(request.env._("Choose a file."))
                data = file.read(LIMITS.max_bytes + 1)
                codes = request.env["b2b.customer.code"]
                rows = codes._b2b_import(account, data, file.filename, target)
        except (AccessError, UserError) as error:
            return self._render_import(account, error=str(error), entity_id=entity_id)
        outcomes = [row.outcome for row in rows]
        rejected = [row for row in rows if row.outcome == "rejected"]
        changed = [row for row in rows if row.outcome == "changed"]
        return self._render_import(
            account,
            rows=[*rejected, *changed[:MAX_CHANGED]],
            counts={code: outcomes.count(code) for code in OUTCOMES},
            total=len(rows),
            entity_id=entity_id,
        )

    @route(f"{URL}.xlsx", type="http", auth="user", website=True, readonly=True)
    def download(self, search="", entity_id="", **kwargs):
        """The numbers as a workbook; changed, it may be uploaded again."""
        account = self._get_account()
        domain = self._get_domain(account, search, entity_id)
        codes = request.env["b2b.customer.code"].search(domain)
        codes.sudo().product_id.fetch(["default_code", "name", "barcode"])
        return self._send_workbook(request.env._("Own articles"), codes.sudo())

    @route(
        f"{URL}/template.xlsx", type="http", auth="user", website=True, readonly=True
    )
    def template(self, **kwargs):
        """A workbook with the heads of the columns."""
        if not self._may_import(self._get_account()):
            raise Forbidden
        codes = request.env["b2b.customer.code"].sudo().browse()
        return self._send_workbook(request.env._("Own articles"), codes)

    def _send_workbook(self, name, codes):
        return request.make_response(
            self._write_workbook(codes),
            [
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(f"{name}.xlsx")),
            ],
        )

    def _write_workbook(self, codes):
        """Numbers (batch, sudo) as the bytes of a workbook."""
        env = request.env
        heads = [
            env._("Own article"),
            env._("Seller's article"),
            env._("Own name"),
            env._("Unit"),
            env._("Legal entity"),
            env._("Product"),
            env._("Source"),
            env._("Last used"),
        ]
        sources, whole = self._get_sources(), env._("Whole account")
        rows = []
        for code in codes:
            product = code.product_id
            row = [code.code, self._get_article(code), code.name, code.uom_id.name]
            row += [code.entity_id.name or whole, product.name, sources[code.source]]
            used = code.used_at and format_date(env, code.used_at.date())
            rows.append([value or "" for value in (*row, used)])
        return write_table(heads, rows)
