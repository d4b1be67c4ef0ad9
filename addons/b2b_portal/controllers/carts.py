# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.http import Controller, request, route

from .common import MemberPages


class Carts(MemberPages, Controller):
    """Many named carts: list, page, checkout on account."""

    @route("/my/carts", type="http", auth="user", website=True, readonly=True)
    def carts(self, **kwargs):
        """List of the visitor's open carts, newest first."""
        self._check_may("cart", "read")
        Order = request.env["sale.order"]
        carts = Order.search(
            Order._b2b_cart_domain(request.website), order="write_date desc, id desc"
        )
        return request.render(
            "b2b_portal.carts",
            {
                "carts": carts.sudo(),
                "current": request.cart,
                "message": self._pop_message(),
                "page_name": "b2b_carts",
            },
        )

    @route("/my/carts/new", type="http", auth="user", website=True, methods=["POST"])
    def create_cart(self, name="", **kwargs):
        """Open a new cart under the acting agreement and make it current."""
        self._check_member()
        try:
            cart = request.website._create_cart()
        except (AccessError, UserError) as error:
            self._tell(str(error), "danger")
            return request.redirect("/my/carts")
        if name.strip():
            cart.b2b_name = name.strip()[:100]
        return request.redirect(f"/my/carts/{cart.id}")

    @route("/my/carts/<int:cart_id>", type="http", auth="user", website=True)
    def cart(self, cart_id, **kwargs):
        """One cart; opening it makes it the current one."""
        cart = self._get_cart(cart_id, "read")
        if cart.state != "draft":
            return request.redirect(f"/my/orders/{cart.id}")
        if cart._b2b_filtered("write") and cart.id != request.cart.id:
            try:
                request.website._b2b_switch_cart(cart.sudo(False))
            except AccessError as error:
                self._tell(str(error), "warning")
        return request.render("b2b_portal.cart_page", self._get_cart_values(cart))

    def _get_cart_values(self, cart):
        """Values of the cart's page and of its checkout (single cart)."""
        return {
            "cart": cart,
            "lines": cart.order_line.filtered(lambda line: not line.display_type),
            "checks": cart._b2b_get_checks(),
            "can_write": bool(cart._b2b_filtered("write")),
            "can_submit": bool(cart._b2b_filtered("submit")),
            "message": self._pop_message(),
            "page_name": "b2b_cart",
        }

    @route(
        "/my/carts/<int:cart_id>/update",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def update_cart(self, cart_id, name=None, **quantities):
        """Change the name and the quantities (``qty_<line id>``) of a cart."""
        cart = self._get_cart(cart_id)
        if name and name.strip():
            cart.b2b_name = name.strip()[:100]
        try:
            with request.env.cr.savepoint():
                texts = self._apply_form(cart, quantities)
                cart._verify_cart_after_update()
        except UserError as error:
            texts = [str(error)]
        texts = [text for text in texts if text]
        self._tell(
            "\n".join(texts) or request.env._("The cart is saved."),
            "warning" if texts else "success",
        )
        return request.redirect(f"/my/carts/{cart_id}")

    def _apply_form(self, cart, values):
        """Change the lines of a cart (single) as its posted form says; a hook.

        :param dict values: of the form, by name
        :return: list of texts for the customer, empty ones among them
        :raise UserError: nothing of the form is to be saved
        """
        quiet = cart.with_context(skip_cart_verification=True)
        texts = []
        for line_id, quantity in self._parse_quantities(cart, values):
            line = quiet.order_line.filtered(lambda line, key=line_id: line.id == key)
            name = line.product_id.display_name
            result = quiet._cart_update_line_quantity(line_id, quantity)
            texts.append(result.get("warning"))
            if not quantity:
                texts.append(request.env._("%(product)s is removed.", product=name))
        return texts

    def _parse_quantities(self, cart, values):
        """Changed quantities of a posted form.

        :return: list of (line id, quantity)
        :raise UserError: naming each product whose quantity cannot be read
        """
        changed, problems = [], []
        for line in cart.order_line:
            raw = values.get(f"qty_{line.id}")
            if raw is None:
                continue
            quantity, problem = self._parse_quantity(raw)
            if problem:
                problems.append(
                    request.env._(
                        "%(product)s, “%(quantity)s”: %(problem)s",
                        product=line.product_id.display_name,
                        quantity=raw[:50],
                        problem=problem,
                    )
                )
            elif line.product_uom_id.compare(quantity, line.product_uom_qty):
                changed.append((line.id, quantity))
        if problems:
            raise UserError("\n".join(problems))
        return changed

    def _parse_quantity(self, raw):
        """A quantity as people of the visitor's language write it; empty is 0.

        :return: (float, None), or (None, text: what is wrong with it)
        """
        if not raw.strip(" 0,."):
            return 0.0, None
        number, problem = self._read_quantity(raw)
        if problem:
            rows = request.env["b2b.cart.import.line"]
            return None, rows._get_reason_texts()[problem]
        return float(number), None

    @route(
        "/my/carts/<int:cart_id>/delete",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def delete_cart(self, cart_id, **kwargs):
        """Cancel a cart; it stays in the backend."""
        cart = self._get_cart(cart_id, "delete")
        cart._b2b_check_cart_write()
        cart._action_cancel()
        self._tell(request.env._("The cart is deleted."))
        return request.redirect("/my/carts")

    @route("/my/carts/<int:cart_id>/checkout", type="http", auth="user", website=True)
    def checkout(self, cart_id, **kwargs):
        """Terms, addresses and checks of a cart before it becomes an order."""
        cart = self._get_cart(cart_id, "submit")
        if cart.state != "draft":
            return request.redirect(f"/my/orders/{cart.id}")
        values = self._get_cart_values(cart)
        values["addresses"] = cart.partner_id | cart.partner_id.child_ids.filtered(
            lambda partner: partner.type == "delivery"
        )
        return request.render("b2b_portal.checkout", values)

    @route(
        "/my/carts/<int:cart_id>/submit",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def submit(self, cart_id, address_id=None, reference="", **kwargs):
        """Place the order on account. A second click changes nothing."""
        cart = self._get_cart(cart_id, "read")
        if cart.state == "sale":
            return request.redirect(f"/my/orders/{cart.id}")
        try:
            with request.env.cr.savepoint():
                cart._b2b_check("submit")
                self._set_delivery(cart, address_id, reference)
                cart._b2b_submit()
        except (AccessError, UserError) as error:
            self._tell(str(error), "danger")
            return request.redirect(f"/my/carts/{cart_id}")
        request.website.sale_reset()
        self._tell(
            request.env._(
                "Order %(name)s is placed. The invoice is ready.", name=cart.name
            )
        )
        return request.redirect(f"/my/documents?order_id={cart.id}")

    def _set_delivery(self, cart, address_id, reference):
        """Write the delivery address and the customer's number of the order.

        :raise UserError: the address is not one of the legal entity's
        """
        values = {"client_order_ref": (reference or "").strip()[:64]}
        if address_id:
            entity = cart.partner_id
            address = (entity | entity.child_ids).filtered(
                lambda partner: str(partner.id) == address_id
            )
            if not address:
                raise UserError(
                    request.env._(
                        "This is not an address of %(name)s.", name=entity.name
                    )
                )
            values["partner_shipping_id"] = address.id
        cart.write(values)

    @route(
        "/my/orders/<int:order_id>/reopen",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def reopen(self, order_id, **kwargs):
        """Take a placed order back to the carts, to change it."""
        order = self._get_record("sale.order", order_id, "write")
        if order.state != "draft":
            try:
                with request.env.cr.savepoint():
                    order._b2b_reopen(request.website)
            except (AccessError, UserError) as error:
                self._tell(str(error), "danger")
                return request.redirect(f"/my/orders/{order_id}")
            self._tell(
                request.env._(
                    "%(name)s is a cart again. Change it and place it once more.",
                    name=order.name,
                ),
                "warning",
            )
        return request.redirect(f"/my/carts/{order_id}")

    @route("/b2b/agreement", type="http", auth="user", website=True, methods=["POST"])
    def switch_agreement(self, agreement_id=0, redirect="/my/carts", **kwargs):
        """Act for another legal entity or under another agreement."""
        self._check_member()
        if str(agreement_id).isdecimal():
            request.website._b2b_switch_agreement(int(agreement_id))
        return request.redirect(redirect, local=True)
