# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def uninstall_hook(env):
    """Have the stock of what was a kit summed up from its own shelf again."""
    env["b2b.stock.touched"]._touch_all_kits()
