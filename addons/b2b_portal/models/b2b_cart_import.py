# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.order_file import (
    OrderFileError,
    normalise_article,
    read_order_file,
    read_order_text,
)
from .sale_order_cart import CartRequest

OUTCOMES = [
    ("added", "Added"),
    ("changed", "Added with a correction"),
    ("rejected", "Rejected"),
    ("skipped", "Not an order line"),
]


class B2bCartImport(models.Model):
    """One run of the quick order: every row of the file and its outcome."""

    _name = "b2b.cart.import"
    _description = "Quick Order"
    _inherit = ["b2b.scope.mixin"]
    _order = "id desc"
    _b2b_member_path = "member_id"

    name = fields.Char("Source", required=True)
    order_id = fields.Many2one(
        "sale.order", "Cart", required=True, ondelete="cascade", index=True
    )
    entity_id = fields.Many2one(
        related="order_id.b2b_entity_id", store=True, index=True
    )
    member_id = fields.Many2one(
        related="order_id.b2b_member_id", store=True, index=True
    )
    sheet = fields.Char()
    line_ids = fields.One2many("b2b.cart.import.line", "import_id", "Rows")
    count_read = fields.Integer("Rows read")
    count_added = fields.Integer("Added")
    count_changed = fields.Integer("Added with a correction")
    count_rejected = fields.Integer("Rejected")
    count_skipped = fields.Integer("Not order lines")

    @api.model
    def _b2b_objects(self):
        return {"cart": Domain.TRUE}

    # === RUN === #

    @api.model
    def _run_file(self, cart, data, filename):
        """Put an uploaded order into a cart.

        :param cart: ``sale.order`` (single, sudo) that the user may change
        :param bytes data: the file
        :return: the run, in sudo
        :raise UserError: the file as a whole cannot be read; nothing has changed
        """
        try:
            order_file = read_order_file(data, filename)
        except OrderFileError as error:
            raise UserError(self._get_file_error_text(error)) from error
        return self._run(cart, order_file, filename)

    @api.model
    def _run_text(self, cart, text):
        """Put pasted lines into a cart; see :meth:`_run_file`."""
        units = self.env["uom.uom"].sudo().search([("active", "=", True)])
        spellings = {word for uom in units for word in uom._b2b_spellings()}
        try:
            order_file = read_order_text(text, units=spellings)
        except OrderFileError as error:
            raise UserError(self._get_file_error_text(error)) from error
        return self._run(cart, order_file, self.env._("Pasted lines"))

    @api.model
    def _run(self, cart, order_file, source):
        """Resolve, add and record every row, in a constant number of queries."""
        cart._b2b_check_cart_write()
        requests = self._resolve(order_file.rows)
        cart._b2b_add([request for request in requests if request.product])
        rows = [
            self._prepare_line(row, request)
            for row, request in zip(order_file.rows, requests, strict=True)
        ]
        outcomes = [row["outcome"] for row in rows]
        outcomes += ["skipped"] * len(order_file.skipped)
        # of a price list with 50,000 rows the customer has filled a few: the others
        # are counted, not listed
        rows += [
            {"row": row, "outcome": "skipped", "reasons": reason}
            for row, reason in order_file.skipped
            if reason != "not_ordered"
        ]
        return self.sudo().create(
            {
                "name": source,
                "order_id": cart.id,
                "sheet": order_file.sheet,
                "count_read": order_file.read,
                **{f"count_{code}": outcomes.count(code) for code, _label in OUTCOMES},
                "line_ids": [
                    fields.Command.create(row)
                    for row in sorted(rows, key=lambda row: row["row"])
                ],
            }
        )

    @api.model
    def _prepare_line(self, row, request):
        """Values of the record of one order line of the file."""
        return {
            "row": row.row,
            "article": row.article,
            "quantity_raw": row.quantity_raw,
            "unit": row.unit,
            "outcome": request.outcome,
            "reasons": ",".join(dict.fromkeys(request.reasons)),
            "product_id": request.product and request.product.id,
            "uom_id": request.uom and request.uom.id,
            "quantity": request.added_quantity,
            "wish_qty": request.wish,
        }

    # === RESOLUTION === #

    @api.model
    def _resolve(self, rows):
        """Find the product and the unit of every row, in a few queries in all.

        :param list rows: :class:`OrderRow`
        :return: list of :class:`CartRequest`, one for each row, in their order
        """
        found = self._find_products({row.article for row in rows if row.article})
        spellings = {}
        requests = []
        for row in rows:
            products, packaging = found.get(
                self._article_key(row.article), (None, None)
            )
            quantity = float(row.quantity or 0)
            request = CartRequest(None, None, quantity)
            requests.append(request)
            if problem := row.problem or self._get_article_problem(products):
                request.reject(problem)
                continue
            request.product = products
            request.uom = self._find_unit(products, row.unit, packaging, spellings)
            if not request.uom:
                request.reject("wrong_unit")
        return requests

    @api.model
    def _article_key(self, article):
        """The form in which articles are compared: case does not count."""
        return normalise_article(article or "").upper()

    @api.model
    def _get_article_problem(self, products):
        """Why the products found for an article cannot be ordered, or None."""
        if not products:
            return "unknown_article"
        if len(products) > 1:
            return "ambiguous_article"
        if not products.sale_ok or not products.is_published:
            return "not_sold"
        return None

    @api.model
    def _find_products(self, articles):
        """Products by our article, their barcode or a packaging's barcode.

        An article wins over a barcode; archived goods are not found.

        :return: dict key -> (products in sudo, packaging ``uom.uom`` or None)
        """
        keys = {self._article_key(article) for article in articles}
        spellings = [*{article.strip() for article in articles} | keys]
        Product = self.env["product.product"].sudo()
        website = self.env["website"].get_current_website()
        visible = Domain("website_id", "in", [False, website.id])
        products = Product.search(
            visible
            & (Domain("default_code", "in", spellings) | self._lower_domain(spellings))
            | visible & Domain("barcode", "in", spellings)
        )
        packagings = (
            self.env["product.uom"].sudo().search([("barcode", "in", spellings)])
        )
        found = {}
        for packaging in packagings:
            found[self._article_key(packaging.barcode)] = (
                packaging.product_id.filtered("active"),
                packaging.uom_id,
            )
        for field in ("barcode", "default_code"):
            by_key = products.grouped(lambda p, f=field: self._article_key(p[f]))
            found |= {
                key: (group, None) for key, group in by_key.items() if key in keys
            }
        return found

    @api.model
    def _lower_domain(self, spellings):
        """Domain for articles that differ in case only."""
        lowered = [spelling.lower() for spelling in spellings]
        return Domain("default_code", "in", lowered)

    @api.model
    def _find_unit(self, product, text, packaging, spellings):
        """The unit that a row means for a product.

        :param str text: what stands in the file; empty: the packaging whose
            barcode was given, else the product's own unit
        :param dict spellings: cache, unit -> its spellings
        :return: ``uom.uom``, empty where the product is not sold by such a unit
        """
        units = product._b2b_allowed_units()
        wanted = units._b2b_spelling(text)
        if not wanted:
            return packaging or product.uom_id
        for unit in units:
            if unit not in spellings:
                spellings[unit] = unit._b2b_spellings()
            if wanted in spellings[unit]:
                return unit
        return units.browse()

    # === WORDS === #

    @api.model
    def _get_file_error_text(self, error):
        """The customer's text for a file that was refused as a whole."""
        texts = {
            "empty": self.env._("The file is empty."),
            "too_large": self.env._(
                "The file is larger than %(limit_mb)s MB: split it, or save it without "
                "pictures."
            ),
            "not_a_spreadsheet": self.env._(
                "This is no spreadsheet. Upload XLSX, XLS or CSV, or paste the lines."
            ),
            "wrong_extension": self.env._(
                "The file's content is not what its name says. Save it as XLSX or CSV."
            ),
            "html_not_supported": self.env._(
                "This is a web page saved as XLS. Open it and save it as XLSX."
            ),
            "ods_not_supported": self.env._(
                "Save the OpenDocument file as XLSX or CSV."
            ),
            "binary_workbook": self.env._("Save the binary workbook (XLSB) as XLSX."),
            "old_format": self.env._("The file is of an old Excel. Save it as XLSX."),
            "encrypted": self.env._(
                "The file is protected by a password. Remove it and upload again."
            ),
            "zip_bomb": self.env._(
                "The file unpacks to more than %(limit_mb)s MB: refused."
            ),
            "damaged": self.env._(
                "The file is damaged and cannot be read. Save it once more."
            ),
            "too_many_rows": self.env._(
                "More than %(limit)s rows: reading stopped at row %(row)s. Split the "
                "file."
            ),
            "too_many_columns": self.env._(
                "The columns with the article and the quantity must be among the first "
                "%(limit)s."
            ),
            "no_columns": self.env._(
                "No column with articles was found. Head it “Article” in a first row."
            ),
            "no_rows": self.env._("The file has no order lines."),
        }
        params = {name: value or "" for name, value in error.params.items()}
        return texts[error.code] % params


class B2bCartImportLine(models.Model):
    """One row of an order file and what became of it."""

    _name = "b2b.cart.import.line"
    _description = "Row of a Quick Order"
    _inherit = ["b2b.scope.child.mixin"]
    _order = "import_id, row, id"
    _b2b_parent_field = "import_id"

    import_id = fields.Many2one(
        "b2b.cart.import", "Run", required=True, ondelete="cascade", index=True
    )
    row = fields.Integer(required=True)
    article = fields.Char()
    quantity_raw = fields.Char("Quantity in the file")
    unit = fields.Char("Unit in the file")
    outcome = fields.Selection(OUTCOMES, required=True)
    reasons = fields.Char(help="Codes, separated by commas.")
    product_id = fields.Many2one("product.product", ondelete="set null")
    uom_id = fields.Many2one("uom.uom", "Unit", ondelete="set null")
    quantity = fields.Float("Quantity added", digits="Product Unit")

    def _get_text(self):
        """Why the row (single) ended as it did, for the customer."""
        self.ensure_one()
        codes = (self.reasons or "").split(",")
        product, terms = self.product_id, self._get_terms()
        return " ".join(
            self._get_reason_text(code, product, terms) for code in codes if code
        )

    @api.model
    def _get_reason_text(self, code, product, terms):
        """The customer's text for one code.

        :param product: ``product.product``, may be empty
        :param terms: ``QuantityTerms`` of the product
        """
        product = product.sudo() if product else self.env["product.product"]
        unit = product.uom_id
        units = {
            "multiple": unit._b2b_format(terms.step),
            "minimum": unit._b2b_format(terms.minimum),
            "maximum": unit._b2b_format(terms.maximum),
            "unit": unit.name or "",
        }
        return self._get_reason_texts()[code] % units

    @api.model
    def _get_reason_texts(self):
        """Every code with its text; addons extend it.

        :return: dict code -> text; %(multiple)s, %(minimum)s, %(maximum)s and
            %(unit)s of the product are filled in
        """
        return {
            "multiple": self.env._(
                "Rounded up: sold in multiples of %(multiple)s %(unit)s."
            ),
            "minimum": self.env._("Raised to the minimum of %(minimum)s %(unit)s."),
            "merged": self.env._(
                "The article is in the list more than once: added up."
            ),
            "stock": self.env._("Cut to what is in stock."),
            "no_price": self.env._(
                "Price on request: ask your manager for it before you order."
            ),
            "no_stock": self.env._("Out of stock."),
            "wrong_unit": self.env._("The article is not sold by this unit."),
            "unknown_article": self.env._("We have no such article."),
            "ambiguous_article": self.env._("Several products have this article."),
            "not_sold": self.env._("The article is no longer sold."),
            "no_article": self.env._("The article is missing."),
            "no_quantity": self.env._("The quantity is missing."),
            "bad_quantity": self.env._("The quantity is not a number."),
            "ambiguous_quantity": self.env._(
                "The quantity can be read in two ways: write it without separators."
            ),
            "negative_quantity": self.env._("The quantity is below zero."),
            "zero_quantity": self.env._("The quantity is zero."),
            "huge_quantity": self.env._("The quantity is too large: is it a barcode?"),
            "scientific_article": self.env._(
                "Excel has shortened the article to a power of ten. Format the column "
                "as text and enter it again."
            ),
            "date_article": self.env._("Excel has turned the article into a date."),
            "formula_without_value": self.env._("The formula has no saved result."),
            "cell_error": self.env._("The cell holds an Excel error."),
            "too_long": self.env._("The cell is too long."),
            "nul_byte": self.env._("The line holds bytes that are no text."),
            "empty": self.env._("Empty row."),
            "title": self.env._("Text above the table."),
            "header": self.env._("Column heads."),
            "column_numbers": self.env._("Column numbers."),
            "section": self.env._("Section head."),
            "total": self.env._("Total."),
            "separator": self.env._("Separator line."),
            "not_ordered": self.env._("No quantity: not ordered."),
        }
