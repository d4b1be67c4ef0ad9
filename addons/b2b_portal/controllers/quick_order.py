# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io

import xlsxwriter
from werkzeug.exceptions import NotFound

from odoo.exceptions import AccessError, UserError
from odoo.http import Controller, content_disposition, request, route
from odoo.tools import lazy

from ..tools.order_file import DEFAULT_LIMITS
from .common import MemberPages

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class QuickOrder(MemberPages, Controller):
    """Orders from pasted lines and from files."""

    @route("/shop/quick-order", type="http", auth="user", website=True, readonly=True)
    def form(self, **kwargs):
        """The page with the field for lines and the upload."""
        self._check_may("cart", "create")
        return request.render("b2b_portal.quick_order", self._get_form_values())

    def _get_form_values(self, **values):
        """Values of the page; ``values`` come on top."""
        Order = request.env["sale.order"]
        carts = Order.search(Order._b2b_cart_domain(request.website), limit=50)
        return {
            "carts": carts._b2b_filtered("write").sudo(),
            "current": request.cart,
            "limits": DEFAULT_LIMITS,
            "message": self._pop_message(),
            "text": "",
            "error": None,
            "page_name": "b2b_quick_order",
        } | values

    @route(
        "/shop/quick-order/run",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def run(self, cart_id=0, text="", file=None, **kwargs):
        """Put lines or a file into a cart, then show what became of each row.

        Nothing is written when the file as a whole is refused. A file above the
        limit is not read to its end: werkzeug holds uploads on disk, and the visitor
        gets our message in place of a bare 413.
        """
        self._check_member()
        imports = request.env["b2b.cart.import"]
        try:
            with request.env.cr.savepoint():
                cart = self._get_target(cart_id)
                if file:
                    data = file.read(DEFAULT_LIMITS.max_bytes + 1)
                    result = imports._run_file(cart, data, file.filename)
                else:
                    result = imports._run_text(cart, text)
        except (AccessError, UserError) as error:
            if not int(cart_id if str(cart_id).isdecimal() else 0):
                self._forget_new_cart()
            values = self._get_form_values(error=str(error), text=text)
            return request.render("b2b_portal.quick_order", values)
        return request.redirect(f"/shop/quick-order/{result.id}")

    def _get_target(self, cart_id):
        """The chosen cart, or a new one (sudo)."""
        if str(cart_id).isdecimal() and int(cart_id):
            return self._get_cart(int(cart_id))
        return request.website._create_cart()

    def _forget_new_cart(self):
        """Take a cart that was rolled back out of the session and the request."""
        request.website.sale_reset()
        request.cart = lazy(request.website._get_and_cache_current_cart)

    def _get_run(self, run_id):
        """A run of the visitor by id, in sudo.

        :raise NotFound: there is none or it is not the visitor's
        """
        self._check_member()
        result = request.env["b2b.cart.import"].search([("id", "=", run_id)])
        if not result:
            raise NotFound
        return result.sudo()

    @route(
        "/shop/quick-order/<int:run_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def result(self, run_id, **kwargs):
        """Every row of the file with what became of it."""
        result = self._get_run(run_id)
        return request.render(
            "b2b_portal.quick_order_result",
            {
                "run": result,
                "outcomes": dict(
                    result.line_ids._fields["outcome"]._description_selection(
                        request.env
                    )
                ),
                "page_name": "b2b_quick_order",
            },
        )

    @route(
        "/shop/quick-order/<int:run_id>/xlsx",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def download(self, run_id, **kwargs):
        """The result page as a spreadsheet, to correct and send again."""
        result = self._get_run(run_id)
        name = request.env._("Result of %(file)s", file=result.name)
        return request.make_response(
            self._write_xlsx(result),
            [
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(f"{name}.xlsx")),
            ],
        )

    def _write_xlsx(self, result):
        """The rows of a run (single) as the bytes of a workbook."""
        outcomes = dict(
            result.line_ids._fields["outcome"]._description_selection(request.env)
        )
        buffer = io.BytesIO()
        # A customer's article may begin with "=": never a formula here.
        workbook = xlsxwriter.Workbook(
            buffer, {"in_memory": True, "strings_to_formulas": False}
        )
        sheet = workbook.add_worksheet()
        bold = workbook.add_format({"bold": True})
        heads = (
            request.env._("Row"),
            request.env._("Article"),
            request.env._("Quantity"),
            request.env._("Unit"),
            request.env._("Result"),
        )
        heads += (
            request.env._("Added"),
            request.env._("Unit added"),
            request.env._("Product"),
            request.env._("Why"),
        )
        sheet.write_row(0, 0, heads, bold)
        for number, line in enumerate(result.line_ids, start=1):
            row = (line.row, line.article, line.quantity_raw, line.unit)
            row += (outcomes[line.outcome], line.quantity, line.uom_id.name)
            row += (line.product_id.display_name, line._get_text_with_choices())
            sheet.write_row(number, 0, [value or "" for value in row])
        sheet.freeze_panes(1, 0)
        sheet.set_column(1, 8, 20)
        workbook.close()
        return buffer.getvalue()
