# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib

from lxml.html import fragments_fromstring, tostring
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import consteq
from odoo.tools.misc import format_date, format_datetime

# What makes the contract: fixed as soon as it is accepted or out of use.
FROZEN = {"agreement_id", "version_id", "lang", "date", "number", "text", "sha256"}
HEADINGS = ("h1", "h2", "h3", "h4")
# Characters of HTML that the acceptance takes along to its page at most.
MAX_KEPT_TEXT = 1500
ACCEPTANCE = {
    "accepted_member_id",
    "accepted_user_id",
    "accepted_at",
    "ip",
    "user_agent",
    "sign_name",
    "sign_position",
}


class ContractChanged(UserError):
    """The text is no longer the one that was shown."""


class B2bContract(models.Model):
    """A contract as one customer reads and accepts it: a text and its acceptance.

    The text is kept as it was shown. ``sha256`` is the hash of its UTF-8 bytes, the
    same that the page offers for download, so both sides can prove what was
    accepted.
    """

    _name = "b2b.contract"
    _description = "Contract"
    _inherit = ["mail.thread", "b2b.scope.mixin", "b2b.print.mixin"]
    _order = "id desc"
    _rec_name = "number"

    number = fields.Char(required=True, readonly=True, index=True)
    date = fields.Date(required=True, readonly=True)
    agreement_id = fields.Many2one(
        "b2b.agreement", required=True, readonly=True, ondelete="restrict", index=True
    )
    entity_id = fields.Many2one(
        related="agreement_id.entity_id", store=True, index=True, string="Legal entity"
    )
    account_id = fields.Many2one(
        related="entity_id.b2b_account_id", store=True, string="Account"
    )
    company_id = fields.Many2one(related="agreement_id.company_id", store=True)
    version_id = fields.Many2one(
        "b2b.contract.template.version",
        "Version of the text",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    lang = fields.Char("Language", required=True, readonly=True)
    text = fields.Html(sanitize=False, readonly=True)
    sha256 = fields.Char("SHA-256", readonly=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("waiting", "Waits for acceptance"),
            ("accepted", "Accepted"),
            ("superseded", "Replaced by a newer one"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        tracking=True,
        index=True,
    )
    deadline = fields.Date(
        "Orders possible until",
        readonly=True,
        help="Until this day orders are possible before the contract is accepted.",
    )
    accepted_member_id = fields.Many2one("b2b.member", "Accepted by", readonly=True)
    accepted_user_id = fields.Many2one("res.users", "Login", readonly=True)
    accepted_at = fields.Datetime("Accepted at", readonly=True)
    ip = fields.Char("IP address", readonly=True)
    user_agent = fields.Char("Browser", readonly=True)
    sign_name = fields.Char("Name of the signatory", readonly=True)
    sign_position = fields.Char("Position of the signatory", readonly=True)

    _waiting_unique = models.UniqueIndex(
        "(agreement_id) WHERE state IN ('draft', 'waiting')",
        "A contract of this agreement waits for acceptance already.",
    )
    _accepted_unique = models.UniqueIndex(
        "(agreement_id) WHERE state = 'accepted'",
        "The agreement has an accepted contract already.",
    )

    @api.depends("number", "version_id.number")
    def _compute_display_name(self):
        for contract in self:
            contract.display_name = self.env._(
                "Contract No. %(number)s, version %(version)s",
                number=contract.number,
                version=contract.sudo().version_id.number,
            )

    @api.model
    def _b2b_objects(self):
        return {"contract": Domain("state", "!=", "draft")}

    def write(self, vals):
        fixed = self.filtered(lambda c: c.state not in ("draft", "waiting"))
        if fixed and (FROZEN | ACCEPTANCE) & vals.keys():
            raise UserError(
                self.env._("%(name)s cannot change.", name=fixed[0].display_name)
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_accepted(self):
        if any(contract.accepted_at for contract in self):
            raise UserError(self.env._("An accepted contract cannot be deleted."))

    # === TEXT === #

    @api.model
    def _get_placeholder_names(self):
        """What a template may name, as ``{{ customer.name }}``; addons add some.

        :return: dict placeholder -> what stands in its place
        """
        return {
            "contract.number": self.env._("Number of the contract"),
            "contract.date": self.env._("Date of the contract"),
            "seller.name": self.env._("Name of our company"),
            "seller.requisites": self.env._("Name, numbers and address of our company"),
            "seller.bank": self.env._("Bank account of our company"),
            "seller.email": self.env._("E-mail of our company"),
            "customer.name": self.env._("Name of the customer"),
            "customer.requisites": self.env._("Name, numbers and address of theirs"),
            "customer.bank": self.env._("Bank account of the customer"),
            "customer.email": self.env._("E-mail of the customer"),
            "agreement.name": self.env._("Name of the agreement"),
            "agreement.price_type": self.env._("Price type of the agreement"),
            "agreement.payment_terms": self.env._("Payment terms of the agreement"),
            "agreement.currency": self.env._("Currency of the agreement"),
            "agreement.date_end": self.env._("Last day of the agreement"),
        }

    def _get_placeholder_values(self):
        """Texts of the placeholders for the contract (single), by placeholder."""
        contract = self.sudo().with_context(lang=self.lang)
        agreement, customer = contract.agreement_id, contract.entity_id
        seller = contract._b2b_print_seller()
        company = seller["company"]
        return {
            "contract.number": contract.number,
            "contract.date": format_date(contract.env, contract.date),
            "seller.name": company.name,
            "seller.requisites": seller["party"],
            "seller.bank": contract._get_bank_text(seller["bank"]),
            "seller.email": company.email,
            "customer.name": customer.name,
            "customer.requisites": contract._b2b_print_party(customer),
            "customer.bank": contract._get_bank_text(customer.bank_ids[:1]),
            "customer.email": customer.email,
            "agreement.name": agreement.name,
            "agreement.price_type": agreement.price_type_id.name,
            "agreement.payment_terms": agreement.payment_term_id.name,
            "agreement.currency": agreement.currency_id.name,
            "agreement.date_end": agreement.date_end
            and format_date(contract.env, agreement.date_end),
        }

    def _get_bank_text(self, bank):
        """A bank account (at most one) in one line."""
        if not bank:
            return ""
        return self.env._(
            "account %(number)s, %(bank)s, BIC %(bic)s",
            number=bank.acc_number,
            bank=bank.bank_id.name or "",
            bic=bank.bank_id.bic or "",
        )

    def _refresh_text(self):
        """Write the text anew from the template and today's requisites (batch)."""
        for contract in self:
            values = contract._get_placeholder_values()
            text = contract.version_id._render(values, contract.lang)
            contract.write({"text": text, "sha256": self._get_sha256(text)})

    @api.model
    def _get_sha256(self, text):
        """Hash of the text, of its UTF-8 bytes, in hexadecimal."""
        return hashlib.sha256(str(text).encode()).hexdigest()

    # === ACCEPTANCE === #

    def _b2b_accept(self, sha256, name, position, ip="", user_agent=""):
        """Accept the contract (single, sudo, uid kept) for its legal entity.

        Idempotent: the second click finds it accepted and changes nothing.

        :param str sha256: hash of the text that was shown
        :param str name, position: who accepts, as they write it
        :raise AccessError: the role does not allow it
        :raise ContractChanged: the text has changed meanwhile
        :raise UserError: with the reason for the customer
        """
        self.ensure_one()
        self._b2b_check("sign")
        self._b2b_lock()
        if self.state == "accepted":
            return
        if self.state != "waiting":
            raise UserError(
                self.env._("This contract is no longer in force. Open the newest one.")
            )
        if not consteq(sha256 or "", self.sha256):
            raise ContractChanged(
                self.env._(
                    "The text of the contract has changed meanwhile. Read it again and "
                    "accept it."
                )
            )
        name, position = (name or "").strip(), (position or "").strip()
        if not name or not position or max(len(name), len(position)) > 100:
            raise UserError(
                self.env._(
                    "Enter your full name and your position, up to 100 characters each."
                )
            )
        self._write_acceptance(name, position, ip, user_agent)

    def _write_acceptance(self, name, position, ip, user_agent):
        member = self.env["b2b.member"].search(
            [
                ("user_id", "=", self.env.uid),
                ("account_id", "=", self.entity_id.b2b_account_id.id),
            ],
            limit=1,
        )
        older = self.agreement_id.contract_ids.filtered(
            lambda c: c.state == "accepted" and c != self
        )
        older.state = "superseded"
        self.env.flush_all()
        self.write(
            {
                "state": "accepted",
                "accepted_member_id": member.id,
                "accepted_user_id": self.env.uid,
                "accepted_at": fields.Datetime.now(),
                "ip": (ip or "")[:64],
                "user_agent": (user_agent or "")[:500],
                "sign_name": name,
                "sign_position": position,
            }
        )
        self.env["b2b.document"]._record("contract", self)
        manager = self.entity_id.b2b_account_id.manager_id
        self.message_post(
            body=self.env._(
                "%(name)s (%(position)s) has accepted the contract of %(entity)s.",
                name=name,
                position=position,
                entity=self.entity_id.name,
            ),
            partner_ids=manager.partner_id.ids,
            author_id=self.env.user.partner_id.id,
        )

    # === STAFF === #

    def _check_staff(self):
        """Let nobody but the seller's staff on.

        Nobody has the right to write contracts: a state is the work of methods.
        """
        self.check_access("read")
        if not self.env.user.has_group("b2b_portal.group_staff_user"):
            raise AccessError(self.env._("Only the seller's staff may do this."))

    def action_refresh(self):
        """Put today's requisites into contracts (batch) that nobody has accepted."""
        self._check_staff()
        contracts = self.sudo()
        contracts._b2b_lock()
        contracts.filtered(lambda c: c.state in ("draft", "waiting"))._refresh_text()

    def action_cancel(self):
        """Put contracts (batch) out of use; their agreements need another one."""
        self._check_staff()
        contracts = self.sudo()
        contracts._b2b_lock()
        contracts.state = "cancelled"
        self.env["b2b.document"]._cancel(contracts)

    # === PAPER === #

    def _b2b_print_lang(self):
        return self.lang

    def _b2b_print_title(self):
        return self.env._(
            "Contract No. %(number)s of %(date)s",
            number=self.number,
            date=format_date(self.env, self.date),
        )

    def _b2b_print_text(self):
        """The text (single) in two parts: the last one stays with the acceptance.

        The acceptance is never alone on a page. The last part is the last chapter,
        or the last paragraph where the chapter is long.

        :return: (Markup, Markup)
        """
        blocks = fragments_fromstring(str(self.text or ""), no_leading_text=False)
        if len(blocks) < 2 or isinstance(blocks[0], str):
            return self.text, Markup("")
        parts = [tostring(block, encoding="unicode") for block in blocks]
        heads = [n for n, block in enumerate(blocks) if block.tag in HEADINGS]
        start = heads[-1] if heads else len(parts) - 1
        if not start or sum(map(len, parts[start:])) > MAX_KEPT_TEXT:
            start = len(parts) - 1
        return Markup("".join(parts[:start])), Markup("".join(parts[start:]))

    def _b2b_print_acceptance(self):
        """Who accepted the contract (single), when and from where.

        :return: list of (label, text); rows without a text are left out
        """
        contract = self.sudo()
        person = ", ".join(filter(None, (contract.sign_name, contract.sign_position)))
        entity = contract.entity_id
        return [
            (self.env._("Customer"), self._b2b_print_party(entity)),
            (self.env._("Accepted by"), person),
            (self.env._("Login"), contract.accepted_user_id.login),
            (self.env._("Accepted at"), self._b2b_print_moment(contract.accepted_at)),
            (self.env._("IP address"), contract.ip),
            (self.env._("Browser"), contract.user_agent),
        ]

    def _b2b_print_moment(self, moment):
        """A date and time in the customer's time zone, or an empty text."""
        if not moment:
            return ""
        zone = self.entity_id.tz or self.company_id.partner_id.tz or "UTC"
        return f"{format_datetime(self.env, moment, tz=zone)} ({zone})"

    def _prepare_b2b_document(self):
        """Registry values of the contract (single)."""
        self.ensure_one()
        return {
            "name": self.number,
            "date": self.date,
            "state": "valid",
            "entity_id": self.entity_id.id,
            "agreement_id": self.agreement_id.id,
            "member_id": self.accepted_member_id.id,
            "company_id": self.company_id.id,
        }

    def _b2b_document_changed_at(self):
        """When what the paper (single) shows last changed."""
        self.ensure_one()
        return self.accepted_at or self.write_date
