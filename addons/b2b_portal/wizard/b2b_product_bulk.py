# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html_escape, split_every

Command = fields.Command
# Products that are changed in one go: an error costs no more than this.
_BATCH = 200


class B2bProductBulk(models.TransientModel):
    """Change many products at once: sections, brand, tags, quantities, a property.

    Every product is changed, was right already, or is refused with a reason.
    """

    _name = "b2b.product.bulk"
    _description = "Change Products"

    product_tmpl_ids = fields.Many2many(
        "product.template",
        string="Products",
        default=lambda self: self._get_default_products(),
    )
    operation = fields.Selection(
        [
            ("add_sections", "Add to sections"),
            ("remove_sections", "Take out of sections"),
            ("brand", "Set the brand"),
            ("publish", "Publish"),
            ("unpublish", "Take off the website"),
            ("add_tags", "Add tags"),
            ("remove_tags", "Remove tags"),
            ("quantities", "Set minimum and multiple"),
            ("property", "Set a property"),
        ],
        "What to do",
        required=True,
        default="add_sections",
    )
    section_ids = fields.Many2many("product.public.category", string="Sections")
    brand_id = fields.Many2one("b2b.brand", help="Left empty: no brand.")
    tag_ids = fields.Many2many("product.tag", string="Tags")
    set_min_qty = fields.Boolean("Change the minimum")
    min_qty = fields.Float("Minimum quantity", digits="Product Unit")
    set_multiple = fields.Boolean("Change the multiple")
    multiple = fields.Float("Sold in multiples of", digits="Product Unit")
    attribute_id = fields.Many2one("product.attribute", "Property")
    value_id = fields.Many2one(
        "product.attribute.value",
        domain="[('attribute_id', '=', attribute_id)]",
    )
    is_complete = fields.Boolean(compute="_compute_preview")
    total_count = fields.Integer("Products chosen", compute="_compute_preview")
    change_count = fields.Integer("Will change", compute="_compute_preview")
    same_count = fields.Integer("Are so already", compute="_compute_preview")
    refused_count = fields.Integer("Cannot be changed", compute="_compute_preview")

    @api.model
    def _get_default_products(self):
        ids = self.env.context.get("active_ids") or []
        if self.env.context.get("active_model") == "product.product":
            return self.env["product.product"].browse(ids).product_tmpl_id
        return self.env["product.template"].browse(ids)

    # === PREVIEW === #

    @api.depends(
        "product_tmpl_ids",
        "operation",
        "section_ids",
        "brand_id",
        "tag_ids",
        "set_min_qty",
        "min_qty",
        "set_multiple",
        "multiple",
        "attribute_id",
        "value_id",
    )
    def _compute_preview(self):
        for wizard in self:
            changes, refused = wizard._get_changes()
            wizard.is_complete = wizard._is_complete()
            wizard.total_count = len(wizard.product_tmpl_ids)
            wizard.change_count = len(changes)
            wizard.refused_count = len(refused)
            wizard.same_count = (
                wizard.total_count - wizard.change_count - wizard.refused_count
            )

    def _get_changes(self):
        """What the wizard (single) does to each of the products.

        :return: (dict template -> values to write, dict template -> why not); those
            that are so already are in neither
        """
        templates = self.product_tmpl_ids._origin
        method = getattr(self, f"_change_{self.operation or 'nothing'}", None)
        changes, refused = {}, {}
        if method is None:
            return changes, refused
        for template in templates:
            values, problem = method(template)
            if problem:
                refused[template] = problem
            elif values:
                changes[template] = values
        return changes, refused

    def _link(self, field_name, records, template, link=True):
        """Values that put records into a x2many field of a template, or take out."""
        ids = set(records._origin.ids or records.ids)
        have = set(template[field_name].ids)
        todo = ids - have if link else ids & have
        command = Command.link if link else Command.unlink
        return {field_name: [command(i) for i in sorted(todo)]} if todo else {}

    def _change_add_sections(self, template):
        return self._link("public_categ_ids", self.section_ids, template), None

    def _change_remove_sections(self, template):
        return self._link("public_categ_ids", self.section_ids, template, False), None

    def _change_add_tags(self, template):
        return self._link("product_tag_ids", self.tag_ids, template), None

    def _change_remove_tags(self, template):
        return self._link("product_tag_ids", self.tag_ids, template, False), None

    def _change_brand(self, template):
        brand = self.brand_id._origin
        same = template.b2b_brand_id == brand
        return {} if same else {"b2b_brand_id": brand.id}, None

    def _change_publish(self, template):
        if not template.sale_ok:
            return None, self.env._("It is not for sale.")
        return {} if template.is_published else {"is_published": True}, None

    def _change_unpublish(self, template):
        return {"is_published": False} if template.is_published else {}, None

    def _change_quantities(self, template):
        values = {}
        for name, wanted, value in (
            ("b2b_min_qty", self.set_min_qty, self.min_qty),
            ("b2b_multiple", self.set_multiple, self.multiple),
        ):
            if wanted and template.uom_id.compare(template[name], value):
                values[name] = value
        return values, None

    def _change_property(self, template):
        """Give the template one value, where that makes and archives no variants."""
        attribute, value = self.attribute_id._origin, self.value_id._origin
        if not attribute or not value:
            return {}, None
        lines = template.attribute_line_ids
        line = lines.filtered(lambda li: li.attribute_id == attribute)
        if line.value_ids == value:
            return {}, None
        if len(line) > 1 or len(line.value_ids) > 1:
            return None, self.env._("It has several values of the property.")
        if attribute.create_variant != "no_variant":
            return None, self.env._("The property makes variants.")
        values = {"value_ids": [Command.set(value.ids)]}
        if line:
            return {"attribute_line_ids": [Command.update(line.id, values)]}, None
        values["attribute_id"] = attribute.id
        return {"attribute_line_ids": [Command.create(values)]}, None

    # === RUN === #

    def action_apply(self):
        """Change the products of the wizard (single), and say how many.

        :raise UserError: what to do is not said
        """
        self.ensure_one()
        self._check_complete()
        changes, refused = self._get_changes()
        groups = {}
        for template, values in changes.items():
            groups.setdefault(repr(values), (values, []))[1].append(template.id)
        changed = self.env["product.template"]
        for values, ids in groups.values():
            for batch in split_every(_BATCH, ids):
                changed |= self._write(changed.browse(batch), values, refused)
        self._note(changed)
        total = len(self.product_tmpl_ids)
        return self._tell(len(changed), total - len(changed) - len(refused), refused)

    def _is_complete(self):
        """Whether the wizard (single) says what the products shall get."""
        missing = {
            "add_sections": not self.section_ids,
            "remove_sections": not self.section_ids,
            "add_tags": not self.tag_ids,
            "remove_tags": not self.tag_ids,
            "quantities": not (self.set_min_qty or self.set_multiple),
            "property": not (self.attribute_id and self.value_id),
        }
        return bool(self.operation) and not missing.get(self.operation)

    def _check_complete(self):
        if not self.product_tmpl_ids:
            raise UserError(self.env._("Choose the products first."))
        if not self._is_complete():
            raise UserError(self.env._("Say what the products shall get."))

    def _write(self, templates, values, refused):
        """Write to a batch; where that fails, to each of it alone.

        :param dict refused: template -> why not, filled here
        :return: the templates that are written
        """
        try:
            with self.env.cr.savepoint():
                templates.write(values)
        except UserError as error:
            if len(templates) == 1:
                refused[templates] = str(error)
                return templates.browse()
        else:
            return templates
        written = templates.browse()
        for template in templates:
            written |= self._write(template, values, refused)
        return written

    def _note(self, templates):
        """Leave a note on every product that was changed."""
        text = self._get_note()
        for batch in split_every(_BATCH, templates.ids):
            records = templates.browse(batch)
            records._message_log_batch(
                bodies=dict.fromkeys(batch, f"<p>{html_escape(text)}</p>")
            )

    def _get_note(self):
        labels = dict(self._fields["operation"]._description_selection(self.env))
        label = labels[self.operation]
        details = {
            "add_sections": self.section_ids.mapped("display_name"),
            "remove_sections": self.section_ids.mapped("display_name"),
            "brand": [self.brand_id.name or "—"],
            "add_tags": self.tag_ids.mapped("name"),
            "remove_tags": self.tag_ids.mapped("name"),
            "quantities": [
                f"{self._fields[name]._description_string(self.env)} {self[name]:g}"
                for name, wanted in (
                    ("min_qty", self.set_min_qty),
                    ("multiple", self.set_multiple),
                )
                if wanted
            ],
            "property": [f"{self.attribute_id.name} = {self.value_id.name}"],
        }
        found = details.get(self.operation)
        return f"{label}: {', '.join(found)}" if found else label

    def _tell(self, changed, same, refused):
        """The message of the run: counts that add up, and the first refusals."""
        text = self.env._(
            "%(total)s products: %(changed)s changed, %(same)s were so already, "
            "%(refused)s refused.",
            total=changed + same + len(refused),
            changed=changed,
            same=same,
            refused=len(refused),
        )
        reasons = [f"{t.display_name}: {why}" for t, why in list(refused.items())[:10]]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": "\n".join([text, *reasons]),
                "type": "warning" if refused else "success",
                "sticky": bool(refused),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
