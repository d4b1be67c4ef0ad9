# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import Forbidden, NotFound

from odoo.exceptions import AccessError, MissingError
from odoo.http import request

MESSAGE_SESSION_KEY = "b2b_message"


class MemberPages:
    """What the pages of members share."""

    def _check_member(self):
        """Let nobody but members in.

        :raise Forbidden: the visitor is no member of an account
        """
        if not request.website._b2b_is_member():
            raise Forbidden

    def _check_may(self, object_name, verb, entity=None):
        """Let nobody in who has no such right at all.

        For pages of what has no record yet; see ``b2b.member._may``.

        :raise Forbidden: the role does not allow it
        """
        self._check_member()
        if not request.env["b2b.member"]._may(object_name, verb, entity):
            raise Forbidden

    def _get_record(self, model, record_id, verb="read"):
        """A scoped record by id, for a page.

        :param str model: a model with ``b2b.scope.mixin``
        :return: the record (single) in sudo, uid kept
        :raise NotFound: there is none, or the role does not allow ``verb``; the
            answer does not tell which
        """
        self._check_member()
        record = request.env[model].search([("id", "=", record_id)])
        if not record or record._b2b_filtered(verb) != record:
            raise NotFound
        return record.sudo()

    def _get_cart(self, cart_id, verb="write"):
        """A cart of the visitor by id.

        The page names its cart, so two tabs may work on two carts.

        :return: ``sale.order`` in sudo, uid kept
        :raise NotFound: there is none, or the role does not allow ``verb``; the
            answer does not tell which
        """
        self._check_member()
        cart = request.env["sale.order"].browse(cart_id).exists()
        try:
            cart.check_access("read")
            cart._b2b_check(verb)
        except (AccessError, MissingError):
            raise NotFound from None
        if not cart:
            raise NotFound
        return cart.sudo()

    def _tell(self, text, kind="success"):
        """Show a text on the next page; ``kind`` is a Bootstrap colour."""
        request.session[MESSAGE_SESSION_KEY] = {"text": text, "kind": kind}

    def _pop_message(self):
        """The text for this page, once."""
        return request.session.pop(MESSAGE_SESSION_KEY, None)
