# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.http import Controller, request, route

from ..tools.parse_id import parse_id
from ..tools.refusal import Refusal
from .common import MemberPages

_URL = "/my/stock-alerts"
_MAX_ROWS = 300


class StockAlerts(MemberPages, Controller):
    """Goods that the visitor waits for."""

    def _check_stock_reader(self):
        """Let in members who may see stock.

        :raise Refusal: the website keeps stock from this visitor
        """
        self._check_member()
        if not request.website._b2b_may_see("stock"):
            raise Refusal()

    @route(_URL, type="http", auth="user", website=True, readonly=True)
    def stock_alerts(self, **kwargs):
        """What the visitor waits for, and what has come."""
        self._check_stock_reader()
        alerts = request.env["b2b.stock.alert"].search([], limit=_MAX_ROWS).sudo()
        seen = request.env["product.product"].search(
            Domain(request.website.sale_product_domain())
            & Domain("id", "in", alerts.product_id.ids)
        )
        return request.render(
            "b2b_portal.stock_alerts",
            {
                "alerts": alerts,
                "seen": set(seen.ids),
                "states": dict(
                    alerts._fields["state"]._description_selection(request.env)
                ),
                "message": self._pop_message(),
                "page_name": "b2b_stock_alerts",
            },
        )

    @route(
        "/shop/stock-alert", type="http", auth="user", website=True, methods=["POST"]
    )
    def wait(self, product_id=0, quantity="", page=_URL, **kwargs):
        """Wait for a quantity of a product, in the stock of the acting agreement."""
        self._check_stock_reader()
        agreement = request.b2b.agreement
        product = self._find_sold(parse_id(product_id))
        if not product or not product.sudo().is_storable:
            raise NotFound
        if not agreement:
            raise Refusal()
        self._set(agreement, product, quantity)
        return request.redirect(page, local=True)

    def _set(self, agreement, product, text):
        """Set an alert to what was typed, and say what became of it."""
        number, problem = self._read_quantity(text)
        if problem or not number:
            texts = request.env["b2b.cart.import.line"]._get_reason_texts()
            self._tell(texts.get(problem) or texts["no_quantity"], "danger")
            return
        try:
            with request.env.cr.savepoint():
                alert = request.env["b2b.stock.alert"]._b2b_set(
                    request.b2b.member, agreement, product.sudo(), float(number)
                )
                alert.flush_recordset()
        except (UserError, ValidationError) as error:
            self._tell(str(error), "danger")
            return
        self._tell(
            request.env._(
                "We will tell you when %(quantity)s of %(product)s are in stock.",
                quantity=alert._b2b_get_text(),
                product=product.display_name,
            )
        )

    @route(
        f"{_URL}/<int:alert_id>/save",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def save(self, alert_id, quantity="", **kwargs):
        """Another quantity; an alert that has ended begins anew."""
        alert = self._get_record("b2b.stock.alert", alert_id, "write")
        self._check_stock_reader()
        product = self._find_sold(alert.product_id.id)
        if not product:
            raise NotFound
        self._set(alert.agreement_id, product, quantity)
        return request.redirect(_URL)

    @route(
        f"{_URL}/<int:alert_id>/delete",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def remove(self, alert_id, page=_URL, **kwargs):
        """Wait no longer; the row stays in the list, to begin anew."""
        alert = self._get_record("b2b.stock.alert", alert_id, "delete")
        if alert.state == "expired":
            alert.unlink()
            self._tell(request.env._("The row is removed."))
        else:
            alert.state = "expired"
            self._tell(self._get_removed_text(alert.product_id))
        return request.redirect(page, local=True)

    def _get_removed_text(self, product):
        """What is said of an alert that ended; no name of goods that are hidden now."""
        if self._find_sold(product.id):
            return request.env._(
                "You wait no longer for %(product)s.", product=product.display_name
            )
        return request.env._("You wait no longer.")

    def _find_sold(self, product_id):
        """The product (single or none) as the visitor, if it is sold to them."""
        domain = Domain(request.website.sale_product_domain())
        return request.env["product.product"].search(
            domain & Domain("id", "=", product_id)
        )
