# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io
import re
from datetime import timedelta

import xlsxwriter

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.http import Request
from odoo.tests import HttpCase, TransactionCase, tagged

from .test_members import MembersMixin


class InvitationMixin(MembersMixin):
    def _invite(self, actor=None, **values):
        actor = actor or self.director
        invitations = self.env["b2b.invitation"].with_user(actor.user_id)
        vals = {
            "name": "Junior",
            "email": "junior@invited.example",
            "role_ids": self.junior_role.ids,
            "entity_ids": self.north_a.ids,
            "supervisor_id": self.head.id,
        }
        invitation = invitations._invite(self.north, vals | values)
        invitation._send()
        return invitation

    def _get_token(self):
        """The token of the invitation that was sent last."""
        mail = self.env["mail.mail"].search([("body_html", "like", "/invitation/")])
        return re.search(r"/b2b/invitation/([\w-]+)", mail[:1].body_html).group(1)


@tagged("post_install", "-at_install")
class TestInvitation(InvitationMixin, TransactionCase):
    def test_token_is_in_the_mail_only(self):
        invitation = self._invite()
        token = self._get_token()
        self.assertGreater(len(token), 40)
        self.assertEqual(invitation.token_hash, invitation._hash(token))
        self.assertNotIn(token, str(invitation.read()))
        self.assertEqual(invitation._find_by_token(token), invitation)

    def test_mail_in_both_languages(self):
        template = self.env.ref("b2b_portal.mail_template_invitation")
        self.env["res.lang"]._activate_lang("ru_RU")
        template.with_context(
            lang="ru_RU"
        ).subject = "{{ object.account_id.name }}: приглашение"
        for lang, words in (("en_US", "invites you"), ("ru_RU", "приглашение")):
            with self.subTest(lang=lang):
                invitation = self._invite(email=f"{lang}@invited.example".lower())
                invitation.lang = lang
                self.env["mail.mail"].search([]).unlink()
                invitation._send()
                mail = self.env["mail.mail"].search([], limit=1)
                self.assertIn(words, mail.subject)
                self.assertIn("North", mail.body_html)
                self.assertEqual(mail.email_to, invitation.email)
                self.assertNotIn("{{", mail.body_html + mail.subject)

    def test_accept_makes_user_and_member_once(self):
        invitation = self._invite()
        member = invitation._accept(password="a-long-password-1")
        self.assertEqual(invitation.state, "accepted")
        self.assertEqual(member.user_id.login, "junior@invited.example")
        self.assertTrue(member.user_id.share)
        self.assertEqual(member.role_ids, self.junior_role)
        self.assertEqual(member.entity_ids, self.north_a)
        self.assertEqual(member.supervisor_id, self.head)
        self.assertEqual(member.stage, "verified", "the legal entity is verified")
        self.assertEqual(invitation._accept(member.user_id), member, "idempotent")
        with self.assertRaisesRegex(UserError, "no longer valid"):
            invitation._accept(password="another-password-2")

    def test_stage_follows_the_entity(self):
        self.assertEqual(self._invite()._get_first_stage(), "verified")
        sure = self._invite(email="b@invited.example", confirm=True)
        self.assertEqual(sure._get_first_stage(), "confirmed")
        self.north_a.b2b_stage = "registered"
        self.assertEqual(sure._get_first_stage(), "registered")

    def test_void_links_look_alike(self):
        find = self.env["b2b.invitation"]._find_by_token
        invitation = self._invite()
        token = self._get_token()
        for state in ("cancelled", "expired"):
            invitation.state = state
            self.assertFalse(find(token))
        invitation.state = "pending"
        invitation.expires_at = fields.Datetime.now() - timedelta(minutes=1)
        self.assertFalse(find(token))
        with self.assertRaisesRegex(UserError, "no longer valid"):
            invitation._accept(password="a-long-password-1")
        for wrong in ("", "x", token[:-1], token + "x", "%", invitation.token_hash):
            self.assertFalse(find(wrong))

    def test_new_link_voids_the_old_one(self):
        invitation = self._invite()
        old = self._get_token()
        invitation._portal_resend()
        self.assertFalse(invitation._find_by_token(old))
        self.assertTrue(invitation._find_by_token(self._get_token()))

    def test_existing_user_must_be_signed_in(self):
        invitation = self._invite(email="retail@shop.example")
        self.retail_user.login = "retail@shop.example"
        with self.assertRaisesRegex(AccessError, "sign in"):
            invitation._accept(password="a-long-password-1")
        with self.assertRaisesRegex(AccessError, "another e-mail"):
            invitation._accept(self.stranger.user_id)
        member = invitation._accept(self.retail_user)
        self.assertEqual(member.user_id, self.retail_user)

    def test_staff_of_the_seller_does_not_become_a_member(self):
        invitation = self._invite(email="staff@seller.example")
        staff = self.env["res.users"].create(
            {"name": "Staff", "login": "staff@seller.example"}
        )
        with self.assertRaises(UserError):
            invitation._accept(staff)

    def test_nobody_invites_beyond_their_rights(self):
        hr = self._create_hr(("create", "account"))
        foreign_role = self.env["b2b.role"].create(
            {"name": "South", "code": "south", "account_id": self.south.id}
        )
        for actor, values in (
            (self.buyer, {}),
            (self.head, {}),
            (self.stranger, {}),
            (hr, {"role_ids": self.director_role.ids}),
            (hr, {"role_ids": self.junior_role.ids}),
            (self.director, {"role_ids": foreign_role.ids}),
            (self.director, {"entity_ids": self.south_a.ids}),
            (self.director, {"supervisor_id": self.stranger.id}),
        ):
            case = self.subTest(actor=actor.name, values=values)
            with case, self.assertRaises(AccessError):
                self._invite(actor, **values)
        self.assertTrue(self._invite(hr, role_ids=hr.role_ids.ids))

    def test_confirm_at_once_needs_the_right(self):
        hr = self._create_hr(("create", "account"))
        invitation = self._invite(hr, role_ids=hr.role_ids.ids, confirm=True)
        self.assertFalse(invitation.confirm)

    def test_bad_input_is_named(self):
        for values, words in (
            ({"email": "no address"}, "not an e-mail"),
            ({"email": ""}, "Enter an e-mail"),
            ({"name": " "}, "name"),
            ({"role_ids": []}, "role"),
            ({"entity_ids": []}, "legal entity"),
        ):
            with self.subTest(values=values), self.assertRaisesRegex(UserError, words):
                self._invite(**values)

    def test_nobody_is_invited_twice(self):
        self._invite()
        with self.assertRaisesRegex(UserError, "open invitation"):
            self._invite(email="JUNIOR@invited.example ")
        self.buyer.user_id.login = "buyer_x@invited.example"
        with self.assertRaisesRegex(UserError, "member already"):
            self._invite(email="buyer_x@invited.example")
        self.assertTrue(self._invite(email="buyerax@invited.example"), "no wildcard")
        self._as(self.director, self.buyer)._portal_suspend()
        with self.assertRaisesRegex(UserError, "reactivate"):
            self._invite(email="buyer_x@invited.example")

    def test_lost_roles_and_entities_are_left_out(self):
        own = self.junior_role.with_user(self.director.user_id).sudo()
        role = own._portal_clone(self.north, "Trainee")
        invitation = self._invite(
            role_ids=role.ids, entity_ids=(self.north_a | self.north_b).ids
        )
        role.active = False
        self.north_b.b2b_account_id = self.south
        member = invitation._accept(password="a-long-password-1")
        self.assertFalse(member.role_ids)
        self.assertEqual(member.entity_ids, self.north_a)

    def test_cron_marks_the_expired(self):
        invitation = self._invite()
        invitation.expires_at = fields.Datetime.now() - timedelta(days=1)
        self.env["b2b.invitation"]._cron_expire()
        self.assertEqual(invitation.state, "expired")
        self.assertTrue(self._invite(), "may be invited anew")

    # === FILES === #

    def _write_xlsx(self, rows):
        buffer = io.BytesIO()
        book = xlsxwriter.Workbook(buffer, {"in_memory": True})
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        book.close()
        return buffer.getvalue()

    def _import(self, data, name="people.xlsx"):
        imports = self.env["b2b.invitation.import"].with_user(self.director.user_id)
        defaults = {
            "role_ids": self.junior_role.ids,
            "entity_ids": self.north_a.ids,
            "supervisor_id": self.head.id,
        }
        return imports._run(self.north, data, name, defaults)

    def test_file_counts_add_up(self):
        self.north_b.vat = "7810457775"
        run = self._import(
            self._write_xlsx(
                [
                    ["Staff list"],
                    ["ФИО", "E-mail", "Role", "Department", "ИНН"],
                    ["Ann", "ann@invited.example", "Buyer", "Sales", 7810457775],
                    ["Bob", "bob@invited.example", "", "", "North LLC; 7810457775"],
                    ["Bob again", "BOB@invited.example"],
                    ["Eve", "eve@invited.example", "King"],
                    ["", ""],
                    ["Mallory", "m@invited.example", "", "", "South LLC"],
                    ["No mail", "nothing"],
                ]
            )
        )
        self.assertEqual(
            (run.count_read, run.count_invited, run.count_rejected), (6, 2, 4)
        )
        self.assertEqual([row["row"] for row in run.rows], [3, 4, 5, 6, 8, 9])
        self.assertIn("King", run.rows[3]["text"])
        self.assertIn("South LLC", run.rows[4]["text"])
        invitations = self._find("b2b.invitation")
        self.assertEqual(invitations.mapped("name"), ["Ann", "Bob"])
        self.assertEqual(invitations[0].entity_ids, self.north_b)
        self.assertEqual(invitations[0].role_ids, self.buyer_role)
        self.assertEqual(invitations[0].department, "Sales")
        self.assertEqual(invitations[1].entity_ids, self.north_a | self.north_b)
        mails = self.env["mail.mail"].search([("body_html", "like", "/invitation/")])
        self.assertEqual(len(mails), 2)

    def test_bad_files_are_refused(self):
        many = [["E-mail"]] + [[f"p{n}@invited.example"] for n in range(501)]
        for data, words in (
            (b"", "empty"),
            (b"%PDF-1.4", ""),
            (b"PK\x03\x04broken", "damaged"),
            (self._write_xlsx([["Article", "Quantity"], ["A", 1]]), "E-mail"),
            (self._write_xlsx([["E-mail"]]), "nobody"),
            (self._write_xlsx(many), "500"),
        ):
            with self.subTest(words=words), self.assertRaisesRegex(UserError, words):
                self._import(data)
        self.assertFalse(self._find("b2b.invitation"))

    def test_csv_is_read_too(self):
        text = "Имя;Почта\nАнна;anna@invited.example\n"
        run = self._import(text.encode("cp1251"), "people.csv")
        self.assertEqual(run.count_invited, 1)


@tagged("post_install", "-at_install")
class TestInvitationPages(InvitationMixin, HttpCase):
    def _post(self, url, data=None, files=None):
        data = {"csrf_token": Request.csrf_token(self)} | (data or {})
        return self.url_open(url, data=data, files=files)

    def _login(self, member):
        login = member.user_id.login
        self.authenticate(login, login.ljust(8, "x"))

    def test_from_form_to_portal(self):
        """Invite by the form; accept by the link; the portal is open."""
        self._login(self.director)
        form = {
            "name": "Junior",
            "email": "junior@invited.example",
            "role_ids": self.junior_role.id,
            "entity_ids": self.north_a.id,
            "supervisor_id": self.head.id,
            "department": "Purchasing",
        }
        page = self._post("/my/members/invite", form)
        self.assertIn("junior@invited.example", page.text)
        url = f"/b2b/invitation/{self._get_token()}"
        self.assertIn("another e-mail", self.url_open(url).text)

        self.authenticate(None, None)
        page = self.url_open(url)
        self.assertIn("North", page.text)
        answer = {"password": "a-long-password-1", "confirm_password": "other"}
        page = self._post(url, answer | {"name": "June"})
        self.assertIn("differ", page.text)
        self.assertIn("June", page.text)
        answer["confirm_password"] = answer["password"]
        page = self._post(url, answer | {"name": "June", "stage": "confirmed"})
        self.assertTrue(page.url.endswith("/my/carts"), page.url)
        member = self.env["b2b.member"].search([("email", "=", form["email"])])
        self.assertEqual((member.name, member.stage), ("June", "verified"))
        self.assertTrue(self.url_open(url).url.endswith("/my"), "accepted: idempotent")
        self.authenticate(None, None)
        for page in (self.url_open(url), self._post(url, answer)):
            self.assertEqual(page.status_code, 404)
            self.assertIn("no longer valid", page.text)

    def test_wrong_and_void_links_answer_alike(self):
        self._login(self.director)
        invitation = self._invite()
        token = self._get_token()
        invitation.state = "cancelled"
        self.authenticate(None, None)
        pages = [self.url_open(f"/b2b/invitation/{t}") for t in (token, "wrong")]
        for page in pages:
            self.assertEqual(page.status_code, 404)
            self.assertIn("no longer valid", page.text)
            self.assertNotIn("North", page.text)

    def test_form_keeps_what_was_typed(self):
        self._login(self.director)
        page = self._post(
            "/my/members/invite",
            {"name": "Typed name", "email": "x", "role_ids": self.junior_role.id},
        )
        self.assertIn("not an e-mail", page.text)
        self.assertIn("Typed name", page.text)

    def test_tampered_forms_invite_nobody(self):
        self._login(self.director)
        good = {
            "name": "x",
            "email": "x@invited.example",
            "role_ids": self.junior_role.id,
            "entity_ids": self.north_a.id,
        }
        foreign = self.env["b2b.role"].create(
            {"name": "South", "code": "south", "account_id": self.south.id}
        )
        for change in (
            {"role_ids": foreign.id},
            {"role_ids": "1 OR 1=1"},
            {"role_ids": 99999999},
            {"entity_ids": self.south_a.id},
            {"supervisor_id": self.stranger.id},
        ):
            with self.subTest(change=change):
                page = self._post("/my/members/invite", good | change)
                self.assertIn('role="alert"', page.text)
        self.assertFalse(self._find("b2b.invitation"))
        page = self._post(
            "/my/members/invite",
            good | {"account_id": self.south.id, "state": "accepted"},
        )
        invitation = self._find("b2b.invitation")
        self.assertEqual(invitation.account_id, self.north)
        self.assertEqual(invitation.state, "pending")

    def test_others_do_not_touch_invitations(self):
        invitation = self._invite()
        for member in (self.stranger, self.buyer, self.head):
            self._login(member)
            for action in ("resend", "cancel", "accept"):
                with self.subTest(user=member.name, action=action):
                    page = self._post(f"/my/invitations/{invitation.id}/{action}")
                    self.assertIn(page.status_code, (403, 404))
            for url in ("/my/members/invite", "/my/members/import"):
                if member != self.stranger:
                    self.assertEqual(self._post(url).status_code, 403)
        self.assertEqual(invitation.state, "pending")

    def test_import_page(self):
        self._login(self.director)
        files = {"file": ("p.csv", "Name;E-mail\nAnn;ann@invited.example\nBob;\n")}
        data = {"role_ids": self.junior_role.id, "entity_ids": self.north_a.id}
        page = self._post("/my/members/import", data, files)
        self.assertRegex(page.url, r"/my/members/import/\d+$")
        self.assertIn("ann@invited.example", page.text)
        self.assertIn("Enter an e-mail", page.text)
        url = page.url[page.url.index("/my") :]
        second = self._create_member(self.north, "director", "b2b_director2")
        second.all_entities = True
        self._login(second)
        self.assertEqual(self.url_open(url).status_code, 404)
