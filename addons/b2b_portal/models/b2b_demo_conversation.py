# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models

# who ('buyer' or 'manager'), hours ago, text
TALK = (
    (
        "buyer",
        50.0,
        "Мария, добрый день. В заказе не хватило шайб М8: их две коробки или три?",
    ),
    (
        "manager",
        49.5,
        "Игорь, добрый день. Отгрузили две, третья приедет с завтрашней машиной.",
    ),
    ("buyer", 26.0, "Принял. Можно её сразу на Киевскую, не на склад?"),
    (
        "manager",
        25.2,
        "Да, переписала адрес в заявке. Водитель позвонит за час.",
    ),
)


class B2bDemo(models.AbstractModel):
    _inherit = "b2b.demo"

    @api.model
    def _setup_conversations(self):
        """A talk of the buyer and the manager about an order."""
        if self._ref("conversation_north_demo"):
            return
        member = self._ref("member_north_buyer_demo")
        users = {"buyer": member.user_id, "manager": self._ref("user_manager_demo")}
        talk = self.env["b2b.conversation"].create(
            {
                "name": "Шайбы М8 в последней отгрузке",
                "member_id": member.id,
                "order_id": self._ref("order_north_dealer_demo").id,
            }
        )
        self._bind("conversation_north_demo", talk)
        # nobody gets a mail about what they never wrote
        quiet = {"mail_notify_force_send": False, "mail_post_autofollow": False}
        now = fields.Datetime.now()
        for who, hours, text in TALK:
            talk.with_user(users[who]).sudo().with_context(**quiet).message_post(
                author_id=users[who].partner_id.id,
                body=text,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                date=now - timedelta(hours=hours),
            )
        mails = self.env["mail.mail"].search(
            [("model", "=", talk._name), ("res_id", "=", talk.id)]
        )
        mails.unlink()
        self._ref("account_north_demo")._b2b_refresh_signals()
