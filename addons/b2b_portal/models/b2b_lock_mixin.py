# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL


class B2bLockMixin(models.AbstractModel):
    """Records that only one transaction at a time may decide on."""

    _name = "b2b.lock.mixin"
    _description = "Lock of Records"

    def _b2b_lock(self):
        """Make concurrent work on these records (batch) wait, then start over.

        An UPDATE, for ``SELECT FOR UPDATE`` reads a stale snapshot under
        REPEATABLE READ and so does not see that the other one won.
        """
        if not self:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET write_date = write_date WHERE id IN %s",
                SQL.identifier(self._table),
                tuple(self.ids),
            )
        )
        self.invalidate_recordset()
