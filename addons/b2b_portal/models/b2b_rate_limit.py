# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib

from odoo import api, fields, models
from odoo.tools import SQL


class B2bRateLimit(models.Model):
    """How often something was done in a running window of time."""

    _name = "b2b.rate.limit"
    _description = "Rate limit"
    _rec_name = "key"
    _log_access = False

    key = fields.Char(required=True, help="SHA-256 of what is counted.")
    hits = fields.Integer(required=True)
    expires = fields.Datetime(required=True, index=True)

    _key_unique = models.Constraint("UNIQUE(key)", "The key is counted already.")

    @api.model
    def _hit(self, key, limit, seconds):
        """Count one more event; the window starts with the first one.

        One statement. Concurrent events of a key wait for each other and are
        started anew by core's ``retrying``. An event of a transaction that is
        rolled back is not counted.

        :param str key: what is counted, such as 'signup:ip:192.0.2.1'
        :param int limit: how many events a window allows
        :param int seconds: length of the window
        :return: whether this event is still allowed
        """
        digest = hashlib.sha256(key.encode()).hexdigest()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO b2b_rate_limit AS r (key, hits, expires)
                VALUES (%(key)s, 1, %(now)s + %(window)s * interval '1 second')
                ON CONFLICT (key) DO UPDATE SET
                    hits = CASE WHEN r.expires <= %(now)s THEN 1 ELSE r.hits + 1 END,
                    expires = CASE WHEN r.expires <= %(now)s
                        THEN excluded.expires ELSE r.expires END
                RETURNING hits
                """,
                key=digest,
                now=fields.Datetime.now(),
                window=seconds,
            )
        )
        return self.env.cr.fetchone()[0] <= limit

    @api.autovacuum
    def _gc_expired(self):
        """Forget the windows that are over."""
        self.search([("expires", "<", fields.Datetime.now())], limit=100000).unlink()
