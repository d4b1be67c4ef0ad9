# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import dataclass

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.website_sale.models.website import (
    CART_SESSION_CACHE_KEY,
    FISCAL_POSITION_SESSION_CACHE_KEY,
)

AGREEMENT_SESSION_KEY = "b2b_agreement_id"
# A text that the next page shows once: dict of text and kind.
MESSAGE_SESSION_KEY = "b2b_message"


@dataclass(frozen=True)
class Acting:
    """For whom a member acts in this session; every record in sudo.

    ``agreement`` and ``entity`` are empty for a member without an agreement.
    """

    member: object
    entity: object
    agreement: object
    # all that the member may act under
    agreements: object = None


class Website(models.Model):
    _inherit = "website"

    # === ACTING CONTEXT === #

    def _b2b_is_member(self):
        """Whether the visitor is a member of a customer's account."""
        return self.env["b2b.member"]._is_member(self.env.user)

    def _b2b_get_agreements(self):
        """Agreements that the visitor may act under on this website.

        :return: ``b2b.agreement`` records in sudo, the default ones first
        """
        Agreement = self.env["b2b.agreement"].with_user(self.env.user)
        domain = Agreement._get_usable_domain()
        return Agreement.search_fetch(
            domain & Domain("company_id", "=", self.company_id.id)
        ).sudo()

    def _b2b_get_acting(self):
        """The acting context of this request, checked anew on each request.

        :return: :class:`Acting`, or None for somebody who is no member
        """
        self.ensure_one()
        if not self._b2b_is_member():
            return None
        agreements = self._b2b_get_agreements()
        wanted = request.session.get(AGREEMENT_SESSION_KEY)
        agreement = agreements.filtered(lambda a: a.id == wanted) or agreements[:1]
        members = self.env["b2b.member"]._get_memberships()
        if agreement:
            account = agreement.account_id
            members = members.filtered(lambda m: m.account_id == account)
        return Acting(members[:1], agreement.entity_id, agreement, agreements)

    def _b2b_get_bar(self):
        """What the members' bar under the header shows; addons add keys.

        :return: dict, or None where there is no bar
        """
        acting = getattr(request, "b2b", None)
        if not acting:
            return None
        Order = self.env["sale.order"].with_user(self.env.user)
        carts = Order.search_fetch(
            self._b2b_cart_domain_current(), order="write_date desc", limit=20
        )
        may = self.env["b2b.member"]._may
        return {
            "acting": acting,
            "may_order": may("cart", "create"),
            "may_see_carts": may("cart", "read"),
            "may_see_agreements": may("agreement", "read"),
            "agreements": acting.agreements,
            "cart": request.cart,
            "carts": carts.sudo(),
            "manager": self._b2b_get_manager_card(acting),
            "menu": self._b2b_get_sorted_menu(),
            "message": request.session.pop(MESSAGE_SESSION_KEY, None),
            "figures": self._b2b_get_figures(acting),
            "switch_redirect": self._b2b_get_switch_redirect(),
        }

    def _b2b_get_manager_card(self, acting):
        """The card of the visitor's personal manager, or None."""
        return acting.member and acting.member.account_id._b2b_get_manager_card()

    def _b2b_get_switch_redirect(self):
        """Where a switch of the agreement leads: the catalogue keeps its page,
        a page that belongs to the old agreement gives way to the carts.
        """
        path = request.httprequest.path
        shop_page = path.startswith("/shop") and not path.startswith("/shop/quick")
        return request.httprequest.full_path if shop_page else "/my/carts"

    def _b2b_cart_domain_current(self):
        """Carts of the visitor under the acting agreement."""
        return Domain(self.env["sale.order"]._b2b_cart_domain(self)) & Domain(
            "b2b_agreement_id", "=", request.b2b.agreement.id
        )

    def _b2b_get_figures(self, acting):
        """Figures of the agreement for the bar, such as a free limit.

        A hook for addons.

        :return: list of dicts: label, value (texts), help (text or absent)
        """
        return []

    def _b2b_get_inbox(self):
        """What waits for the visitor, a member, the most urgent first.

        A hook for addons: each adds its rows to super's.

        :return: list of dicts: code (text), icon (Font Awesome name without
            ``fa-``), title, text (or absent), url, button (label of the link), date
            (of the event, or absent), priority (int, small is urgent)
        """
        return []

    def _b2b_get_tiles(self):
        """Figures and doors of the visitor's desk at /my, by their rights.

        A hook for addons: each adds its rows to super's.

        :return: list of dicts: code, icon, title, value (text or absent), text
            (or absent), url, sequence (int)
        """
        return []

    def _b2b_switch_agreement(self, agreement_id):
        """Act under another agreement from now on; every cart stays as it is.

        :raise AccessError: not one of the visitor's usable agreements
        """
        agreement = self._b2b_get_agreements().filtered(lambda a: a.id == agreement_id)
        if not agreement:
            raise AccessError(self.env._("You cannot order under this agreement."))
        self.sale_reset()
        request.session[AGREEMENT_SESSION_KEY] = agreement.id

    def _b2b_switch_cart(self, cart):
        """Make a cart (single) of the visitor the current one.

        :raise AccessError: not a cart that the visitor may change
        """
        cart.check_access("read")
        cart._b2b_check("write")
        self._b2b_switch_agreement(cart.sudo().b2b_agreement_id.id)
        request.session[CART_SESSION_CACHE_KEY] = cart.id
        request.session["website_sale_cart_quantity"] = cart.sudo().cart_quantity

    # === CORE'S CURRENT CART, PRICE LIST, FISCAL POSITION === #

    def _get_and_cache_current_cart(self):
        """Offer core only a cart of the acting agreement that is the visitor's."""
        if acting := request.b2b:
            current = request.session.get(CART_SESSION_CACHE_KEY)
            cart = self._b2b_find_carts(acting, current)
            if not cart and current is not False:
                cart = self._b2b_find_carts(acting)
            if cart.id != current:
                request.session[CART_SESSION_CACHE_KEY] = cart.id
                request.session["website_sale_cart_quantity"] = cart.cart_quantity
        return super()._get_and_cache_current_cart()

    def _b2b_find_carts(self, acting, cart_id=None):
        """The visitor's last changed cart of the acting agreement, in sudo.

        :param int cart_id: only this one, when it still is such a cart
        """
        Order = self.env["sale.order"].with_user(self.env.user)
        domain = Domain(Order._b2b_cart_domain(self))
        domain &= Domain("b2b_agreement_id", "=", acting.agreement.id)
        if cart_id is None:
            domain &= Domain("b2b_member_id", "=", acting.member.id)
        else:
            domain &= Domain("id", "=", cart_id or 0)
        cart = Order.search_fetch(domain, order="write_date desc, id desc", limit=1)
        return cart._b2b_filtered("write").sudo()

    def _get_and_cache_current_pricelist(self):
        acting = request.b2b
        if acting and acting.agreement:
            return acting.agreement.pricelist_id
        return super()._get_and_cache_current_pricelist()

    def _get_and_cache_current_fiscal_position(self):
        acting = request.b2b
        if not acting or not acting.agreement:
            return super()._get_and_cache_current_fiscal_position()
        positions = self.env["account.fiscal.position"].sudo()
        position = positions.with_company(self.company_id)._get_fiscal_position(
            acting.entity
        )
        request.session[FISCAL_POSITION_SESSION_CACHE_KEY] = position.id
        return position

    def _create_cart(self):
        if request.b2b:
            self._b2b_check_can_create_cart()
        return super()._create_cart()

    def _b2b_check_can_create_cart(self):
        """Refuse a new cart without an agreement or the right to have carts.

        :raise UserError, AccessError: with the reason for the customer
        """
        acting = request.b2b
        if not acting.agreement:
            raise UserError(
                self.env._(
                    "You have no active agreement yet. Ask your manager for one."
                )
            )
        if not self.env["b2b.member"]._may("cart", "create", acting.entity):
            raise AccessError(
                self.env._(
                    "Your role does not allow this. Ask the director of your account."
                )
            )

    def _prepare_sale_order_values(self, partner_sudo):
        acting = request.b2b
        if not acting or not acting.agreement:
            return super()._prepare_sale_order_values(partner_sudo)
        values = super()._prepare_sale_order_values(acting.entity)
        return values | {
            "partner_id": acting.entity.id,
            "b2b_agreement_id": acting.agreement.id,
            "b2b_member_id": acting.member.id,
            "b2b_name": self.env["sale.order"]._b2b_next_cart_name(acting.member),
        }
