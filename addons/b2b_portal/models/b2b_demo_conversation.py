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
QUESTION = (
    (
        "buyer",
        5.0,
        "Добрый день. Возьмём анкеры 12×100, тысяч пять. Какая будет цена и срок?",
    ),
)


class B2bDemo(models.AbstractModel):
    _inherit = "b2b.demo"

    @api.model
    def _setup_conversations(self):
        """A talk about an order, and a question that waits for an answer."""
        self._create_talk(
            "conversation_north_demo",
            self._ref("member_north_buyer_demo"),
            "Шайбы М8 в последней отгрузке",
            TALK,
            order_id=self._ref("order_north_dealer_demo").id,
        )
        self._create_talk(
            "conversation_stroydom_demo",
            self._ref("member_stroydom_buyer_demo"),
            "Цена на анкеры от 5 000 шт",
            QUESTION,
        )

    def _create_talk(self, name, member, subject, rows, **values):
        """A conversation with the xml id `name`; `rows` like :data:`TALK`."""
        if self._ref(name):
            return
        users = {"buyer": member.user_id, "manager": self._ref("user_manager_demo")}
        talk = self.env["b2b.conversation"].create(
            {"name": subject, "member_id": member.id} | values
        )
        self._bind(name, talk)
        now = fields.Datetime.now()
        for who, hours, text in rows:
            # nobody gets a mail about what they never wrote
            speaker = talk.with_user(users[who]).sudo()
            speaker.with_context(mail_notify_force_send=False).message_post(
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
