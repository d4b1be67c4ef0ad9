# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from urllib.parse import urlencode

from odoo.exceptions import AccessError, UserError
from odoo.http import request, route

from ..models.website_code import MAX_SEARCH
from ..tools.parse_id import parse_id
from .quick_order import QuickOrder


class QuickOrderChoice(QuickOrder):
    """Choosing the goods of rows whose article was not understood."""

    @route("/shop/goods/suggest", type="http", auth="user", website=True, readonly=True)
    def suggest_goods(self, q="", **kwargs):
        """Goods that a text may mean, as JSON: id, article, name; a few of them."""
        self._check_member()
        products = request.website._b2b_suggest_goods(q)
        rows = [
            {
                "id": product.id,
                "article": product.default_code or product.barcode or "",
                "name": self._get_goods_name(product),
            }
            for product in products
        ]
        return request.make_json_response(rows)

    def _get_goods_name(self, product):
        return product.with_context(display_default_code=False).display_name

    def _get_choice_values(self, result, row="", q=""):
        """What the result page needs for rows whose goods may be chosen.

        :param str row: id of the row that a text was searched for, without scripts
        """
        order = result.order_id
        open_cart = order.state == "draft" and order._b2b_filtered("write")
        if not open_cart:
            return {"goods_choices": None}
        lines = result.line_ids
        choices = lines._b2b_get_candidates()
        if parse_id(row) in choices and q:
            choices[parse_id(row)] = request.website._b2b_suggest_goods(q)
        codes = request.env["b2b.customer.code"]
        account = order.b2b_entity_id.b2b_account_id
        return {
            "goods_choices": choices,
            "goods_row": parse_id(row),
            "goods_text": q,
            "may_learn": codes._b2b_get_target(account, order.b2b_entity_id)
            is not None,
            "message": self._pop_message(),
        }

    @route()
    def result(self, run_id, row="", q="", **kwargs):
        response = super().result(run_id, **kwargs)
        run = response.qcontext["run"]
        learned = run.line_ids.code_id
        response.qcontext |= self._get_choice_values(run, row, q)
        response.qcontext["forgettable"] = set(learned._b2b_filtered("delete").ids)
        return response

    @route(
        "/shop/quick-order/<int:run_id>/choose",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def choose_goods(self, run_id, row="", product_id="", q="", learn="", **kwargs):
        """Put the goods that were chosen for a row into the cart.

        :param str row: id of the row (b2b.cart.import.line)
        :param str q: text to look for, where nothing is chosen yet
        :param str learn: '1': the row's article means these goods from now on
        """
        run = self._get_run(run_id)
        self._get_cart(run.order_id.id)
        back = f"/shop/quick-order/{run_id}#row_{parse_id(row)}"
        if not product_id:
            query = urlencode({"row": parse_id(row), "q": q[:MAX_SEARCH]})
            return request.redirect(back.replace("#", f"?{query}#"))
        try:
            with request.env.cr.savepoint():
                text, kind = self._choose_goods(run, row, product_id, learn == "1")
        except (AccessError, UserError) as error:
            text, kind = str(error), "danger"
        self._tell(text, kind)
        return request.redirect(back)

    def _choose_goods(self, run, row, product_id, learn):
        """See :meth:`choose_goods`.

        :return: (text, kind) for the customer
        :raise UserError: the row or the goods are not to be chosen
        """
        run._b2b_lock()
        line = run.line_ids.filtered(lambda line: line.id == parse_id(row))
        product = request.website._b2b_find_goods([parse_id(product_id)])
        if not line or not line._b2b_is_choosable() or not product:
            raise UserError(request.env._("This row has nothing to choose from."))
        wish = line._b2b_choose_goods(product)
        lines = request.env["b2b.cart.import.line"]
        reasons = lines._get_wish_text(wish, run.order_id.b2b_agreement_id)
        texts = [] if wish.outcome == "rejected" else [self._get_added_text(wish)]
        texts.append(reasons)
        if learn:
            code = line._b2b_learn(product)
            line.code_id = code
            if code:
                text = request.env._("“%s” is remembered.", code.code)
                texts.append(text)
        kind = "success" if wish.outcome == "added" else "warning"
        return " ".join(filter(None, texts)), kind

    def _get_added_text(self, wish):
        return request.env._(
            "%(product)s: %(quantity)s %(unit)s added.",
            product=wish.product.display_name,
            quantity=wish.uom._b2b_format(wish.added_quantity),
            unit=wish.uom.name,
        )
