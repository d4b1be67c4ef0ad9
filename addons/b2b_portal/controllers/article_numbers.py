# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import Forbidden, NotFound

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.http import Controller, content_disposition, request, route
from odoo.tools import escape_psql
from odoo.tools.misc import format_date

from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..models.b2b_customer_code_import import OUTCOMES
from ..tools.code_file import FIELDS, LIMITS, MAX_ROWS, article_keys
from ..tools.workbook import write_table
from .addresses import COLOURS
from .common import MemberPages, parse_id
from .quick_order import XLSX

_URL = "/my/article-numbers"
PAGE_SIZE = 100
MAX_SEARCH = 100
# Rows of a report that only say what has changed.
MAX_CHANGED = 200


class ArticleNumbers(MemberPages, Controller):
    """The account's own article numbers: list, form, table in and out."""

    def _get_account(self):
        """The account that the visitor acts in, in sudo.

        :raise Refusal: the role does not allow to see numbers
        """
        self._check_may("customer_code", "read")
        account = request.b2b.member.account_id
        if not account._b2b_may_read_codes():
            raise Forbidden
        return account

    def _get_code(self, code_id, verb):
        """A number by id, archived or not, in sudo.

        :raise NotFound: there is none that the visitor sees
        :raise Refusal: the role does not allow ``verb``
        """
        self._check_may("customer_code", "read")
        codes = request.env["b2b.customer.code"].with_context(active_test=False)
        code = codes.search([("id", "=", code_id)])
        if not code:
            raise NotFound
        self._check_verb(code, verb)
        return code.sudo()

    def _get_entities(self, account, verb):
        """For whom the visitor may do ``verb``: partners; an empty one: all."""
        codes = request.env["b2b.customer.code"]
        targets = [account.entity_ids.browse(), *account.entity_ids]
        return [t for t in targets if codes._b2b_may(verb, account, t)]

    def _get_target(self, account, entity_id, verb="create"):
        """The legal entity that a form names, among those allowed.

        :raise Forbidden: the visitor may not note numbers for it
        """
        for target in self._get_entities(account, verb):
            if target.id == (parse_id(entity_id) or False):
                return target
        raise Forbidden

    # === LIST === #

    def _get_domain(self, account, search="", entity_id=0):
        """Domain of the numbers of a list; whom the visitor sees is the engine's."""
        domain = Domain("account_id", "=", account.id)
        if parse_id(entity_id):
            domain &= Domain("entity_id", "=", parse_id(entity_id))
        elif entity_id == "account":
            domain &= Domain("entity_id", "=", False)
        for word in search[:MAX_SEARCH].split():
            _exact, loose = article_keys(word)
            pattern = escape_psql(word)
            domain &= (
                Domain("loose_key", "ilike", escape_psql(loose or word))
                | Domain("name", "ilike", pattern)
                | Domain("product_id.default_code", "ilike", pattern)
                | Domain("product_id.name", "ilike", pattern)
            )
        return domain

    @route(
        [_URL, f"{_URL}/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def article_numbers(self, page=1, search="", entity_id="", edit="", **kwargs):
        """Numbers with search and pages; ``edit``: id of the row to change."""
        return self._render_list(page, search, entity_id, edit, **kwargs)

    def _render_list(self, page=1, search="", entity_id="", edit="", **values):
        """The list; ``values``: deleted (id), error, texts (of the form)."""
        account = self._get_account()
        codes = request.env["b2b.customer.code"]
        domain = self._get_domain(account, search, entity_id)
        total = codes.search_count(domain)
        arguments = {"search": search[:MAX_SEARCH], "entity_id": entity_id}
        pager = portal_pager(
            url=_URL,
            total=total,
            page=page,
            step=PAGE_SIZE,
            url_args={k: v for k, v in arguments.items() if v},
        )
        found = codes.search(domain, limit=PAGE_SIZE, offset=pager["offset"])
        found.sudo().product_id.fetch(["default_code", "name", "uom_id", "active"])
        return request.render(
            "b2b_portal.article_numbers",
            {
                "account": account,
                "codes": found.sudo(),
                "total": total,
                "search": search,
                "entity_id": entity_id,
                "entities": self._get_entities(account, "read"),
                "targets": self._get_entities(account, "create"),
                "writable": set(found._b2b_filtered("write").ids),
                "deletable": set(found._b2b_filtered("delete").ids),
                "may_import": self._may_import(account),
                "edited": parse_id(edit),
                "sources": self._get_sources(),
                "pager": pager,
                "undo": self._get_undo(values.get("deleted", "")),
                "texts": values.get("texts")
                or {"entity_id": self._get_default_target(account)},
                "error": values.get("error"),
                "message": self._pop_message(),
                "page_name": "b2b_article_numbers",
            },
        )

    def _get_default_target(self, account):
        """For whom the form notes a number at first, as text: the widest allowed."""
        codes = request.env["b2b.customer.code"]
        target = codes._b2b_get_target(account, request.b2b.entity)
        return str(target.id or "") if target is not None else ""

    def _get_sources(self):
        field = request.env["b2b.customer.code"]._fields["source"]
        return dict(field._description_selection(request.env))

    def _get_undo(self, deleted):
        """The number (sudo) that was removed just now, or None."""
        try:
            code = self._get_code(parse_id(deleted), "delete") if deleted else None
        except (NotFound, AccessError):
            return None
        return code if code and not code.active else None

    # === ONE NUMBER === #

    @route(f"{_URL}/add", type="http", auth="user", website=True, methods=["POST"])
    def add(self, entity_id="", **posted):
        """Note one number."""
        account = self._get_account()
        target = self._get_target(account, entity_id)
        texts = self._read_texts(posted)
        values, error = self._parse(account, target, texts)
        if not error:
            account._b2b_lock()
            taken = self._find_taken(account, target, values["code"])
            error = self._get_known_text(taken) if taken else ""
        if error:
            texts |= {"entity_id": entity_id}
            return self._render_list(error=error, texts=texts)
        values |= {"account_id": account.id, "source": "manual"}
        code = request.env["b2b.customer.code"].sudo().create(values)
        self._tell(request.env._("“%s” is saved.", code.code))
        return request.redirect(f"{_URL}#code_{code.id}")

    def _get_known_text(self, code):
        """What is said of a number that is there already."""
        return request.env._(
            "“%(code)s” is there already: %(product)s.",
            code=code.code,
            product=code.product_id.display_name,
        )

    def _read_texts(self, posted):
        """The texts of a form, by field."""
        return {
            name: " ".join(posted[name].split())
            for name in FIELDS
            if isinstance(posted.get(name), str) and name != "entity"
        }

    def _parse(self, account, target, texts):
        """Texts of a form to values, see ``b2b.customer.code._b2b_parse``."""
        codes = request.env["b2b.customer.code"]
        articles = {texts.get("article", "")} - {""}
        lookup = codes._b2b_get_lookup(account, target, articles)
        return codes._b2b_parse(texts, lookup)

    @route(
        f"{_URL}/<int:code_id>/save",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def save(self, code_id, back="", **posted):
        """Change a number: its text, its goods, its name and unit."""
        code = self._get_code(code_id, "write")
        account = code.account_id
        texts = self._read_texts(posted)
        if texts.get("article") == self._get_article(code):
            # the goods may have left the catalogue meanwhile
            values, error = self._parse_kept(code, texts)
        else:
            values, error = self._parse(account, code.entity_id, texts)
        if not error:
            account._b2b_lock()
            taken = self._find_taken(account, code.entity_id, values["code"], code)
            error = self._get_known_text(taken) if taken else ""
        if not error:
            empty = {"name": False, "uom_id": False}
            try:
                with request.env.cr.savepoint():
                    code.write(empty | values)
            except ValidationError as problem:
                error = str(problem)
        if error:
            self._tell(error, "danger")
            return request.redirect(f"{_URL}?edit={code.id}#code_{code.id}")
        self._tell(request.env._("“%s” is saved.", code.code))
        return request.redirect(f"{_URL}#code_{code.id}")

    def _get_article(self, code):
        """How the form names the goods of a number (single, sudo)."""
        return code.product_id.default_code or code.product_id.barcode or ""

    def _parse_kept(self, code, texts):
        """As :meth:`_parse`, where the goods stay as they are."""
        codes = request.env["b2b.customer.code"]
        key = request.env["b2b.cart.import"]._article_key(texts["article"])
        lookup = codes._b2b_get_lookup(code.account_id, code.entity_id, set())
        lookup.products[key] = code.product_id
        return codes._b2b_parse(texts, lookup)

    def _find_taken(self, account, entity, text, other_than=None):
        """The number (sudo) with the same text for the same buyer, if there is one."""
        codes = request.env["b2b.customer.code"].sudo()
        return codes.search(
            [
                ("account_id", "=", account.id),
                ("entity_id", "=", entity.id),
                ("key", "=", article_keys(text)[0]),
                ("id", "!=", other_than.id if other_than else 0),
            ],
            limit=1,
        )

    @route(
        f"{_URL}/<int:code_id>/delete",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def delete(self, code_id, back="", **kwargs):
        """Forget a number; it may be taken back."""
        code = self._get_code(code_id, "delete")
        code.active = False
        if back.startswith("/shop/quick-order/"):
            self._tell(request.env._("“%s” is forgotten.", code.code))
            return request.redirect(back, local=True)
        return request.redirect(f"{_URL}?deleted={code.id}")

    @route(
        f"{_URL}/<int:code_id>/restore",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def restore(self, code_id, **kwargs):
        """Take a forgotten number back."""
        code = self._get_code(code_id, "delete")
        code.account_id._b2b_lock()
        taken = self._find_taken(code.account_id, code.entity_id, code.code, code)
        if taken:
            self._tell(self._get_known_text(taken), "danger")
        elif not code.active:
            code.active = True
            self._tell(request.env._("“%s” is back.", code.code))
        return request.redirect(_URL)

    # === TABLES === #

    def _may_import(self, account):
        return bool(
            self._get_entities(account, "create")
            or self._get_entities(account, "write")
        )

    @route(f"{_URL}/import", type="http", auth="user", website=True, readonly=True)
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
        f"{_URL}/import/run", type="http", auth="user", website=True, methods=["POST"]
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

    @route(f"{_URL}.xlsx", type="http", auth="user", website=True, readonly=True)
    def download(self, search="", entity_id="", **kwargs):
        """The numbers as a workbook; changed, it may be uploaded again."""
        account = self._get_account()
        domain = self._get_domain(account, search, entity_id)
        codes = request.env["b2b.customer.code"].search(domain)
        codes.sudo().product_id.fetch(["default_code", "name", "barcode"])
        return self._send_workbook(request.env._("Own articles"), codes.sudo())

    @route(
        f"{_URL}/template.xlsx", type="http", auth="user", website=True, readonly=True
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
