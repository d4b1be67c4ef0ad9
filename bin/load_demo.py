"""Load the demo data of our addons into a database whose core has none.

Fed to ``odoo shell``. A shop of fasteners does not want Odoo's own demo
furniture, and core loads an addon's demo data only when all that it depends on
has demo data too.

``load_demo.py --core-depends ADDONS`` prints the addons of others that ours
depend on.
"""

import ast
import sys
from pathlib import Path


def read_manifests(folder):
    """Manifests of the installable addons in a folder, by name."""
    manifests = {}
    for path in sorted(Path(folder).glob("*/__manifest__.py")):
        manifest = ast.literal_eval(path.read_text())
        if manifest.get("installable", True):
            manifests[path.parent.name] = manifest
    return manifests


def in_order(manifests):
    """Names with every addon behind those of ours that it depends on."""
    done = []

    def visit(name):
        for needed in manifests[name]["depends"]:
            if needed in manifests:
                visit(needed)
        if name not in done:
            done.append(name)

    for name in manifests:
        visit(name)
    return done


def load_demo(env, folder):
    """Load the demo files of the installed addons in ``folder``, like core does."""
    from odoo.tools import convert

    manifests = read_manifests(folder)
    for name in in_order(manifests):
        module = env["ir.module.module"].search([("name", "=", name)])
        if module.state != "installed" or module.demo:
            continue
        idref = {}
        for filename in manifests[name].get("demo", []):
            convert.convert_file(env, name, filename, idref, "init", noupdate=True)
        module.demo = True
    env.cr.commit()


if "env" in globals():
    import os
    import traceback

    from odoo.tools import config

    try:
        load_demo(env, config["addons_path"][0])  # noqa: F821
    except Exception:  # noqa: BLE001
        # the shell reports an error of its script, and then exits with 0
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
elif sys.argv[1:2] == ["--core-depends"]:
    own = read_manifests(sys.argv[2])
    depends = {need for manifest in own.values() for need in manifest["depends"]}
    print(",".join(sorted(depends - own.keys())))  # noqa: T201
