# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class SaleOrder(models.Model):
    """No order before the contract of its agreement is accepted."""

    _inherit = "sale.order"

    def _b2b_get_checks(self):
        checks = super()._b2b_get_checks()
        agreement = self.b2b_agreement_id.sudo()
        refusal = agreement and agreement._b2b_get_contract_refusal()
        if refusal:
            row = self._b2b_check_row("contract", refusal)
            contract = agreement._b2b_get_waiting_contract()
            if contract and contract._b2b_filtered("read"):
                row["url"] = f"/my/contracts/{contract.id}"
                row["link"] = self.env._("Open the contract")
            checks.append(row)
        return checks

    def _confirmation_error_message(self):
        """Refuse every way of confirming while the contract is not accepted."""
        message = super()._confirmation_error_message()
        if not message and self.b2b_agreement_id:
            message = self.b2b_agreement_id.sudo()._b2b_get_contract_refusal()
        return message
