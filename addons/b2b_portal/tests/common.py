# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager

from lxml import html

from odoo import SUPERUSER_ID, api, fields
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, new_test_user

Command = fields.Command


def find_ragged_rows(page):
    """Rows of the tables of a page that have fewer or more cells than their head.

    QWeb leaves out an element whose ``t-out`` is False: the cells behind it move.

    :param str page: HTML
    :return: list of the texts of the rows
    """

    def width(row):
        return sum(int(cell.get("colspan", 1)) for cell in row.xpath("./td|./th"))

    return [
        row.text_content()
        for table in html.fromstring(page).xpath("//table[thead]")
        for row in table.xpath("./tbody/tr")
        if width(row) != width(table.xpath("./thead/tr")[-1])
    ]


class B2bMixin:
    """Two customers, the first with two legal entities and three members.

    Test kit for this addon and for those that build on it: the ``_create_*``
    methods take values over sensible defaults.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website = cls.env["website"].search([], limit=1)
        cls.company = cls.website.company_id
        cls.env = cls.env(
            context=dict(
                cls.env.context,
                tracking_disable=True,
                allowed_company_ids=cls.company.ids,
            )
        )
        cls.price_type = cls.env["product.pricelist"].create(
            {"name": "Wholesale", "b2b_kind": "wholesale", "item_ids": []}
        )
        cls.box = cls.env["uom.uom"].create(
            {
                "name": "Box of 24",
                "relative_factor": 24,
                "relative_uom_id": cls.env.ref("uom.product_uom_unit").id,
                "b2b_aliases": "кор, короб",
            }
        )
        cls.bolt = cls._create_product("BLT-M8", 10.0, uom_ids=[cls.box.id])
        cls.nut = cls._create_product("NUT-M8", 4.0, b2b_multiple=100)

        cls.north = cls._create_account("North")
        cls.north_a = cls._create_entity(cls.north, "North LLC")
        cls.north_b = cls._create_entity(cls.north, "North Logistics LLC")
        cls.south = cls._create_account("South")
        cls.south_a = cls._create_entity(cls.south, "South LLC")

        cls.head = cls._create_member(cls.north, "head", "b2b_head", all_entities=True)
        cls.buyer = cls._create_member(
            cls.north,
            "buyer",
            "b2b_buyer",
            entity_ids=[Command.set(cls.north_a.ids)],
            supervisor_id=cls.head.id,
        )
        cls.buyer2 = cls._create_member(
            cls.north,
            "buyer",
            "b2b_buyer2",
            entity_ids=[Command.set(cls.north_a.ids)],
            supervisor_id=cls.head.id,
        )
        cls.accountant = cls._create_member(
            cls.north, "accountant", "b2b_accountant", all_entities=True
        )
        cls.stranger = cls._create_member(
            cls.south, "director", "b2b_stranger", all_entities=True
        )
        cls.retail_user = new_test_user(cls.env, "b2b_retail", "base.group_portal")
        cls.agreement = cls._create_agreement(cls.north_a)

    @classmethod
    def _create_product(cls, code, price, **values):
        template = cls.env["product.template"].create(
            {
                "name": f"Product {code}",
                "default_code": code,
                "list_price": price,
                "is_storable": True,
                "is_published": True,
                "taxes_id": [],
            }
            | values
        )
        return template.product_variant_id

    @classmethod
    def _create_account(cls, name):
        return cls.env["b2b.account"].create({"name": name})

    @classmethod
    def _create_entity(cls, account, name, **values):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "b2b_account_id": account.id,
                "b2b_stage": "confirmed",
            }
            | values
        )

    @classmethod
    def _create_member(cls, account, role, login, **values):
        user = new_test_user(cls.env, login, "base.group_portal")
        return cls.env["b2b.member"].create(
            {
                "account_id": account.id,
                "user_id": user.id,
                "role_ids": [Command.set(cls.env.ref(f"b2b_portal.role_{role}").ids)],
                "stage": "confirmed",
            }
            | values
        )

    @classmethod
    def _create_agreement(cls, entity, **values):
        return cls.env["b2b.agreement"].create(
            {
                "entity_id": entity.id,
                "price_type_id": cls.price_type.id,
                "state": "active",
            }
            | values
        )

    @classmethod
    def _create_cart(cls, member, agreement=None, lines=(), **values):
        """A cart as the website makes it; ``lines``: (product, quantity)."""
        agreement = agreement or cls.agreement
        order = cls.env["sale.order"].create(
            {
                "partner_id": agreement.entity_id.id,
                "b2b_agreement_id": agreement.id,
                "b2b_member_id": member.id,
                "b2b_name": "Cart",
                "website_id": cls.website.id,
                "order_line": [
                    Command.create({"product_id": p.id, "product_uom_qty": q})
                    for p, q in lines
                ],
            }
            | values
        )
        return order.with_user(member.user_id).sudo()


class B2bCommon(B2bMixin, TransactionCase):
    """The kit for tests of models."""


class RaceCase(TransactionCase):
    """For tests with several real transactions at once.

    What they create is committed, for other connections to see it: the test removes it.
    """

    @contextmanager
    def _transaction(self, uid=SUPERUSER_ID):
        """An environment on a connection of its own; commits at the end."""
        with db_connect(self.env.cr.dbname).cursor() as cr:
            yield api.Environment(cr, uid, {"tracking_disable": True})

    def _create_kept(self):
        """Commit what ``_create(env)`` makes; ``_remove`` runs at the end, whatever
        happens. ``_keep`` notes in ``created`` what there is to remove.
        """
        self.created = []
        self.addCleanup(self._remove)
        with self._transaction() as env:
            self._create(env)

    def _keep(self, records):
        self.created.append((records._name, records.ids))
        return records

    def _create_agreement(self, env, **values):
        """A kept account with a legal entity and an agreement of it."""
        account = self._keep(env["b2b.account"].create({"name": "Race"}))
        entity = self._keep(
            env["res.partner"].create(
                {"name": "Race LLC", "is_company": True, "b2b_account_id": account.id}
            )
        )
        price_type = self._keep(
            env["product.pricelist"].create({"name": "Race", "b2b_kind": "wholesale"})
        )
        values |= {"entity_id": entity.id, "price_type_id": price_type.id}
        return self._keep(env["b2b.agreement"].create(values))
