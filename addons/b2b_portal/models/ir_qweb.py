# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Rows of large tables are rendered without questions that cannot concern them."""

from odoo import models

# Neither have addresses nor hold what others embed: website asks nothing else.
_PLAIN_TAGS = frozenset({"col", "input", "option", "td", "th", "tr"})


class IrQweb(models.AbstractModel):
    _inherit = "ir.qweb"

    def _post_processing_att(self, tagName, atts):
        """Leave attributes of table cells and inputs alone.

        Website looks for links to translate and for frames to block; a page of 200
        rows has thousands of elements that are neither.
        """
        if tagName not in _PLAIN_TAGS or "href" in atts or "src" in atts:
            return super()._post_processing_att(tagName, atts)
        atts.pop("__is_static_node", None)
        return atts
