# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

CRON_BATCH = 100


class B2bAgreement(models.Model):
    """The contract that an agreement needs before orders are placed under it."""

    _inherit = "b2b.agreement"

    contract_required = fields.Boolean(
        "Orders need an accepted contract",
        compute="_compute_contract_required",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="The catalogue stays open, orders are refused until the customer has "
        "accepted the contract.",
    )
    contract_ids = fields.One2many("b2b.contract", "agreement_id", "Contracts")
    contract_count = fields.Integer(compute="_compute_contract_count")

    @api.depends("company_id")
    def _compute_contract_required(self):
        for agreement in self:
            agreement.contract_required = agreement.company_id.b2b_contract_required

    @api.depends("contract_ids")
    def _compute_contract_count(self):
        for agreement in self:
            agreement.contract_count = len(agreement.contract_ids)

    @api.model_create_multi
    def create(self, vals_list):
        agreements = super().create(vals_list)
        agreements._b2b_build_contracts()
        return agreements

    def write(self, vals):
        result = super().write(vals)
        if {"state", "contract_required", "active"} & vals.keys():
            self._b2b_build_contracts()
        return result

    # === BUILDING === #

    def _b2b_build_contracts(self):
        """Make the contracts that active agreements (batch) need and lack.

        A draft that staff has prepared is sent with today's requisites.

        :return: the new contracts in sudo
        """
        needing = self.sudo().filtered(
            lambda a: a.active and a.state == "active" and a.contract_required
        )
        contracts = needing.contract_ids
        drafts = contracts.filtered(lambda c: c.state == "draft")
        drafts._refresh_text()
        drafts.state = "waiting"
        made = contracts.filtered(lambda c: c.state in ("waiting", "accepted"))
        return (needing - made.agreement_id)._b2b_create_contracts("waiting")

    def _b2b_create_contracts(self, state, deadline=None):
        """New contracts of agreements (batch, sudo) from the version in force.

        :return: ``b2b.contract``; none for agreements of companies without a version
        """
        Version = self.env["b2b.contract.template.version"]
        values = [
            agreement._prepare_contract(version, state, deadline)
            for agreement in self
            if (version := Version._get_in_force(agreement.company_id))
        ]
        contracts = self.env["b2b.contract"].sudo().create(values)
        contracts._refresh_text()
        return contracts

    def _prepare_contract(self, version, state, deadline=None):
        """Values of a new contract of the agreement (single)."""
        self.ensure_one()
        lang = self.entity_id.lang or self.company_id.partner_id.lang or self.env.lang
        sequence = self.env["ir.sequence"].sudo()
        return {
            "agreement_id": self.id,
            "version_id": version.id,
            "number": self.number or sequence.next_by_code("b2b.contract"),
            "date": fields.Date.context_today(self),
            "lang": lang or "en_US",
            "state": state,
            "deadline": deadline,
        }

    def action_prepare_contract(self):
        """Make the contract of the agreement (single) for staff to look at.

        :raise UserError: there is one, or the company has no contract template
        """
        self.ensure_one()
        self.check_access("write")
        agreement = self.sudo()
        live = ("draft", "waiting", "accepted")
        if agreement.contract_ids.filtered(lambda c: c.state in live):
            raise UserError(self.env._("The agreement has a contract already."))
        state = "waiting" if agreement.state == "active" else "draft"
        contract = agreement._b2b_create_contracts(state)
        if not contract:
            raise UserError(
                self.env._("Choose a published contract template for the company.")
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "b2b.contract",
            "res_id": contract.id,
            "view_mode": "form",
        }

    def action_open_contracts(self):
        """Open the contracts of the agreement (single)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "b2b.contract",
            "view_mode": "list,form",
            "domain": [("agreement_id", "=", self.id)],
            "name": self.env._("Contracts"),
        }

    # === USING === #

    def _b2b_get_waiting_contract(self):
        """The contract (sudo) that the agreement (single) waits for, or empty."""
        return self.sudo().contract_ids.filtered(lambda c: c.state == "waiting")

    def _b2b_get_contract_refusal(self):
        """Why the contract lets no order be placed under the agreement (single).

        :return: text for the customer, or False where orders may be placed
        """
        self.ensure_one()
        if not self.contract_required:
            return False
        contracts = self.sudo().contract_ids
        waiting = self._b2b_get_waiting_contract()
        today = fields.Date.context_today(self)
        if waiting:
            if waiting.deadline and today <= waiting.deadline:
                return False
            return self.env._(
                "Accept the contract first: orders under “%(name)s” need it.",
                name=self.name,
            )
        if contracts.filtered(lambda c: c.state == "accepted"):
            return False
        return self.env._(
            "The contract for “%(name)s” is not ready yet. Ask your manager.",
            name=self.name,
        )

    # === NEW VERSIONS === #

    @api.model
    def _cron_build_contracts(self):
        """Make missing contracts, and new ones where a version asks for it.

        By batches, each of its own transaction: it may be killed at any instant.
        """
        domain = Domain("state", "=", "active") & Domain("contract_required", "=", True)
        agreements = self.search(domain, order="id")
        agreements = agreements.filtered(lambda a: a._b2b_lacks_contract())
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(agreements))
        for start in range(0, len(agreements), CRON_BATCH):
            batch = agreements[start : start + CRON_BATCH]
            batch._b2b_build_contracts()
            batch._b2b_renew_contracts()
            if not cron._commit_progress(len(batch)):
                break

    def _b2b_lacks_contract(self):
        """Whether the agreement (single) needs a contract by the version in force."""
        version = self.env["b2b.contract.template.version"]._get_in_force(
            self.company_id
        )
        if not version:
            return False
        contracts = self.sudo().contract_ids
        live = contracts.filtered(lambda c: c.state in ("waiting", "accepted"))
        return not live or self._b2b_is_outdated(live, version)

    def _b2b_is_outdated(self, live, version):
        """Whether the version in force asks for another contract than ``live``."""
        if version in live.version_id:
            return False
        last = live.filtered(lambda c: c.state == "waiting") or live
        same = last.version_id.template_id == version.template_id
        return same and (
            last.state == "waiting" or version._needs_acceptance_after(last.version_id)
        )

    def _b2b_renew_contracts(self):
        """Replace what is not accepted yet, ask anew for what is (batch)."""
        Version = self.env["b2b.contract.template.version"]
        for agreement in self.sudo():
            version = Version._get_in_force(agreement.company_id)
            live = agreement.contract_ids.filtered(
                lambda c: c.state in ("waiting", "accepted")
            )
            if not live or not agreement._b2b_is_outdated(live, version):
                continue
            waiting = live.filtered(lambda c: c.state == "waiting")
            waiting.state = "superseded"
            deadline = waiting.deadline
            if not waiting:
                today = fields.Date.context_today(self)
                deadline = fields.Date.add(today, days=version.grace_days)
            self.env.flush_all()
            agreement._b2b_create_contracts("waiting", deadline)
