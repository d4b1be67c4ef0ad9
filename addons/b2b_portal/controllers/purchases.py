# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from urllib.parse import urlencode

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.http import content_disposition, request, route

from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..models.b2b_purchase_history import DEFAULT_MONTHS, MONTHS, SORTS, HistoryFilter
from ..tools.parse_id import parse_id
from ..tools.workbook import write_table
from .catalogue import CatalogueTable
from .quick_order import XLSX

_URL = "/my/purchases"
PAGE_SIZE = 50
MAX_SEARCH = 100
# State of a purchase that wants an action -> Bootstrap colour.
COLOURS = {"overdue": "danger", "soon": "warning"}
# Most goods of one usual order, and of one workbook.
MAX_USUAL = 1000
MAX_ROWS = 20_000


class Purchases(CatalogueTable):
    """'Bought before': what, how much, how often, and when again."""

    # === FILTER === #

    def _get_filter(self, values):
        """The filter that an address or a form names; nonsense counts as absent."""
        months = parse_id(values.get("months")) if "months" in values else None
        whose = str(values.get("whose") or "")
        entities = self._get_order_entities()
        if whose != "mine" and parse_id(whose) not in entities.ids:
            whose = ""
        sort = values.get("sort")
        return HistoryFilter(
            months=months if months in (0, *MONTHS) else DEFAULT_MONTHS,
            whose=whose,
            section=parse_id(values.get("section")),
            text=" ".join(str(values.get("search") or "")[:MAX_SEARCH].split()),
            due_only=bool(values.get("due")),
            sort=sort if sort in SORTS else SORTS[0],
        )

    def _get_arguments(self, wanted):
        """A filter as the arguments of an address, what is usual left out."""
        values = {
            "months": "" if wanted.months == DEFAULT_MONTHS else str(wanted.months),
            "whose": wanted.whose,
            "section": wanted.section or "",
            "search": wanted.text,
            "due": "1" if wanted.due_only else "",
            "sort": "" if wanted.sort == SORTS[0] else wanted.sort,
        }
        return {name: value for name, value in values.items() if value}

    def _get_order_entities(self):
        """Legal entities whose orders the visitor may see, in sudo."""
        ids = {
            entity_id
            for grant in request.env["b2b.member"]._get_grants()
            if (grant.object, grant.verb) == ("order", "read")
            for entity_id in grant.get_entity_ids()
        }
        return request.env["res.partner"].sudo().browse(ids).sorted("name")

    # === PAGE === #

    @route(
        [_URL, f"{_URL}/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def purchases(self, page=1, **values):
        """Goods bought before, those first whose turn it is."""
        self._check_may("order", "read")
        wanted = self._get_filter(values)
        history = request.env["b2b.purchase.history"]
        offset = PAGE_SIZE * (max(page, 1) - 1)
        purchases = history._get_purchases(wanted, PAGE_SIZE, offset)
        total = purchases[0].total if purchases else 0
        arguments = self._get_arguments(wanted)
        pager = portal_pager(
            url=_URL, total=total, page=page, step=PAGE_SIZE, url_args=arguments
        )
        website = request.website
        rows = website._b2b_get_purchase_rows(purchases)
        return request.render(
            "b2b_portal.purchases",
            self._get_order_values()
            | {
                "rows": rows,
                "total": total,
                "wanted": wanted,
                "arguments": urlencode(arguments),
                "pager": pager,
                "months": MONTHS,
                "sorts": self._get_sorts(),
                "sections": history._get_sections(wanted),
                "entities": self._get_order_entities(),
                "states": self._get_states(),
                "colours": COLOURS,
                "today": fields.Date.context_today(history),
                "message": self._pop_message(),
                "page_name": "b2b_purchases",
            },
        )

    def _get_order_values(self):
        """What the page asks of the visitor's rights and cart."""
        website, acting = request.website, request.b2b
        may = request.env["b2b.member"]._may
        may_order = bool(acting.agreement) and may("cart", "create", acting.entity)
        client_mode = website._b2b_in_client_mode()
        see_prices = bool(acting.agreement) and website._b2b_may_see("prices")
        return {
            "agreement": acting.agreement,
            "may_order": may_order and website._b2b_may_see("prices"),
            "see_prices": see_prices,
            "see_stock": website._b2b_may_see("stock"),
            "client_mode": client_mode,
            "cart": request.cart,
            "in_cart": website._b2b_get_cart_quantities(),
        }

    def _get_sorts(self):
        env = request.env
        return {
            "due": env._("By turn"),
            "last": env._("Bought last"),
            "often": env._("Bought most often"),
            "article": env._("By article"),
        }

    def _get_states(self):
        """State of a purchase -> text."""
        env = request.env
        return {
            "overdue": env._("overdue"),
            "soon": env._("due soon"),
            "later": env._("later"),
            "asleep": env._("no longer regular"),
            "none": env._("bought rarely"),
            "gone": env._("no longer sold"),
        }

    # === INTO THE CART === #

    @route(f"{_URL}/add", type="http", auth="user", website=True, methods=["POST"])
    def add_purchases(self, cart_id=0, agreement_id=0, only="", back="", **values):
        """Put the rows that are ticked (``row_<product id>``) into the cart.

        :param only: id of a product: that row alone, ticked or not
        """
        self._check_may("order", "read")
        chosen = {only} if only else {n[4:] for n in values if n.startswith("row_")}
        wanted = {
            n: v for n, v in values.items() if n[:4] == "qty_" and n[4:] in chosen
        }
        self._put(cart_id, agreement_id, lambda: (self._read_rows(wanted), 0))
        return self._go_back(back)

    @route(f"{_URL}/usual", type="http", auth="user", website=True, methods=["POST"])
    def add_usual(self, cart_id=0, agreement_id=0, back="", **values):
        """Put everything that is due into the cart, in the usual quantities."""
        self._check_may("order", "read")
        wanted = self._get_filter(values)
        wanted.due_only = True

        def read():
            history = request.env["b2b.purchase.history"]
            website = request.website
            purchases = history._get_purchases(wanted, MAX_USUAL)
            rows = website._b2b_get_purchase_rows(purchases)
            named = parse_id(cart_id)
            lines = self._get_cart(named).order_line if named else None
            in_cart = set(lines.product_id.ids) if lines else set()
            return website._b2b_get_usual_wishes(rows, in_cart)

        self._put(cart_id, agreement_id, read)
        return self._go_back(back)

    def _put(self, cart_id, agreement_id, read):
        """Add wishes to the named cart and tell what became of them.

        :param read: function () -> (list of :class:`CartRequest`, number of goods that
            were left out)
        """
        try:
            with request.env.cr.savepoint():
                wishes, left_out = read()
                cart = self._add_to_cart(cart_id, agreement_id, wishes)
        except (AccessError, UserError) as error:
            self._forget_new_cart(cart_id)
            self._tell(str(error), "danger")
            return
        if not wishes and left_out:
            text, kind = request.env._("Nothing was added."), "warning"
        elif not wishes:
            text, kind = request.env._("Choose at least one row."), "warning"
        else:
            text, kind = self._summarize(cart, wishes)
        if left_out:
            left = request.env._(
                "%(count)s goods were left out: they are in the cart already, or are "
                "not sold any more.",
                count=left_out,
            )
            text = f"{text}\n{left}"
        self._tell(text, kind)

    def _go_back(self, back):
        """Return to the page with its filter, and to no other page."""
        good = back == _URL or back.startswith((f"{_URL}?", f"{_URL}/page/"))
        return request.redirect(back if good else _URL, local=True)

    # === WORKBOOK === #

    @route(f"{_URL}.xlsx", type="http", auth="user", website=True, readonly=True)
    def download(self, **values):
        """The list as a workbook whose quantity column may be sent as an order."""
        self._check_may("order", "read")
        history = request.env["b2b.purchase.history"]
        purchases = history._get_purchases(self._get_filter(values), MAX_ROWS)
        rows = request.website._b2b_get_purchase_rows(purchases)
        name = request.env._("Bought before")
        return request.make_response(
            self._write_purchases(rows),
            [
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(f"{name}.xlsx")),
            ],
        )

    def _write_purchases(self, rows):
        """Rows of the page as the bytes of a workbook."""
        env, values = request.env, self._get_order_values()
        prices = values["see_prices"] and not values["client_mode"]
        heads = [env._("Article"), env._("Name"), env._("Quantity"), env._("Unit")]
        heads += [env._("Own article"), env._("Bought last"), env._("Last time")]
        heads += [env._("Orders"), env._("Every, days"), env._("Next time")]
        heads.append(env._("State"))
        if values["see_stock"]:
            heads.append(env._("In stock"))
        if prices:
            heads += [env._("My price"), env._("Currency")]
        states = self._get_states()
        table = []
        for row in rows:
            purchase, price = row.purchase, row.price_row
            product = purchase.product
            cells = [product.default_code or "", product.display_name]
            cells += [row.quantity, product.uom_id.name, row.own_code]
            cells += [purchase.last_day, purchase.last_quantity, purchase.orders]
            cells += [purchase.interval, purchase.due, states[purchase.state]]
            if values["see_stock"]:
                cells.append(
                    price
                    and request.website._b2b_get_stock_cell(price.stock, product.uom_id)
                )
            if prices:
                cells += [price and price.price, price and price.currency.name]
            table.append(cells)
        return write_table(heads, table, frozen=2)
