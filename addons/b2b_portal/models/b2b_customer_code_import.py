# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import dataclass, field

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.code_file import MAX_CODE, article_keys, read_code_file
from ..tools.order_file import OrderFileError, normalise_article

OUTCOMES = ("added", "changed", "unchanged", "rejected")
MAX_NAME = 200


@dataclass
class CodeImportRow:
    """A row of a table of own numbers and what became of it.

    ``outcome`` is one of ``OUTCOMES``, ``text`` says why; ``values`` are those of the
    number, ``code`` is the existing record that they differ from.
    """

    row: int
    name: str
    outcome: str = "added"
    text: str = ""
    values: dict = field(default_factory=dict)
    code: object = None

    def reject(self, text):
        """Leave the row out, saying why."""
        self.outcome, self.text = "rejected", text


@dataclass
class CodeLookup:
    """What the texts of own numbers may name, read once for any number of them."""

    account: object
    # for whom a number is noted where its text names nobody
    entity: object
    # article key -> product.product in sudo
    products: dict
    # name or tax number, folded -> res.partner in sudo
    entities: dict
    # unit -> its spellings
    spellings: dict = field(default_factory=dict)


class B2bCustomerCode(models.Model):
    """Own article numbers from texts: of a form, or of a table with thousands."""

    _inherit = "b2b.customer.code"

    @api.model
    def _b2b_import(self, account, data, filename, entity):
        """Add and change numbers of an account from a table.

        A row changes the number that is there already; an empty name or unit changes
        nothing. The number of queries does not depend on the number of rows.

        :param account: ``b2b.account`` (single, sudo)
        :param bytes data: XLSX, XLS or CSV
        :param entity: ``res.partner`` for rows that name no legal entity; empty: the
            whole account
        :return: list of :class:`CodeImportRow`, one for each row of the table
        :raise UserError: the file as a whole cannot be read; nothing has changed
        """
        try:
            read = read_code_file(data, filename)
        except OrderFileError as error:
            raise UserError(self._b2b_get_code_file_error(error)) from error
        account._b2b_lock()
        lookup = self._b2b_get_lookup(
            account, entity, {source.texts["article"] for source in read}
        )
        rows = self._b2b_judge(read, lookup)
        self.sudo().create([row.values for row in rows if row.outcome == "added"])
        self._b2b_change([row for row in rows if row.outcome == "changed"])
        return rows

    # === TEXTS === #

    @api.model
    def _b2b_get_lookup(self, account, entity, articles):
        """See :class:`CodeLookup`; only goods that the user sees are found."""
        found = self.env["b2b.cart.import"]._find_products(articles)
        website = self.env["website"].get_current_website()
        ids = {product.id for products, _unit in found.values() for product in products}
        visible = self.env["product.product"].search(
            Domain("id", "in", list(ids)) & Domain(website.sale_product_domain())
        )
        seen = set(visible.ids)
        products = {
            key: products.filtered(lambda p: p.id in seen)
            for key, (products, _unit) in found.items()
        }
        whole = self._b2b_fold(self.env._("Whole account"))
        entities = {whole: account.entity_ids.browse()}
        for partner in account.entity_ids:
            for text in (partner.name, partner.vat):
                if text and self._b2b_may("read", account, partner):
                    entities[self._b2b_fold(text)] = partner
        return CodeLookup(account, entity, products, entities)

    @api.model
    def _b2b_fold(self, text):
        return " ".join((text or "").casefold().split())

    @api.model
    def _b2b_parse(self, texts, lookup):
        """Turn texts of a form or a row into values of a number.

        :param dict texts: see ``tools.code_file.FIELDS``
        :return: (dict of values, text of the error or an empty text)
        """
        code = normalise_article(texts.get("code", ""))
        key = self.env["b2b.cart.import"]._article_key(texts.get("article", ""))
        product = lookup.products.get(key) or self.env["product.product"]
        name = texts.get("name", "")
        named = self._b2b_fold(texts.get("entity"))
        entity = lookup.entities.get(named) if named else lookup.entity
        error = ""
        if not code:
            error = self.env._("The own article number is missing.")
        elif len(code) > MAX_CODE:
            error = self.env._(
                "An article number has 1 to %(limit)s characters.", limit=MAX_CODE
            )
        elif not key:
            error = self.env._("The seller's article is missing.")
        elif not product:
            error = self.env._("We have no such article.")
        elif len(product) > 1:
            error = self.env._("Several products have this article.")
        elif len(name) > MAX_NAME:
            error = self.env._("At most %(limit)s characters, please.", limit=MAX_NAME)
        elif entity is None:
            error = self.env._("Your account has no such legal entity.")
        if error:
            return {}, error
        values = {"code": code, "product_id": product.id, "entity_id": entity.id}
        if name:
            values["name"] = name
        if texts.get("unit"):
            unit = self.env["b2b.cart.import"]._find_unit(
                product, texts["unit"], None, lookup.spellings
            )
            if not unit:
                return {}, self.env._("The article is not sold by this unit.")
            values["uom_id"] = unit.id
        return values, ""

    # === ROWS === #

    @api.model
    def _b2b_judge(self, read, lookup):
        """Decide what becomes of each row; nothing is written.

        :param list read: ``tools.code_file.CodeRow``
        :return: list of :class:`CodeImportRow`
        """
        account = lookup.account
        keys = {article_keys(source.texts["code"])[0] for source in read}
        known = {
            (code.entity_id.id, code.key): code
            for code in self.sudo().search(
                [("account_id", "=", account.id), ("key", "in", list(keys))]
            )
        }
        reasons = self.env["b2b.cart.import.line"]._get_reason_texts()
        seen, rows, may = {}, [], {}
        for source in read:
            row = CodeImportRow(source.row, source.texts["code"])
            rows.append(row)
            if source.problem:
                row.reject(reasons[source.problem])
                continue
            row.values, error = self._b2b_parse(source.texts, lookup)
            if error:
                row.reject(error)
                continue
            place = row.values["entity_id"], article_keys(row.values["code"])[0]
            if place in seen:
                row.reject(
                    self.env._("The same number as in row %(row)s.", row=seen[place])
                )
                continue
            seen[place] = source.row
            self._b2b_match(row, known.get(place), account, may)
        return rows

    @api.model
    def _b2b_match(self, row, code, account, may):
        """Whether a good row is a new number, a change or nothing new.

        :param code: the existing number, or None
        :param dict may: cache, (verb, entity id) -> whether the user may
        """
        entity_id = row.values["entity_id"]
        if code:
            row.code = code
            values = {n: v for n, v in row.values.items() if n != "code"}
            row.values = code._b2b_get_difference(values)
            row.outcome = "changed" if row.values else "unchanged"
            if "product_id" in row.values:
                row.text = self.env._("Before: %s", code.product_id.display_name)
            if not self._b2b_unit_fits(row):
                row.reject(
                    self.env._("These goods are not sold by the unit of the number.")
                )
        else:
            row.values |= {"account_id": account.id, "source": "import"}
        verb = {"added": "create", "changed": "write"}.get(row.outcome)
        if verb and (verb, entity_id) not in may:
            entity = self.env["res.partner"].browse(entity_id or [])
            may[verb, entity_id] = self._b2b_may(verb, account, entity)
        if verb and not may[verb, entity_id]:
            row.reject(self.env._("Your role does not allow this."))

    @api.model
    def _b2b_unit_fits(self, row):
        """Whether the unit that a changed number keeps is one of its new goods."""
        code = row.code
        if "product_id" not in row.values or "uom_id" in row.values or not code.uom_id:
            return True
        product = self.env["product.product"].sudo().browse(row.values["product_id"])
        return code.uom_id in product._b2b_allowed_units()

    @api.model
    def _b2b_change(self, rows):
        """Write many different changes in one query.

        What :meth:`_b2b_judge` let through keeps the constraints of the model.
        """
        if not rows:
            return
        self.flush_model()
        changes = [(row.code.id, self._b2b_get_changed(row)) for row in rows]
        columns = ("product_id", "name", "uom_id")
        arrays = [[values[name] or None for _id, values in changes] for name in columns]
        self.env.cr.execute(
            SQL(
                """
                UPDATE b2b_customer_code c
                   SET product_id = v.product_id, product_tmpl_id = p.product_tmpl_id,
                       name = v.name, uom_id = v.uom_id, write_uid = %s,
                       write_date = NOW() AT TIME ZONE 'UTC'
                  FROM UNNEST(%s::int[], %s::int[], %s::varchar[], %s::int[])
                       AS v(id, product_id, name, uom_id)
                  JOIN product_product p ON p.id = v.product_id
                 WHERE c.id = v.id
                """,
                self.env.uid,
                [record_id for record_id, _values in changes],
                *arrays,
            )
        )
        self.invalidate_model()

    @api.model
    def _b2b_get_changed(self, row):
        """All columns of a changed number: product_id, name, uom_id."""
        code = row.code
        return {
            "product_id": code.product_id.id,
            "name": code.name,
            "uom_id": code.uom_id.id,
        } | row.values

    @api.model
    def _b2b_get_code_file_error(self, error):
        """The customer's text for a table of numbers that was refused."""
        if error.code == "no_columns":
            return self.env._(
                "The columns were not found. Head them “Own article” and “Seller's "
                "article” in a first row, or take our template."
            )
        if error.code == "no_rows":
            return self.env._("The file has no article numbers.")
        return self.env["b2b.cart.import"]._get_file_error_text(error)
