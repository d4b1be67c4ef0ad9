# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain


class B2bAssortmentSimulation(models.TransientModel):
    """What does this customer see, and what not, and why not: for staff."""

    _name = "b2b.assortment.simulation"
    _description = "What a Customer Sees"

    kind = fields.Selection(
        [
            ("agreement", "Agreement"),
            ("account", "Account without an agreement"),
            ("guest", "Visitor without an account"),
        ],
        "Who",
        default="agreement",
        required=True,
    )
    entity_id = fields.Many2one(
        "res.partner", "Legal entity", domain=[("b2b_account_id", "!=", False)]
    )
    agreement_id = fields.Many2one(
        "b2b.agreement",
        compute="_compute_agreement_id",
        store=True,
        readonly=False,
        domain="[('entity_id', '=?', entity_id)]",
    )
    account_id = fields.Many2one("b2b.account")
    website_id = fields.Many2one(
        "website", required=True, default=lambda self: self._get_default_website()
    )
    date = fields.Date("On", default=fields.Date.context_today, required=True)
    product_tmpl_id = fields.Many2one("product.template", "A product")
    verdict = fields.Text("Is it seen", compute="_compute_verdict")
    total_count = fields.Integer("Goods on the website", compute="_compute_counts")
    visible_count = fields.Integer("Seen", compute="_compute_counts")
    hidden_count = fields.Integer("Not seen", compute="_compute_counts")
    line_ids = fields.One2many(
        "b2b.assortment.simulation.line",
        "simulation_id",
        "Why not",
        compute="_compute_line_ids",
        store=True,
        readonly=True,
    )

    def _compute_display_name(self):
        self.display_name = self.env._("What a customer sees")

    @api.model
    def _get_default_website(self):
        return self.env["website"].get_current_website()

    @api.depends("entity_id")
    def _compute_agreement_id(self):
        """The entity's default agreement, unless one of its own is chosen."""
        for wizard in self:
            entity, agreement = wizard.entity_id, wizard.agreement_id
            if entity and agreement.entity_id != entity:
                agreement = self.env["b2b.agreement"].search(
                    [("entity_id", "=", entity._origin.id), ("state", "=", "active")],
                    limit=1,
                )
            wizard.agreement_id = agreement

    # === THE ANSWER === #

    def _get_assortment(self):
        """What the chosen customer (single wizard) sees; None: nobody is chosen."""
        agreement = self.kind == "agreement" and self.agreement_id
        account = self.kind == "account" and self.account_id
        if self.kind != "guest" and not (agreement or account):
            return None
        if not self.website_id:
            return None
        customer = self.website_id._b2b_get_customer(agreement, account)
        return self.env["b2b.assortment"]._b2b_get_assortment(customer, self.date)

    def _get_offered_domain(self):
        """Goods that the website (single wizard) sells at all."""
        website = self.website_id
        return (
            Domain("sale_ok", "=", True)
            & Domain("is_published", "=", True)
            & Domain("website_id", "in", [False, website.id])
            & Domain("company_id", "in", [False, website.company_id.id])
        )

    @api.depends("kind", "agreement_id", "account_id", "website_id", "date")
    def _compute_counts(self):
        Template = self.env["product.template"]
        for wizard in self:
            offered = wizard._get_offered_domain()
            assortment = wizard._get_assortment()
            total = Template.search_count(offered)
            visible = 0
            if assortment:
                visible = Template.search_count(offered & assortment.get_domain())
            wizard.total_count = total if assortment else 0
            wizard.visible_count = visible
            wizard.hidden_count = total - visible if assortment else 0

    @api.depends("kind", "agreement_id", "account_id", "website_id", "date")
    def _compute_line_ids(self):
        Template = self.env["product.template"]
        for wizard in self:
            lines = [fields.Command.clear()]
            assortment = wizard._get_assortment()
            for rule, domain in assortment.get_reasons() if assortment else ():
                count = Template.search_count(wizard._get_offered_domain() & domain)
                values = {"rule_id": rule and rule.id, "product_count": count}
                lines.append(fields.Command.create(values))
            wizard.line_ids = lines

    @api.depends(
        "kind", "agreement_id", "account_id", "website_id", "date", "product_tmpl_id"
    )
    def _compute_verdict(self):
        for wizard in self:
            assortment = wizard._get_assortment()
            product = wizard.product_tmpl_id
            wizard.verdict = (
                wizard._get_verdict(assortment, product)
                if assortment and product
                else False
            )

    def _get_verdict(self, assortment, product):
        """Whether a product (single) is seen, and what stands against it, in words."""
        if not product.filtered_domain(self._get_offered_domain()):
            return self.env._("No: the website does not offer it to anybody.")
        rules = self.env["b2b.assortment"]
        texts = [
            self._get_reason_text(rules.browse(rule.id if rule else ()))
            for rule, domain in assortment.get_reasons()
            if product.filtered_domain(domain)
        ]
        if not texts:
            return self.env._("Yes.")
        return self.env._("No: %(reasons)s", reasons=" ".join(texts))

    def _get_reason_text(self, rule):
        """Why a rule (at most one; none: the whitelists) keeps goods back."""
        if not rule:
            return self.env._("none of the customer's whitelists names it.")
        if rule.mode == "exclusive":
            return self.env._("it is exclusive to others, “%(rule)s”.", rule=rule.name)
        return self.env._("it is hidden by “%(rule)s”.", rule=rule.name)

    # === LISTS === #

    def action_open_visible(self):
        """Open the goods that the customer sees."""
        self.ensure_one()
        domain = self._get_offered_domain() & self._get_assortment().get_domain()
        return self._open(self.env._("Goods that are seen"), domain)

    def action_open_hidden(self):
        """Open the goods that the customer does not see."""
        self.ensure_one()
        domain = self._get_offered_domain() & ~self._get_assortment().get_domain()
        return self._open(self.env._("Goods that are not seen"), domain)

    def _open(self, name, domain):
        return {
            "type": "ir.actions.act_window",
            "res_model": "product.template",
            "name": name,
            "view_mode": "list,form",
            "domain": list(domain),
        }


class B2bAssortmentSimulationLine(models.TransientModel):
    """A rule that keeps goods back, and how many; goods may have several reasons."""

    _name = "b2b.assortment.simulation.line"
    _description = "Why a Customer Does Not See Goods"

    simulation_id = fields.Many2one("b2b.assortment.simulation", ondelete="cascade")
    rule_id = fields.Many2one("b2b.assortment", ondelete="cascade")
    text = fields.Char("Reason", compute="_compute_text")
    product_count = fields.Integer("Goods")

    @api.depends("rule_id")
    def _compute_text(self):
        texts = {
            "hide": self.env._("Hidden from this customer"),
            "exclusive": self.env._("Exclusive to others"),
        }
        for line in self:
            text = texts.get(line.rule_id.mode)
            line.text = text or self.env._("On none of the whitelists")

    def action_open(self):
        """Open the goods that the rule (single) keeps back."""
        self.ensure_one()
        simulation = self.simulation_id
        for rule, domain in simulation._get_assortment().get_reasons():
            if (rule.id if rule else False) == self.rule_id.id:
                offered = simulation._get_offered_domain()
                return simulation._open(self.text, offered & domain)
        return False
