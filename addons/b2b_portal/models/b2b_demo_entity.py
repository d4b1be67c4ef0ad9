# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models

# One row: xml id, agreement, who has accepted the contract (or nobody yet).
CONTRACTS = [
    ("contract_north_dealer_demo", "agreement_north_dealer_demo",
     "user_north_director_demo"),
    ("contract_north_logistics_demo", "agreement_north_logistics_demo", None),
    ("contract_stroydom_demo", "agreement_stroydom_demo", None),
]  # fmt: skip
# One row: xml id, kind, entity (empty: for every customer), state, file, number, days
# until the paper expires.
PAPERS = [
    ("paper_north_charter_demo", "charter", "entity_north_demo", "checked",
     "charter.pdf", False, None),
    ("paper_north_attorney_demo", "attorney", "entity_north_demo", "checked",
     "attorney.pdf", "17", 21),
    ("paper_north_register_demo", "register", "entity_north_demo", "refused",
     "register.pdf", False, None),
    ("paper_stroydom_charter_demo", "charter", "entity_stroydom_demo", "uploaded",
     "charter.pdf", False, None),
    ("paper_seller_requisites_demo", "requisites", None, "checked",
     "requisites.pdf", False, None),
]  # fmt: skip


class B2bDemo(models.AbstractModel):
    """Demo contracts and founding papers."""

    _inherit = "b2b.demo"

    @api.model
    def _setup_contracts(self):
        """Publish the demo template; one contract is accepted, two wait."""
        if self._ref(CONTRACTS[0][0]):
            return
        self._ref("contract_template_version_demo").action_publish()
        for name, agreement, user in CONTRACTS:
            contract = self._ref(agreement)._b2b_create_contracts("waiting")
            self._bind(name, contract)
            if user:
                user = self._ref(user)
                contract.with_user(user).sudo()._b2b_accept(
                    contract.sha256,
                    user.name,
                    user.partner_id.function,
                    "203.0.113.17",
                    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/144.0",
                )

    @api.model
    def _setup_papers(self):
        """Founding papers in every state, with files."""
        if self._ref(PAPERS[0][0]):
            return
        today = fields.Date.today()
        for name, kind, entity, state, file, number, days in PAPERS:
            paper = self.env["b2b.paper"].create(
                {
                    "kind_id": self._ref(f"paper_kind_{kind}").id,
                    "entity_id": entity and self._ref(entity).id,
                    "direction": "customer" if entity else "seller",
                    "company_id": self._ref("company_demo").id,
                    "number": number,
                    "date": today - timedelta(days=340),
                    "date_end": days and today + timedelta(days=days),
                    "state": "uploaded",
                }
            )
            data = self._read(f"papers/{file}")
            paper._b2b_attach([(file, data, "application/pdf")])
            self._bind(name, paper)
            if state == "checked":
                paper.action_check()
            elif state == "refused":
                paper._refuse("Выписка старше месяца: закажите свежую на сайте ФНС.")
