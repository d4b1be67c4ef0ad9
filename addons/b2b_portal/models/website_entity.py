# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.fields import Domain


class Website(models.Model):
    """The visitor's contracts, papers and legal entities on the desk at /my."""

    _inherit = "website"

    def _b2b_get_inbox(self):
        return (
            super()._b2b_get_inbox()
            + self._b2b_get_contract_inbox()
            + self._b2b_get_paper_inbox()
        )

    def _b2b_get_contract_inbox(self):
        """Rows for contracts that the visitor may sign."""
        Contract = self.env["b2b.contract"].with_user(self.env.user)
        contracts = Contract.search([("state", "=", "waiting")])
        return [
            {
                "code": "contract",
                "icon": "file-text-o",
                "title": self.env._(
                    "Accept the contract of %(entity)s", entity=contract.entity_id.name
                ),
                "text": contract.agreement_id.name,
                "url": f"/my/contracts/{contract.id}",
                "button": self.env._("Read and accept"),
                "date": contract.date,
                "priority": 10,
            }
            for contract in contracts._b2b_filtered("sign").sudo()
        ]

    def _b2b_get_paper_entities(self):
        """Legal entities (sudo) whose papers the visitor may upload."""
        ids = {
            entity_id
            for grant in self.env["b2b.member"]._get_grants()
            if (grant.object, grant.verb) == ("paper", "create")
            for entity_id in grant.get_entity_ids()
        }
        return self.env["res.partner"].sudo().browse(sorted(ids))

    def _b2b_get_paper_inbox(self):
        """Rows for papers that are asked for, refused or about to expire."""
        entities = self._b2b_get_paper_entities()
        Paper = self.env["b2b.paper"]
        papers = Paper.sudo().search(
            Domain("entity_id", "in", entities.ids)
            & Domain("direction", "=", "customer")
        )
        rows = [row for paper in papers if (row := self._b2b_get_paper_row(paper))]
        missing = Paper._b2b_get_missing(entities)
        for entity in entities.filtered(lambda e: missing[e]):
            rows.append(
                {
                    "code": "paper_missing",
                    "icon": "folder-open-o",
                    "title": self.env._(
                        "Upload papers of %(entity)s", entity=entity.name
                    ),
                    "text": ", ".join(missing[entity].mapped("name")),
                    "url": f"/my/papers?entity_id={entity.id}",
                    "button": self.env._("Upload"),
                    "priority": 50,
                }
            )
        return rows

    def _b2b_get_paper_row(self, paper):
        """Row of the inbox for a paper (single, sudo), None where nothing is to do."""
        names = {"paper": paper.name, "entity": paper.entity_id.name}
        expiring = paper.state == "checked" and paper.validity in (
            "expiring",
            "expired",
        )
        if paper.state == "refused":
            title = self.env._("“%(paper)s” of %(entity)s is refused", **names)
        elif paper.state == "requested":
            title = self.env._("“%(paper)s” of %(entity)s is asked for", **names)
        elif expiring and paper.validity == "expired":
            title = self.env._("“%(paper)s” of %(entity)s has expired", **names)
        elif expiring:
            title = self.env._("“%(paper)s” of %(entity)s expires soon", **names)
        else:
            return None
        return {
            "code": "paper",
            "icon": "folder-open-o",
            "title": title,
            "text": paper.reason or paper.note or "",
            "url": f"/my/papers?entity_id={paper.entity_id.id}",
            "button": self.env._("Upload"),
            "date": paper.date_end if expiring else paper.write_date.date(),
            "priority": 20 if paper.state == "refused" else 40,
        }

    def _b2b_get_tiles(self):
        may = self.env["b2b.member"]._may
        tiles = super()._b2b_get_tiles()
        if may("entity", "read"):
            Partner = self.env["res.partner"].with_user(self.env.user)
            count = Partner.search_count([("b2b_account_id", "!=", False)])
            tiles.append(
                {
                    "code": "entities",
                    "icon": "building-o",
                    "title": self.env._("Legal entities"),
                    "value": str(count),
                    "text": self.env._("Requisites, bank accounts, addresses"),
                    "url": "/my/entities",
                    "sequence": 60,
                }
            )
        return tiles
