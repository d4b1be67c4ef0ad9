# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Own article numbers in the quick order: found, asked about, learned."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.http import request

from ..tools.code_file import MAX_CODE, article_keys
from ..tools.order_file import normalise_article
from ..tools.order_file.values import is_scientific
from .sale_order_cart import CartRequest

# Rows whose goods the customer may choose by hand.
CHOOSABLE = (
    "unknown_article",
    "ambiguous_article",
    "own_article_clash",
    "ambiguous_own_article",
    "not_sold",
)
# Own numbers decide where ours say nothing that can be ordered.
_OURS_SAYS_NOTHING = {"unknown_article", "ambiguous_article", "not_sold"}
MAX_CANDIDATES = 5


class B2bCartImport(models.Model):
    _inherit = "b2b.cart.import"

    @api.model
    def _run(self, cart, order_file, source):
        """Also count the uses of own article numbers."""
        imports = self.with_context(b2b_code_entity=cart.b2b_entity_id.id)
        result = super(B2bCartImport, imports)._run(cart, order_file, source)
        ordered = result.line_ids.filtered(lambda line: line.outcome != "rejected")
        ordered.code_id._b2b_note_use()
        # in sudo, as before, without the legal entity in its context
        return result.with_env(self.env(su=True))

    @api.model
    def _prepare_line(self, row, request):
        values = super()._prepare_line(row, request)
        code = request.code
        return values | {
            "code_id": code and code.id,
            "asked_qty": float(row.quantity or 0),
        }

    @api.model
    def _b2b_get_code_entity(self):
        """The legal entity (sudo) whose numbers count: the cart's, else the visitor's.

        It is empty where there is neither.
        """
        entity_id = self.env.context.get("b2b_code_entity")
        if not entity_id:
            acting = getattr(request, "b2b", None) if request else None
            entity_id = acting and acting.entity.id
        return self.env["res.partner"].sudo().browse(entity_id or [])

    # === RESOLUTION === #

    @api.model
    def _resolve(self, rows):
        """Our article goes before our barcode, and that before the customer's number.

        Where a number of the customer is an article of ours for other goods, nothing
        is ordered: the customer says which goods are meant.
        """
        requests = super()._resolve(rows)
        entity = self._b2b_get_code_entity()
        articles = {row.article for row in rows if row.article and not row.problem}
        codes = entity.b2b_account_id._b2b_find_codes(articles, entity)
        spellings = {}
        for row, wish in zip(rows, requests, strict=True):
            found = codes.get(row.article)
            if found and not row.problem:
                self._b2b_apply_codes(row, wish, found, spellings)
        return requests

    @api.model
    def _b2b_apply_codes(self, row, wish, codes, spellings):
        """Let own numbers decide about a row, where they may.

        :param wish: :class:`CartRequest` as our articles have it
        :param codes: ``b2b.customer.code``, those that the row's article may be
        """
        nothing = wish.outcome == "rejected" and set(wish.reasons) & _OURS_SAYS_NOTHING
        if not nothing:
            if not wish.product or wish.product in codes.product_id:
                return
            choice = codes[:1].clash
            if choice == "seller":
                return
            if choice == "ask":
                wish.product = wish.uom = None
                wish.reject("own_article_clash")
                return
        self._b2b_take_code(row, wish, codes, spellings)

    @api.model
    def _b2b_take_code(self, row, wish, codes, spellings):
        """Make a wish one for the goods of own numbers."""
        product = codes.product_id
        if len(product) > 1:
            wish.product = wish.uom = None
            wish.reject("ambiguous_own_article")
            return
        if problem := self._get_article_problem(product):
            wish.product = wish.uom = None
            wish.reject(problem)
            return
        code = codes[0]
        wish.product, wish.code = product, code
        wish.outcome, wish.reasons = "added", ()
        wish.uom = self._find_unit(product, row.unit, code.uom_id or None, spellings)
        if not wish.uom:
            wish.reject("wrong_unit")

    # === CHOICE === #

    def _b2b_recount(self):
        """Count the outcomes of the rows of a run (single, sudo) anew."""
        outcomes = self.line_ids.mapped("outcome")
        for code in ("added", "changed", "rejected", "skipped"):
            self[f"count_{code}"] = outcomes.count(code)


class B2bCartImportLine(models.Model):
    _inherit = "b2b.cart.import.line"

    code_id = fields.Many2one(
        "b2b.customer.code",
        "Own article",
        ondelete="set null",
        index="btree_not_null",
        help="The customer's own number that named the goods.",
    )
    asked_qty = fields.Float("Quantity asked for", digits="Product Unit")

    @api.model
    def _get_reason_texts(self):
        texts = super()._get_reason_texts()
        texts["own_article_clash"] = self.env._(
            "This is your number for some goods and our article of others. Choose "
            "which ones you mean."
        )
        texts["ambiguous_own_article"] = self.env._(
            "Several of your numbers fit. Choose the goods."
        )
        return texts

    def _b2b_is_choosable(self):
        """Whether the goods of the row (single) may be chosen by hand."""
        reasons = (self.reasons or "").split(",")
        return self.outcome == "rejected" and reasons[0] in CHOOSABLE

    def _b2b_get_candidates(self):
        """Goods that rows (batch, sudo) may mean, as far as the visitor sees them.

        :return: dict row id -> product.product in sudo
        """
        rows = self.filtered(lambda row: row._b2b_is_choosable() and row.article)
        if not rows:
            return {}
        imports = self.env["b2b.cart.import"]
        entity = rows[:1].import_id.entity_id
        articles = set(rows.mapped("article"))
        ours = imports._find_products(articles)
        own = entity.b2b_account_id._b2b_find_codes(articles, entity)
        found = {}
        for row in rows:
            products = own[row.article].product_id if row.article in own else None
            theirs, _unit = ours.get(imports._article_key(row.article), (None, None))
            found[row.id] = (theirs or self.env["product.product"].sudo()) | (
                products or self.env["product.product"].sudo()
            )
        every = self.env["product.product"].union(*found.values())
        seen = set(self.env["website"]._b2b_find_goods(every.ids).ids)
        return {
            row_id: products.filtered(lambda p: p.id in seen)[:MAX_CANDIDATES]
            for row_id, products in found.items()
        }

    def _b2b_choose_goods(self, product):
        """Put goods that the customer chose for the row (single, sudo) into the cart.

        :param product: product.product in sudo that the user sees
        :return: :class:`CartRequest`, with its outcome
        :raise AccessError, UserError: as of ``sale.order._b2b_add``
        """
        run = self.import_id
        cart = run.order_id.with_user(self.env.user).sudo()
        unit = self.env["b2b.cart.import"]._find_unit(product, self.unit, None, {})
        wish = CartRequest(product, unit, self.asked_qty)
        if not unit:
            wish.reject("wrong_unit")
        else:
            cart._b2b_add([wish])
        self.write(
            {
                "outcome": wish.outcome,
                "reasons": ",".join(wish.reasons),
                "product_id": product.id,
                "uom_id": unit.id,
                "quantity": wish.added_quantity,
                "wish_qty": wish.wish,
            }
        )
        run._b2b_recount()
        return wish

    def _b2b_learn(self, product):
        """Remember what the customer means by the article of the row (single, sudo).

        :param product: product.product that was chosen
        :return: ``b2b.customer.code`` in sudo; empty: nothing to learn, or no right
        """
        codes = self.env["b2b.customer.code"].sudo()
        article = normalise_article(self.article or "")
        entity = self.import_id.entity_id
        account = entity.b2b_account_id
        usable = article and len(article) <= MAX_CODE and not is_scientific(article)
        if not usable or not account:
            return codes
        known = account._b2b_find_codes([article], entity).get(article, codes)
        exact = known.filtered(lambda c: c.key == article_keys(article)[0])
        ours = self._b2b_get_ours(article)
        if product in ours and not exact:
            # our own article of these goods needs no second name
            return codes
        clash = "seller" if product in ours else "own"
        if exact and product in ours | exact[:1].product_id:
            if settled := exact[:1]._b2b_settle_clash(clash):
                return settled
            # a number for the whole account stays; the buyer's firm gets one of its own
            product = exact[:1].product_id
        target = self.env["b2b.customer.code"]._b2b_get_target(account, entity)
        if target is None:
            return codes
        values = {"code": article, "product_id": product.id, "source": "learned"}
        values |= {"uom_id": False, "clash": clash}
        return codes._b2b_put(account, target, values)[0]

    def _b2b_get_ours(self, article):
        """Goods (sudo) of ours that an article names."""
        imports = self.env["b2b.cart.import"]
        found = imports._find_products({article})
        products, _unit = found.get(imports._article_key(article), (None, None))
        return products or self.env["product.product"].sudo()


class B2bCustomerCode(models.Model):
    _inherit = "b2b.customer.code"

    def _b2b_settle_clash(self, clash):
        """Remember which goods the number (single, sudo) means from now on.

        :return: the number; empty: the user may not change it
        """
        if not self._b2b_may("write", self.account_id, self.entity_id):
            return self.browse()
        self.clash = clash
        return self


class Website(models.Model):
    _inherit = "website"

    def _b2b_find_goods(self, ids):
        """Those products of the catalogue that the visitor sees, in sudo."""
        website = self or self.get_current_website()
        products = self.env["product.product"].sudo(False)
        return products.search(
            Domain("id", "in", list(ids)) & Domain(website.sale_product_domain())
        ).sudo()
