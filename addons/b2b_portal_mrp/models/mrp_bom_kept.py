# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Bills of materials are kept in memory: see ``b2b.kept.mixin`` of ``b2b_portal``."""

from odoo import models


class MrpBom(models.Model):
    _name = "mrp.bom"
    _inherit = ["mrp.bom", "b2b.kept.mixin"]


class MrpBomLine(models.Model):
    _name = "mrp.bom.line"
    _inherit = ["mrp.bom.line", "b2b.kept.mixin"]
