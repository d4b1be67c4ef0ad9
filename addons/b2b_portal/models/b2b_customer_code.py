# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.code_file import MAX_CODE, article_keys


class B2bCustomerCode(models.Model):
    """A customer's own article number for one of our goods.

    It holds for the whole account, or for one of its legal entities; there the
    entity's own number goes before the account's.
    """

    _name = "b2b.customer.code"
    _description = "Customer's Own Article Number"
    _inherit = ["b2b.scope.mixin"]
    _order = "code, id"
    _rec_name = "code"

    account_id = fields.Many2one("b2b.account", required=True, ondelete="cascade")
    entity_id = fields.Many2one(
        "res.partner",
        "Legal entity",
        ondelete="cascade",
        index="btree_not_null",
        domain="[('b2b_account_id', '=', account_id)]",
        help="Empty: the number holds for the whole account.",
    )
    code = fields.Char("Own article", required=True)
    key = fields.Char(
        compute="_compute_keys", store=True, precompute=True, help="Compared exactly."
    )
    loose_key = fields.Char(
        compute="_compute_keys",
        store=True,
        precompute=True,
        help="Compared without spaces and dashes, where nothing fits exactly.",
    )
    product_id = fields.Many2one(
        "product.product", required=True, ondelete="cascade", index=True
    )
    product_tmpl_id = fields.Many2one(
        related="product_id.product_tmpl_id",
        store=True,
        precompute=True,
        index=True,
        string="Product template",
    )
    name = fields.Char("Own name")
    uom_id = fields.Many2one(
        "uom.uom",
        "Own unit",
        ondelete="restrict",
        help="What the customer means by one piece of this number where an order names "
        "no unit.",
    )
    source = fields.Selection(
        [
            ("manual", "Entered"),
            ("import", "From a table"),
            ("learned", "Learned from an order"),
            ("seller", "From the seller"),
        ],
        default="seller",
        required=True,
    )
    clash = fields.Selection(
        [
            ("ask", "Ask"),
            ("own", "The own article"),
            ("seller", "The seller's article"),
        ],
        "If it is an article of ours too",
        default="ask",
        required=True,
        help="Which goods are meant where the number is the seller's article or "
        "barcode of other goods.",
    )
    used_at = fields.Datetime("Last used", readonly=True, copy=False)
    uses = fields.Integer(readonly=True, copy=False)
    active = fields.Boolean(default=True)

    _key_unique = models.UniqueIndex(
        "(account_id, COALESCE(entity_id, 0), key) WHERE active",
        "The account has this article number already.",
    )
    _loose_index = models.Index("(account_id, loose_key text_pattern_ops)")

    @api.depends("code")
    def _compute_keys(self):
        for code in self:
            code.key, code.loose_key = article_keys(code.code)

    @api.constrains("code")
    def _check_code(self):
        for code in self:
            if not code.key or len(code.code) > MAX_CODE:
                raise ValidationError(
                    self.env._(
                        "An article number has 1 to %(limit)s characters.",
                        limit=MAX_CODE,
                    )
                )

    @api.constrains("account_id", "entity_id")
    def _check_entity(self):
        for code in self:
            if code.entity_id and code.entity_id.b2b_account_id != code.account_id:
                raise ValidationError(
                    self.env._(
                        "%(entity)s is not a legal entity of %(account)s.",
                        entity=code.entity_id.name,
                        account=code.account_id.name,
                    )
                )

    @api.constrains("product_id", "uom_id")
    def _check_unit(self):
        for code in self.filtered("uom_id"):
            if code.uom_id not in code.product_id._b2b_allowed_units():
                raise ValidationError(
                    code.product_id._b2b_get_unit_refusal(code.uom_id)
                )

    # === SCOPE === #

    @api.model
    def _b2b_objects(self):
        return {"customer_code": Domain.TRUE}

    @api.model
    def _b2b_grant_domain(self, grant):
        """Everybody in the account reads what holds for all of it.

        To change that takes a right on the whole account.
        """
        reached = Domain("entity_id", "in", grant.get_entity_ids())
        if grant.verb == "read" or grant.scope == "account":
            reached |= Domain("entity_id", "=", False)
        return Domain("account_id", "=", grant.account_id) & reached

    @api.model
    def _b2b_may(self, verb, account, entity):
        """Whether the user may do ``verb`` with numbers of an account.

        :param entity: ``res.partner``; empty: numbers for the whole account
        """
        Member = self.env["b2b.member"]
        return not Member._is_member(self.env.user) or any(
            (grant.object, grant.verb) == ("customer_code", verb)
            and grant.account_id == account.id
            and (
                entity.id in grant.get_entity_ids()
                if entity
                else grant.scope == "account" or verb == "read"
            )
            for grant in Member._get_grants()
        )

    @api.model
    def _b2b_get_target(self, account, entity):
        """For whom the user may note a new number: the widest first.

        :return: ``res.partner``, empty: for the whole account; None: for nobody
        """
        for target in (entity.browse(), entity):
            if self._b2b_may("create", account, target):
                return target
        return None

    # === WRITING === #

    @api.model
    def _b2b_put(self, account, entity, values):
        """Add a number, or give an existing one its goods; rights are the caller's.

        Safe against a colleague who adds the same number at this moment: the later one
        starts over and finds it.

        :param account: ``b2b.account`` (single)
        :param entity: ``res.partner``, empty: for the whole account
        :param dict values: at least code and product_id
        :return: (the record in sudo, 'added', 'changed' or 'unchanged')
        """
        account.sudo()._b2b_lock()
        codes = self.sudo()
        key, _loose = article_keys(values["code"])
        code = codes.search(
            [
                ("account_id", "=", account.id),
                ("entity_id", "=", entity.id),
                ("key", "=", key),
            ]
        )
        if not code:
            values = values | {"account_id": account.id, "entity_id": entity.id}
            return codes.create(values), "added"
        wanted = {
            name: value
            for name, value in values.items()
            if name not in ("code", "source")
        }
        changed = code._b2b_get_difference(wanted)
        if changed:
            code.write(changed)
        return code, "changed" if changed else "unchanged"

    def _b2b_get_difference(self, values):
        """The part of ``values`` in which the number (single) differs."""
        return {
            name: value
            for name, value in values.items()
            if (self[name].id if self._fields[name].relational else self[name] or False)
            != value
        }

    def _b2b_note_use(self):
        """Count one more use of these numbers (batch)."""
        if not self:
            return
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                """
                UPDATE b2b_customer_code
                   SET uses = COALESCE(uses, 0) + 1, used_at = %s
                 WHERE id IN %s
                """,
                fields.Datetime.now(),
                tuple(self.ids),
            )
        )
        self.invalidate_recordset(["uses", "used_at"])


class B2bPermission(models.Model):
    _inherit = "b2b.permission"

    object = fields.Selection(
        selection_add=[("customer_code", "Own article numbers")],
        ondelete={"customer_code": "cascade"},
    )
