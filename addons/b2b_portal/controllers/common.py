# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import NotFound

from odoo.exceptions import AccessError, MissingError
from odoo.http import request
from odoo.tools.misc import get_lang

from ..models.website import MESSAGE_SESSION_KEY
from ..tools.order_file.values import parse_quantity
from ..tools.refusal import Refusal


class MemberPages:
    """What the pages of members share."""

    def _check_member(self):
        """Let nobody but members in.

        :raise Refusal: the visitor is no member of an account
        """
        if not request.website._b2b_is_member():
            raise Refusal()

    def _check_may(self, object_name, verb, entity=None):
        """Let nobody in who has no such right at all.

        For pages of what has no record yet; see ``b2b.member._may``.

        :raise Refusal: the role does not allow it; the page says why
        """
        self._check_member()
        if not request.env["b2b.member"]._may(object_name, verb, entity):
            raise Refusal(object_name, verb)

    def _get_record(self, model, record_id, verb="read"):
        """A scoped record by id, for a page.

        :param str model: a model with ``b2b.scope.mixin``
        :return: the record (single) in sudo, uid kept
        :raise NotFound: there is none, or the visitor does not see it; the answer
            does not tell which
        :raise Refusal: the visitor sees it, the role does not allow ``verb``
        """
        self._check_member()
        record = request.env[model].search([("id", "=", record_id)])
        if not record:
            raise NotFound
        self._check_verb(record, verb)
        return record.sudo()

    def _check_verb(self, record, verb):
        """Refuse what the role does not allow on a record (single) that is seen.

        :raise Refusal: the page says why
        """
        if record._b2b_filtered(verb) != record:
            names = [
                name
                for name, condition in record._b2b_objects().items()
                if record.sudo().filtered_domain(condition)
            ]
            raise Refusal(names[0], verb, (record._name, record.id))

    def _get_cart(self, cart_id, verb="write"):
        """A cart of the visitor by id.

        The page names its cart, so two tabs may work on two carts.

        :return: ``sale.order`` in sudo, uid kept
        :raise NotFound: there is none, or the visitor does not see it; the answer
            does not tell which
        :raise Refusal: the visitor sees it, the role does not allow ``verb``
        """
        self._check_member()
        cart = request.env["sale.order"].browse(cart_id).exists()
        try:
            cart.check_access("read")
        except (AccessError, MissingError):
            raise NotFound from None
        if not cart:
            raise NotFound
        self._check_verb(cart, verb)
        return cart.sudo()

    def _read_quantity(self, text):
        """A quantity as people of the visitor's language write it.

        :return: (Decimal or None, code of what is wrong with it or None), the codes
            of ``b2b.cart.import.line._get_reason_texts``
        """
        lang = get_lang(request.env)
        decimal = lang.decimal_point + ("" if lang.thousands_sep == "." else ".")
        number, _unit, problem = parse_quantity(
            text, decimal=decimal, grouping=lang.thousands_sep
        )
        return number, problem

    def _tell(self, text, kind="success"):
        """Show a text on the next page; ``kind`` is a Bootstrap colour."""
        request.session[MESSAGE_SESSION_KEY] = {"text": text, "kind": kind}

    def _pop_message(self):
        """The text for this page, once."""
        return request.session.pop(MESSAGE_SESSION_KEY, None)
