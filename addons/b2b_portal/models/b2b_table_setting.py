# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How a member likes a table: which columns, in which order, how wide."""

from odoo import api, fields, models

# More codes than any table has columns, in all sections together.
MAX_CODES = 300
MIN_WIDTH, MAX_WIDTH = 40, 800


class B2bTableSetting(models.Model):
    """Columns of one table as one member has set them, or one choice among views.

    Members read and write it through ``website._b2b_get_columns`` only: the model has
    no access rights for them.
    """

    _name = "b2b.table.setting"
    _description = "Columns of a Member's Table"
    _order = "member_id, table"

    member_id = fields.Many2one(
        "b2b.member", required=True, ondelete="cascade", index=True
    )
    table = fields.Char(required=True)
    columns = fields.Json(
        help="Dict: order (list of codes), shown (dict code -> bool), widths (dict "
        "code -> pixels); or choice (of a view, of rows a page)."
    )

    _member_table_unique = models.Constraint(
        'UNIQUE(member_id, "table")', "The member has set this table already."
    )

    @api.model
    def _b2b_read(self, member, table):
        """What a member (at most one) has set.

        :return: dict: order, shown, widths; empty ones for whoever has set nothing
        """
        found = {}
        if member:
            settings = self.sudo().search(
                [("member_id", "=", member.id), ("table", "=", table)]
            )
            found = settings.columns or {}
        return {"order": [], "shown": {}, "widths": {}} | found

    @api.model
    def _b2b_write(self, member, table, columns):
        """Keep what a member (single) sets; None: forget it.

        Rights are the caller's to ask; the caller has cleaned the codes, too.
        """
        # two tabs at once make one row
        member.sudo()._b2b_lock()
        settings = self.sudo().search(
            [("member_id", "=", member.id), ("table", "=", table)]
        )
        if columns is None:
            settings.unlink()
        elif settings:
            settings.columns = columns
        else:
            values = {"member_id": member.id, "table": table, "columns": columns}
            self.sudo().create(values)
