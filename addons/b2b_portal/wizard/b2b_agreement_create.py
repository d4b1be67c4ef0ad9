# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from psycopg2 import IntegrityError

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

Command = fields.Command


class B2bAgreementCreate(models.TransientModel):
    """Make agreements of a template with many legal entities, each whole or none."""

    _name = "b2b.agreement.create"
    _description = "Create Agreements"

    template_id = fields.Many2one("b2b.agreement.template", required=True)
    company_id = fields.Many2one(related="template_id.company_id")
    account_ids = fields.Many2many("b2b.account", string="All entities of accounts")
    segment_ids = fields.Many2many("b2b.segment", string="All entities of segments")
    entity_ids = fields.Many2many(
        "res.partner",
        "b2b_agreement_create_entity_rel",
        string="Legal entities",
        domain=[("b2b_account_id", "!=", False)],
    )
    date_start = fields.Date(
        "Valid from", required=True, default=fields.Date.context_today
    )
    date_end = fields.Date(
        "Valid until",
        compute="_compute_date_end",
        store=True,
        readonly=False,
        help="Empty: open-ended.",
    )
    entity_count = fields.Integer("Chosen", compute="_compute_entity_count")
    state = fields.Selection([("choose", "Choose"), ("done", "Done")], default="choose")
    line_ids = fields.One2many("b2b.agreement.create.line", "wizard_id", "Report")
    created_count = fields.Integer("Created", readonly=True)
    skipped_count = fields.Integer("Skipped", readonly=True)

    @api.depends("template_id", "date_start")
    def _compute_date_end(self):
        for wizard in self:
            wizard.date_end = wizard.template_id._get_date_end(wizard.date_start)

    @api.depends("account_ids", "segment_ids", "entity_ids")
    def _compute_entity_count(self):
        for wizard in self:
            wizard.entity_count = len(wizard._get_entities())

    def _get_entities(self):
        """Legal entities that are chosen (single), each once."""
        chosen = Domain("b2b_account_id", "in", self.account_ids.ids)
        chosen |= Domain("id", "in", self.entity_ids.ids)
        if self.segment_ids:
            chosen |= Domain("b2b_account_id.segment_id", "in", self.segment_ids.ids)
        entities = self.env["res.partner"]
        return entities.search(chosen & Domain("b2b_account_id", "!=", False))

    def action_create(self):
        """Make the agreements and show what became of each legal entity.

        :raise UserError: nobody is chosen
        """
        self.ensure_one()
        entities = self._get_entities()
        if not entities:
            raise UserError(self.env._("Choose legal entities, accounts or segments."))
        lines = [self._create_one(entity) for entity in entities]
        created = [line for line in lines if line["agreement_id"]]
        self.write(
            {
                "state": "done",
                "line_ids": [Command.clear(), *map(Command.create, lines)],
                "created_count": len(created),
                "skipped_count": len(lines) - len(created),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Create agreements"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _create_one(self, entity):
        """Make one agreement, or say why not; values of a line of the report."""
        line = {"entity_id": entity.id, "agreement_id": False, "reason": False}
        if reason := self._get_skip_reason(entity):
            return line | {"reason": reason}
        agreements = self.env["b2b.agreement"]
        try:
            with self.env.cr.savepoint():
                agreement = self.template_id._create_agreement(
                    entity, self.date_start, self.date_end
                )
        except (UserError, ValidationError) as error:
            self.env.invalidate_all()
            return line | {"reason": str(error)}
        except IntegrityError as error:
            self.env.invalidate_all()
            return line | {"reason": agreements._sql_error_to_message(error)}
        return line | {"agreement_id": agreement.id}

    def _get_skip_reason(self, entity):
        """Why the legal entity gets no agreement of the template, or False."""
        if entity.b2b_account_id.state == "blocked":
            return self.env._("The account is blocked.")
        live = entity.b2b_agreement_ids.filtered(
            lambda a: a.template_id == self.template_id and a.state != "expired"
        )
        if live:
            return self.env._(
                "It has one of this template: %(name)s.", name=live[0].display_name
            )
        return False


class B2bAgreementCreateLine(models.TransientModel):
    """What became of one legal entity."""

    _name = "b2b.agreement.create.line"
    _description = "Report on Created Agreements"
    _order = "agreement_id desc, id"

    wizard_id = fields.Many2one("b2b.agreement.create", ondelete="cascade")
    entity_id = fields.Many2one("res.partner", "Legal entity", readonly=True)
    agreement_id = fields.Many2one("b2b.agreement", "Created", readonly=True)
    reason = fields.Char("Skipped because", readonly=True)
