# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, new_test_user, tagged

from .common import B2bMixin, Command


class MembersMixin(B2bMixin):
    """The kit of this addon with a director."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        english = cls.env.ref("base.lang_en")
        cls.website.write(
            {
                "language_ids": [Command.set(english.ids)],
                "default_lang_id": english.id,
            }
        )
        cls.director = cls._create_member(
            cls.north, "director", "b2b_director", all_entities=True
        )
        cls.head.supervisor_id = cls.director
        cls.junior_role = cls.env.ref("b2b_portal.role_junior")
        cls.buyer_role = cls.env.ref("b2b_portal.role_buyer")
        cls.director_role = cls.env.ref("b2b_portal.role_director")

    def _as(self, actor, member):
        """A member as another one changes it: sudo, uid of the actor."""
        return member.with_user(actor.user_id).sudo()

    def _find(self, model):
        """Records of a model that belong to the account of the kit."""
        return self.env[model].search([("account_id", "=", self.north.id)], order="id")

    @classmethod
    def _create_hr(cls, *cells):
        """A member with a role of member rights only: (verb, scope) pairs."""
        role = cls.env["b2b.role"].create(
            {
                "name": "HR",
                "code": f"hr_{len(cells)}_{cls.env['b2b.role'].search_count([])}",
                "permission_ids": [
                    Command.create({"object": "member", "verb": verb, "scope": scope})
                    for verb, scope in (("read", "account"), *cells)
                ],
            }
        )
        login = f"b2b_{role.code}"
        hr = cls._create_member(cls.north, "junior", login, all_entities=True)
        hr.role_ids = role
        return hr


@tagged("post_install", "-at_install")
class TestMembers(MembersMixin, TransactionCase):
    # === CHANGES === #

    def test_director_changes_a_member(self):
        self._as(self.director, self.buyer)._portal_write(
            {
                "role_ids": self.junior_role.ids,
                "department": "Purchasing",
                "entity_ids": (self.north_a | self.north_b).ids,
                "supervisor_id": self.director.id,
            }
        )
        self.assertEqual(self.buyer.role_ids, self.junior_role)
        self.assertEqual(self.buyer.entity_ids, self.north_a | self.north_b)
        self.assertEqual(self.buyer.supervisor_id, self.director)

    def test_fields_beyond_the_form_are_refused(self):
        for name, value in (
            ("stage", "confirmed"),
            ("active", False),
            ("user_id", self.stranger.user_id.id),
            ("account_id", self.south.id),
        ):
            with self.subTest(field=name), self.assertRaises(AccessError):
                self._as(self.director, self.buyer)._portal_write({name: value})

    def test_nobody_changes_themselves(self):
        own = self._as(self.director, self.director)
        for action in (
            lambda: own._portal_write({"department": "x"}),
            own._portal_suspend,
            own._portal_confirm,
            own._portal_end_sessions,
            own._check_preview,
        ):
            with self.assertRaises(AccessError):
                action()

    def test_nobody_changes_outside_the_scope(self):
        foreign = self._as(self.director, self.stranger)
        with self.assertRaises(AccessError):
            foreign._portal_write({"department": "x"})
        with self.assertRaises(AccessError):
            foreign._portal_suspend()
        with self.assertRaises(AccessError):
            self._as(self.buyer, self.buyer2)._portal_write({"department": "x"})
        hr = self._create_hr(("write", "team"))
        with self.assertRaises(AccessError):
            self._as(hr, self.buyer)._portal_write({"department": "x"})

    def test_plain_portal_user_changes_nobody(self):
        member = self.buyer.with_user(self.retail_user).sudo()
        with self.assertRaises(AccessError):
            member._portal_write({"department": "x"})
        with self.assertRaises(AccessError):
            member._portal_confirm()

    def test_no_role_beyond_ones_own(self):
        hr = self._create_hr(("write", "account"), ("create", "account"))
        newcomer = self._create_member(self.north, "viewer", "b2b_newcomer")
        newcomer.role_ids = False
        member = self._as(hr, newcomer)
        for role in (self.director_role, self.buyer_role, self.junior_role):
            with self.subTest(role=role.code), self.assertRaises(AccessError):
                member._portal_write({"role_ids": role.ids})
        member._portal_write({"role_ids": hr.role_ids.ids})
        self.assertEqual(newcomer.role_ids, hr.role_ids)

    def test_somebody_with_more_rights_is_untouchable(self):
        hr = self._create_hr(("write", "account"), ("delete", "account"))
        for action in ("_portal_suspend", "_portal_end_sessions", "_check_preview"):
            with self.subTest(action=action), self.assertRaises(AccessError):
                getattr(self._as(hr, self.director), action)()
        self.assertTrue(self.director.active)

    def test_role_of_another_account_is_refused(self):
        foreign = self.env["b2b.role"].create(
            {"name": "South", "code": "south", "account_id": self.south.id}
        )
        with self.assertRaisesRegex(AccessError, "not a role of your account"):
            self._as(self.director, self.buyer)._portal_write({"role_ids": foreign.ids})
        with self.assertRaises(ValidationError):
            self.buyer.role_ids = foreign
        missing = max(self.env["b2b.role"].search([]).ids) + 1000
        with self.assertRaises(AccessError):
            self._as(self.director, self.buyer)._portal_write({"role_ids": [missing]})

    def test_role_kept_by_the_seller_is_refused(self):
        self.junior_role.assignable = False
        with self.assertRaises(AccessError):
            self._as(self.director, self.buyer)._portal_write(
                {"role_ids": self.junior_role.ids}
            )

    def test_entity_of_another_account_is_refused(self):
        with self.assertRaises(AccessError):
            self._as(self.director, self.buyer)._portal_write(
                {"entity_ids": self.south_a.ids}
            )

    def test_no_entity_that_one_does_not_act_for(self):
        self.director.write(
            {"all_entities": False, "entity_ids": [Command.set(self.north_a.ids)]}
        )
        member = self._as(self.director, self.buyer2)
        with self.assertRaises(AccessError):
            member._portal_write({"entity_ids": self.north_b.ids})
        with self.assertRaises(AccessError):
            member._portal_write({"all_entities": True})
        self.buyer2.entity_ids = self.north_a | self.north_b
        member._portal_write({"entity_ids": []})
        self.assertEqual(self.buyer2.entity_ids, self.north_b, "not theirs to take")

    def test_circle_of_supervisors_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "other way round"):
            self._as(self.director, self.head)._portal_write(
                {"supervisor_id": self.buyer.id}
            )
        with self.assertRaisesRegex(ValidationError, "own supervisor"):
            self.head.supervisor_id = self.head
        self.assertEqual(self.head.supervisor_id, self.director)

    def test_supervisor_of_another_account_is_refused(self):
        with self.assertRaises(AccessError):
            self._as(self.director, self.buyer)._portal_write(
                {"supervisor_id": self.stranger.id}
            )

    def test_nobody_enlarges_their_own_team(self):
        role = self.env["b2b.role"].create({"name": "Team HR", "code": "team_hr"})
        role.permission_ids = [
            Command.create(p._copy_values())
            for p in self.env.ref("b2b_portal.role_head").permission_ids
        ] + [
            Command.create({"object": "member", "verb": verb, "scope": "account"})
            for verb in ("read", "write")
        ]
        self.accountant.write({"role_ids": role, "supervisor_id": self.director.id})
        member = self._as(self.accountant, self.buyer)
        with self.assertRaisesRegex(AccessError, "own subordinates"):
            member._portal_write({"supervisor_id": self.accountant.id})
        member._portal_write({"supervisor_id": self.director.id})
        self._as(self.director, self.buyer)._portal_write(
            {"supervisor_id": self.accountant.id}
        )
        self.assertEqual(self.buyer.supervisor_id, self.accountant)

    def test_last_director_stays(self):
        second = self._create_member(
            self.north, "director", "b2b_director2", all_entities=True
        )
        self._as(second, self.director)._portal_suspend(self.head)
        self.assertFalse(self.director.active)
        before = self.north._b2b_get_directors()
        self.assertEqual(before, second)
        staff = self._create_staff()
        member = second.with_user(staff).sudo()
        for action in (
            lambda: member._portal_write({"role_ids": self.junior_role.ids}),
            member._portal_suspend,
        ):
            refused = self.assertRaisesRegex(UserError, "last one")
            with refused, self.env.cr.savepoint():
                action()
        self.assertEqual(self.north._b2b_get_directors(), second)

    def _create_staff(self):
        return new_test_user(
            self.env, "b2b_staff", "b2b_portal.group_staff_user,base.group_user"
        )

    def test_unassigned_right_acts_at_once(self):
        cart = self._create_cart(self.buyer, lines=[(self.bolt, 1)])
        mine = self.env["sale.order"].with_user(self.buyer.user_id)
        self.assertIn(cart.id, mine.search([]).ids)
        viewer = self.env.ref("b2b_portal.role_viewer")
        self._as(self.director, self.buyer)._portal_write({"role_ids": viewer.ids})
        self.assertNotIn(cart.id, mine.search([]).ids)

    # === STAGE === #

    def test_head_confirms_stage_two(self):
        self.buyer.stage = "verified"
        self._as(self.head, self.buyer)._portal_confirm()
        self.assertEqual(self.buyer.stage, "confirmed")
        mail = self.env["mail.mail"].search([], limit=1)
        self.assertRegex(mail.subject, "confirmed|подтверждены")
        self._as(self.head, self.buyer)._portal_confirm()
        self.assertEqual(self.env["mail.mail"].search([], limit=1), mail, "one mail")

    def test_head_confirms_only_the_team(self):
        self.accountant.stage = self.buyer.stage = "verified"
        with self.assertRaises(AccessError):
            self._as(self.head, self.accountant)._portal_confirm()
        with self.assertRaises(AccessError):
            self._as(self.buyer2, self.buyer)._portal_confirm()

    def test_head_does_not_skip_the_manager(self):
        self.buyer.stage = "registered"
        with self.assertRaisesRegex(UserError, "verified"):
            self._as(self.head, self.buyer)._portal_confirm()

    # === SUSPENSION === #

    def test_suspension_hands_over(self):
        cart = self._create_cart(self.head, lines=[(self.bolt, 1)])
        order = self._create_cart(self.head, lines=[(self.bolt, 2)])
        order._b2b_submit()
        order._portal_ensure_token()
        user = self.head.user_id
        with self.assertRaisesRegex(UserError, "takes over"):
            self._as(self.director, self.head)._portal_suspend()
        self._as(self.director, self.head)._portal_suspend(self.director)
        self.assertFalse(self.head.active)
        self.assertFalse(user.active)
        self.assertEqual(cart.b2b_member_id, self.director)
        self.assertEqual(order.b2b_member_id, self.head, "history keeps the name")
        self.assertFalse(order.access_token)
        self.assertEqual(self.buyer.supervisor_id, self.director)
        self.assertFalse(self.env["b2b.member"]._get_grants(user))
        self._as(self.director, self.head)._portal_suspend(self.director)
        self._as(self.director, self.head)._portal_reactivate()
        self.assertTrue(self.head.active and user.active)

    def test_subordinate_takes_the_place_of_the_head(self):
        self.buyer.entity_ids = self.north_a | self.north_b
        self._as(self.director, self.head)._portal_suspend(self.buyer)
        self.assertEqual(self.buyer.supervisor_id, self.director)
        self.assertEqual(self.buyer2.supervisor_id, self.buyer)

    def test_hand_over_to_wrong_people_is_refused(self):
        self._create_cart(
            self.head, self._create_agreement(self.north_b), lines=[(self.bolt, 1)]
        )
        member = self._as(self.director, self.head)
        with self.assertRaisesRegex(UserError, "does not act for"):
            member._portal_suspend(self.buyer)
        for target in (self.stranger, self.head):
            with self.assertRaises(AccessError):
                member._portal_suspend(target)
        self.assertTrue(self.head.active)

    def test_member_elsewhere_keeps_the_user(self):
        self.env["b2b.member"].create(
            {"account_id": self.south.id, "user_id": self.buyer.user_id.id}
        )
        self._as(self.director, self.buyer)._portal_suspend()
        self.assertTrue(self.buyer.user_id.active)
        grants = self.env["b2b.member"]._get_grants(self.buyer.user_id)
        self.assertNotIn(self.north.id, {grant.account_id for grant in grants})

    def test_suspension_ends_invitations_and_questions(self):
        invitation = self.env["b2b.invitation"].create(
            {"account_id": self.north.id, "name": "x", "email": "x@x.example"}
            | {"invited_by_id": self.buyer.id}
        )
        question = self.env["b2b.access.request"].create(
            {"member_id": self.buyer.id, "object": "cart", "verb": "submit"}
        )
        self._as(self.director, self.buyer)._portal_suspend()
        self.assertEqual(invitation.state, "cancelled")
        self.assertEqual(question.state, "withdrawn")

    # === HISTORY === #

    def test_history_tells_who_changed_what(self):
        buyer = self.buyer.with_context(tracking_disable=False)
        buyer.message_post(body="He is difficult", message_type="comment")
        self._as(self.director, buyer)._portal_write({"department": "Sales"})
        self.env.flush_all()
        self.env.cr.precommit.run()
        entry = buyer._get_history()[0]
        self.assertEqual(entry["author"], self.director.name)
        change = entry["changes"][0]
        self.assertEqual((change["label"], change["new"]), ("Department", "Sales"))
        self.assertNotIn("difficult", str(buyer._get_history()))

    def test_last_logins_in_one_query(self):
        members = self.head | self.buyer | self.buyer2
        self.env["res.users.log"].with_user(self.buyer.user_id).sudo().create({})
        members.user_id.mapped("login")
        with self.assertQueryCount(1):
            logins = members._get_last_logins()
        self.assertEqual(list(logins), [self.buyer.user_id.id])
        self.assertLessEqual(logins[self.buyer.user_id.id], fields.Datetime.now())
