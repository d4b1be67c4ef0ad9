# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import controllers, models, wizard


def post_init_hook(env):
    """Have the index built; until it is there, the stock search answers."""
    env["b2b.search.build"]._get().action_rebuild()


def uninstall_hook(env):
    """Drop the tables, which no model owns."""
    for suffix in ("", "_next"):
        env["b2b.search.index"]._drop_tables(suffix)
