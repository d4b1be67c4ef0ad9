"""Run the relevance tests of a database; fed to ``odoo shell``.

What a run changes is not kept: neither results nor alerts.
"""

import os
import sys
import traceback


def run(env):
    """Run all active tests and print those that fail.

    :return: number of tests that fail, or -1: there are none at all
    """
    index = env["b2b.search.build"]
    # the index of a shop at work is not touched
    if not index._is_ready():
        index._build_now()
    cases = env["b2b.search.case"]._find_all()
    failed = cases._run("command")
    for topic, group in cases.grouped("topic").items():
        bad = len(group & failed)
        print(f"{topic or '-'}: {len(group) - bad} of {len(group)}")  # noqa: T201
    for case in failed:
        place = f"place {case.position}" if case.position else "not found"
        wanted = case.template_id.display_name or case.section_id.display_name
        print(  # noqa: T201
            f"FAILED  «{case.query}»: {wanted}: {place}, expected among the first"
            f" {case.top}"
        )
    print(f"{len(cases) - len(failed)} of {len(cases)} tests pass")  # noqa: T201
    return len(failed) if cases else -1


if "env" in globals():
    try:
        status = 1 if run(env) else 0  # noqa: F821
        env.cr.rollback()  # noqa: F821
    except Exception:  # noqa: BLE001
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    # the shell ends with 0 whatever its script says
    os._exit(status)
