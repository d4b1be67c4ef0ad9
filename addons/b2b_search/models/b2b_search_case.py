# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a query has to find: tests of the search that staff write and read."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.b2b_portal.models.website import Acting
from odoo.addons.b2b_portal.models.website_behalf import BEHALF_KEY, Behalf

TRIGGERS = [
    ("manual", "By hand"),
    ("nightly", "Nightly"),
    ("index", "After a change of the goods"),
    ("command", "Command line"),
]
# Goods changed in one go that are an import.
IMPORT_SIZE = 100
# Names in a message to the responsible.
_MAX_TOLD = 20


class B2bSearchCase(models.Model):
    """A query, and a product or a section that has to be among its first goods."""

    _name = "b2b.search.case"
    _description = "Relevance Test"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "passed, query, id"
    _rec_name = "query"

    query = fields.Char(required=True, help="As a customer types it.")
    website_id = fields.Many2one(
        "website", required=True, ondelete="cascade",
        default=lambda self: self.env["website"].get_current_website(),
    )  # fmt: skip
    agreement_id = fields.Many2one(
        "b2b.agreement", "For the customer", ondelete="cascade",
        help="Who searches: a member of this agreement's account, with the goods that "
        "it sees. Left empty: all goods of the website.",
    )  # fmt: skip
    template_id = fields.Many2one(
        "product.template", "Product expected", ondelete="cascade"
    )
    section_id = fields.Many2one(
        "product.public.category", "Or section expected", ondelete="cascade",
        help="A product of this section or of one below it.",
    )  # fmt: skip
    top = fields.Integer("Among the first", default=3, required=True)
    active = fields.Boolean(default=True)
    topic = fields.Char(help="What the test is about: articles, typing errors…")
    user_id = fields.Many2one(
        "res.users", "Responsible", default=lambda self: self.env.user,
        help="Is told when the test fails that has passed before.",
    )  # fmt: skip
    passed = fields.Selection(
        [("no", "Fails"), ("yes", "Passes")], "Result", readonly=True, index=True
    )
    position = fields.Integer(readonly=True, help="Place in the list; 0: not found.")
    first_id = fields.Many2one(
        "product.template", "First in the list", readonly=True, ondelete="set null"
    )
    problem = fields.Char(readonly=True)
    run_at = fields.Datetime("Last run", readonly=True)
    run_ids = fields.One2many("b2b.search.case.run", "case_id", "History")

    _top_positive = models.Constraint("CHECK(top > 0)", "Ask for the first 1 at least.")

    @api.constrains("query", "template_id", "section_id")
    def _check_expected(self):
        for case in self:
            if bool(case.template_id) == bool(case.section_id):
                raise ValidationError(
                    self.env._(
                        "Choose either a product or a section for «%(query)s».",
                        query=case.query,
                    )
                )

    @api.model
    def _make(self, query, template, website):
        """A test that a query finds what customers choose; the one there is, if any."""
        known = self.with_context(active_test=False).search(
            [("query", "=", query), ("website_id", "=", website.id)], limit=1
        )
        return known or self.create(
            {
                "query": query,
                "template_id": template.id,
                "website_id": website.id,
                "topic": self.env._("From clicks"),
            }
        )

    # === RUNNING === #

    def action_run(self):
        """Run these tests now."""
        self._run("manual")
        failed = self.filtered(lambda case: case.passed == "no")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if failed else "success",
                "message": self.env._(
                    "Relevance tests: %(passed)s of %(all)s pass.",
                    passed=len(self) - len(failed),
                    all=len(self),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def action_run_all(self):
        """Run all active tests now."""
        return self._find_all().action_run()

    @api.model
    def _find_all(self):
        return self.search([("active", "=", True)])

    @api.model
    def _cron_run(self):
        """Run all tests every night, and soon after goods have changed."""
        # an index that is being changed is judged when it is done
        index = self.env["b2b.search.build"]._get()
        if index.ready:
            trigger = "index" if index.tests_due else "nightly"
            index.tests_due = False
            self._find_all()._run(trigger)

    def _run(self, trigger):
        """Run tests, keep what they found and tell of those that have dropped out.

        Staff without the right to write see results, but make none.

        :param str trigger: of ``TRIGGERS``
        :return: those that fail
        """
        self.check_access("write")
        if not self.env["b2b.search.build"]._is_ready():
            raise UserError(self.env._("The search index is not built yet."))
        now, values, dropped = fields.Datetime.now(), [], self.browse()
        for case in self:
            result = case._judge()
            if result["passed"] == "no" and case.passed == "yes":
                dropped |= case
            case.write(result | {"run_at": now})
            result.pop("problem")
            share = 100.0 if result["passed"] == "yes" else 0.0
            values.append(
                result
                | {
                    "case_id": case.id,
                    "trigger": trigger,
                    "run_at": now,
                    "share": share,
                }
            )
        self.env["b2b.search.case.run"].sudo().create(values)
        failed = self.filtered(lambda case: case.passed == "no")
        (self - failed).activity_unlink(["b2b_search.mail_activity_dropped"])
        dropped._alert()
        return failed

    def _judge(self):
        """Values of what a test (single) finds."""
        provider = self._get_provider()
        position, first, problem = 0, False, False
        if provider is None:
            problem = self.env._("No confirmed member of the account may search.")
        else:
            position, first = self._find_position(provider)
        return {
            "passed": "yes" if 0 < position <= self.top else "no",
            "position": position,
            "first_id": first,
            "problem": problem,
        }

    def _find_position(self, provider):
        """Where the expected product stands.

        :return: (place from 1; 0: not found, id of the first product or False)
        """
        self.ensure_one()
        _analysis, matches = provider._search_index(self.query)
        scores = matches.scores
        ranked = sorted(scores, key=lambda i: (-scores[i], i))
        wanted = self._get_wanted(ranked)
        places = (n for n, id_ in enumerate(ranked, 1) if id_ in wanted)
        return next(places, 0), ranked[0] if ranked else False

    def _get_wanted(self, ids):
        """Ids among some that fulfil the expectation."""
        if self.template_id:
            return set(self.template_id.ids)
        if not ids:
            return set()
        templates = self.env["product.template"].sudo()
        domain = [
            ("id", "in", ids),
            ("public_categ_ids", "child_of", self.section_id.ids),
        ]
        return set(templates.search(domain).ids)

    def _get_provider(self):
        """The catalogue as the customer of the test sees it, or None."""
        website = self.website_id.sudo()
        agreement = self.agreement_id.sudo()
        provider = self.env["b2b.catalogue"].sudo()
        if not agreement:
            nobody = Acting(
                self.env["b2b.member"], self.env["res.partner"], agreement, agreement
            )
            return provider.with_context(
                website_id=website.id,
                lang=website.default_lang_id.code,
                b2b_search_published=True,
                **{BEHALF_KEY: Behalf(website, nobody)},
            )
        member = self._find_member(agreement)
        if not member:
            return None
        acting = Acting(member, agreement.entity_id, agreement, agreement)
        provider = provider.with_user(member.user_id).sudo(False)
        return provider.with_company(agreement.company_id).with_context(
            website_id=website.id,
            lang=member.user_id.lang or website.default_lang_id.code,
            **{BEHALF_KEY: Behalf(website, acting)},
        )

    @api.model
    def _find_member(self, agreement):
        """A member (single or none, sudo) who acts under an agreement."""
        members = self.env["b2b.member"].sudo()
        members = members.search(
            [("account_id", "=", agreement.account_id.id), ("stage", "=", "confirmed")],
            order="id",
        )
        for member in members:
            usable = agreement.with_user(member.user_id)
            if usable.search_count([("id", "=", agreement.id)], limit=1):
                return member
        return members.browse()

    # === ALERTS === #

    def _alert(self):
        """Tell each responsible once which of their tests have dropped out."""
        for user, cases in self.grouped("user_id").items():
            if not user:
                continue
            told = ", ".join(f"«{case.query}»" for case in cases[:_MAX_TOLD])
            cases[0].activity_schedule(
                "b2b_search.mail_activity_dropped",
                user_id=user.id,
                summary=self.env._("Search: tests that fail now: %s", len(cases)),
                note=told if len(cases) <= _MAX_TOLD else f"{told}…",
            )


class B2bSearchCaseRun(models.Model):
    """What a test has found once."""

    _name = "b2b.search.case.run"
    _description = "Run of a Relevance Test"
    _order = "run_at desc, id desc"
    _rec_name = "case_id"
    _log_access = False

    case_id = fields.Many2one(
        "b2b.search.case", "Test", required=True, readonly=True, ondelete="cascade",
        index=True,
    )  # fmt: skip
    run_at = fields.Datetime("Run on", required=True, readonly=True, index=True)
    trigger = fields.Selection(TRIGGERS, "Why", required=True, readonly=True)
    passed = fields.Selection(
        [("no", "Fails"), ("yes", "Passes")], "Result", required=True, readonly=True
    )
    share = fields.Float(
        "Passes, %", readonly=True, digits=(5, 1), aggregator="avg", default=0.0
    )
    position = fields.Integer(readonly=True, aggregator="avg")
    first_id = fields.Many2one(
        "product.template", "First in the list", readonly=True, ondelete="set null"
    )

    @api.autovacuum
    def _gc_old(self):
        """Forget the history as the log is forgotten."""
        days = self.env["b2b.search.log"]._get_days()
        last = fields.Datetime.subtract(fields.Datetime.now(), days=days)
        self.search([("run_at", "<", last)], limit=100_000).unlink()


class B2bCatalogue(models.AbstractModel):
    _inherit = "b2b.catalogue"

    @api.model
    def _get_visible_domain(self):
        """Tests for no customer see what the website offers, whoever runs them."""
        domain = super()._get_visible_domain()
        if self.env.context.get("b2b_search_published"):
            domain &= Domain("is_published", "=", True)
        return domain


class B2bSearchBuild(models.Model):
    _inherit = "b2b.search.build"

    tests_due = fields.Boolean(
        readonly=True, help="Goods have changed since the tests."
    )

    def _build_step(self):
        """A new index is tested when it is in place."""
        number = super()._build_step()
        if not number:
            self._ask_tests()
        return number

    def _take_changes(self):
        """Many goods at once were an import."""
        number = super()._take_changes()
        if number >= IMPORT_SIZE:
            self._ask_tests()
        return number

    def _ask_tests(self):
        """Have the tests run as soon as this transaction is done."""
        self.tests_due = True
        self.env.ref("b2b_search.ir_cron_cases").sudo()._trigger()
