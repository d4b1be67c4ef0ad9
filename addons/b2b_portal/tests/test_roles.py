# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.http import Request
from odoo.tests import HttpCase, TransactionCase, tagged

from .test_members import Command, MembersMixin


class RolesMixin(MembersMixin):
    def _clone(self, base=None, name="Own", actor=None):
        base = (base or self.buyer_role).with_user((actor or self.director).user_id)
        return base.sudo()._portal_clone(self.north, name)

    def _cells(self, role, skip=(), **values):
        return [
            {"base": base} | values
            for base in role.base_role_id.permission_ids
            if (base.object, base.verb) not in skip
        ]


@tagged("post_install", "-at_install")
class TestRoles(RolesMixin, TransactionCase):
    def test_clone_is_the_base(self):
        role = self._clone()
        self.assertEqual(role.account_id, self.north)
        self.assertEqual(
            sorted(role.permission_ids.mapped(lambda p: (p.object, p.verb))),
            sorted(self.buyer_role.permission_ids.mapped(lambda p: (p.object, p.verb))),
        )
        self.assertNotEqual(self._clone(name="Other").code, role.code)

    def test_never_more_than_the_base(self):
        role = self._clone()
        submit = role.permission_ids.filtered(lambda p: p.verb == "submit")
        for values in (
            {"scope": "account"},
            {"member_stage": "registered"},
            {"entity_stage": "registered"},
            {"object": "member"},
        ):
            refused = self.assertRaises(ValidationError)
            with self.subTest(values=values), refused, self.env.cr.savepoint():
                submit.write(values)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            role.permission_ids = [
                Command.create({"object": "role", "verb": "write", "scope": "account"})
            ]
        self.env.ref("b2b_portal.permission_buyer_cart_submit").amount_limit = 100
        for limit in (0, 101):
            refused = self.assertRaises(ValidationError)
            with self.subTest(limit=limit), refused, self.env.cr.savepoint():
                submit.amount_limit = limit
        submit.amount_limit = 99

    def test_limits_of_other_periods(self):
        month = self.env["b2b.permission"].new(
            {"object": "cart", "verb": "submit", "scope": "own"}
            | {"period_limit": 310, "period": "month"}
        )
        for limit, period, within in (
            (310, "month", True),
            (311, "month", False),
            (0, "month", False),
            (300, "year", True),
            (9, "day", True),
            (20, "day", False),
        ):
            narrow = self.env["b2b.permission"].new(
                {"object": "cart", "verb": "submit", "scope": "own"}
                | {"period_limit": limit, "period": period}
            )
            with self.subTest(limit=limit, period=period):
                self.assertEqual(narrow._is_within(month), within)

    def test_narrowing_acts_at_once(self):
        role = self._clone()
        self.buyer.role_ids = role
        Member = self.env["b2b.member"].with_user(self.buyer.user_id)
        self.assertTrue(Member._may("cart", "submit"))
        role.with_user(self.director.user_id).sudo()._portal_save(
            "Own", self._cells(role, skip={("cart", "submit")})
        )
        self.assertFalse(Member._may("cart", "submit"))
        self.assertTrue(Member._may("cart", "write"))

    def test_only_own_roles_of_the_account_change(self):
        director = self.director.user_id
        with self.assertRaises(AccessError):
            self.buyer_role.with_user(director).sudo()._portal_save("x", [])
        role = self._clone()
        with self.assertRaises(AccessError):
            role.with_user(self.stranger.user_id).sudo()._portal_save("x", [])
        with self.assertRaises(AccessError):
            role.with_user(self.head.user_id).sudo()._portal_save("x", [])
        other = {"base": self.director_role.permission_ids[0]}
        with self.assertRaises(AccessError):
            role.with_user(director).sudo()._portal_save("x", [other])

    def test_nobody_changes_their_own_role(self):
        role = self._clone(self.director_role, "Branch director")
        second = self._create_member(
            self.north, "director", "b2b_director2", all_entities=True
        )
        second.role_ids = role
        with self.assertRaisesRegex(AccessError, "your own role"):
            role.with_user(second.user_id).sudo()._portal_save("x", [])

    def test_last_director_is_not_lost_by_a_role(self):
        role = self._clone(self.director_role, "Branch director")
        keeper = self.env["b2b.role"].create(
            {
                "name": "Roles",
                "code": "roles",
                "permission_ids": [
                    Command.create(p._copy_values())
                    for p in self.director_role.permission_ids
                    if p.object != "member"
                ],
            }
        )
        self.director.role_ids = role
        actor = self._create_member(self.north, "viewer", "b2b_keeper")
        actor.write({"role_ids": keeper, "all_entities": True})
        cells = self._cells(
            role,
            skip={
                ("member", "write"),
                ("member", "create"),
                ("member", "delete"),
                ("member", "approve"),
                ("member", "read"),
            },
        )
        with self.assertRaisesRegex(UserError, "last one"), self.env.cr.savepoint():
            role.with_user(actor.user_id).sudo()._portal_save("x", cells)

    def test_role_with_members_stays(self):
        role = self._clone()
        self.buyer.role_ids = role
        mine = role.with_user(self.director.user_id).sudo()
        with self.assertRaisesRegex(UserError, self.buyer.name[:8]):
            mine._portal_archive()
        self.buyer.role_ids = self.buyer_role
        mine._portal_archive()
        self.assertFalse(role.active)

    def test_what_cannot_be_cloned(self):
        self.junior_role.clonable = False
        for base in (self.junior_role, self._clone(name="Mine")):
            with self.subTest(base=base.name), self.assertRaises(AccessError):
                self._clone(base, "x")
        with self.assertRaises(AccessError):
            self._clone(actor=self.head)
        for name in ("", "  ", "Mine", "mine "):
            with self.subTest(name=name), self.assertRaises(UserError):
                self._clone(name=name)


@tagged("post_install", "-at_install")
class TestRolePages(RolesMixin, HttpCase):
    def _post(self, url, data=None):
        return self.url_open(
            url, data={"csrf_token": Request.csrf_token(self)} | (data or {})
        )

    def _login(self, member):
        login = member.user_id.login
        self.authenticate(login, login.ljust(8, "x"))

    def test_make_and_narrow_a_role(self):
        self._login(self.director)
        self.assertIn("Junior", self.url_open("/my/roles").text)
        page = self._post(
            "/my/roles/clone", {"role_id": self.buyer_role.id, "name": "Small"}
        )
        role = self.env["b2b.role"].search([("account_id", "=", self.north.id)])
        self.assertIn(f"/my/roles/{role.id}", page.url)
        read = self.env.ref("b2b_portal.permission_buyer_cart_read")
        submit = self.env.ref("b2b_portal.permission_buyer_cart_submit")
        form = {
            "name": "Smaller",
            f"on_{read.id}": "1",
            f"on_{submit.id}": "1",
            f"amount_limit_{submit.id}": "150 000,50",
            "account_id": self.south.id,
            "code": "director",
        }
        self._post(f"/my/roles/{role.id}/save", form)
        self.assertEqual(role.name, "Smaller")
        self.assertEqual(role.account_id, self.north)
        self.assertEqual(set(role.permission_ids.mapped("verb")), {"read", "submit"})
        self.assertEqual(max(role.permission_ids.mapped("amount_limit")), 150000.5)

        page = self._post(
            f"/my/roles/{role.id}/save", form | {f"scope_{submit.id}": "account"}
        )
        self.assertIn("would allow more", page.text)
        page = self._post(
            f"/my/roles/{role.id}/save", form | {f"amount_limit_{submit.id}": "much"}
        )
        self.assertIn("not a sum", page.text)
        self.assertEqual(set(role.permission_ids.mapped("scope")), {"own"})

    def test_others_do_not_get_there(self):
        role = self._clone()
        self._login(self.stranger)
        self.assertEqual(self.url_open(f"/my/roles/{role.id}").status_code, 404)
        for action in ("save", "archive"):
            page = self._post(f"/my/roles/{role.id}/{action}", {"name": "x"})
            self.assertEqual(page.status_code, 404)
        page = self._post("/my/roles/clone", {"role_id": role.id, "name": "x"})
        self.assertEqual(page.status_code, 404)
        self._login(self.buyer)
        for url in ("/my/roles", f"/my/roles/{role.id}"):
            self.assertEqual(self.url_open(url).status_code, 403)
        self.assertEqual((role.name, role.active), ("Own", True))
