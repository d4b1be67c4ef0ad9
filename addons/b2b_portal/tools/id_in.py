# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Domain
from odoo.tools import SQL


def id_in(subquery, apart=False):
    """A domain of the records whose ids a subquery gives.

    :param subquery: ``odoo.tools.SQL`` of a SELECT of one column, without parentheses
    :param bool apart: not joined: PostgreSQL asks for single records, or reads the
        whole subquery once into memory. For large ones, which it would read again for
        each record after a wrong guess of how many there are
    """

    def to_sql(_model, alias, _query):
        row_id = SQL.identifier(alias, "id")
        if not apart:
            return SQL("%s IN (%s)", row_id, subquery)
        return SQL(
            "EXISTS (SELECT 1 FROM (%s) found(id) WHERE found.id = %s) IS TRUE",
            subquery,
            row_id,
        )

    return Domain.custom(to_sql=to_sql)
