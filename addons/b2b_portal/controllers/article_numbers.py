# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import Forbidden, NotFound

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.http import Controller, request, route
from odoo.tools import escape_psql

from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..tools.code_file import FIELDS, article_keys
from ..tools.parse_id import parse_id
from .common import MemberPages

URL = "/my/article-numbers"
PAGE_SIZE = 100
MAX_SEARCH = 100


class ArticleNumbers(MemberPages, Controller):
    """The account's own article numbers: list and form."""

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
        [URL, f"{URL}/page/<int:page>"],
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
            url=URL,
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

    @route(f"{URL}/add", type="http", auth="user", website=True, methods=["POST"])
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
        return request.redirect(f"{URL}#code_{code.id}")

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
        f"{URL}/<int:code_id>/save",
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
            return request.redirect(f"{URL}?edit={code.id}#code_{code.id}")
        self._tell(request.env._("“%s” is saved.", code.code))
        return request.redirect(f"{URL}#code_{code.id}")

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
        f"{URL}/<int:code_id>/delete",
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
        return request.redirect(f"{URL}?deleted={code.id}")

    @route(
        f"{URL}/<int:code_id>/restore",
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
        return request.redirect(URL)

    def _may_import(self, account):
        return bool(
            self._get_entities(account, "create")
            or self._get_entities(account, "write")
        )
