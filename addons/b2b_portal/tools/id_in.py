# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Domain
from odoo.tools import SQL


def id_in(subquery):
    """A domain of the records whose ids a subquery gives.

    :param subquery: ``odoo.tools.SQL`` of a SELECT of one column, without parentheses
    """

    def to_sql(_model, alias, _query):
        return SQL("%s IN (%s)", SQL.identifier(alias, "id"), subquery)

    return Domain.custom(to_sql=to_sql)
