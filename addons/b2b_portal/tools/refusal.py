# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import Forbidden


class Refusal(Forbidden):
    """A refusal that explains itself: the page ``b2b_portal.refused``, status 403.

    :param str object_name: an object of ``b2b.permission``; None: there is nothing
        that one could ask for
    :param str verb: a verb of ``b2b.permission``
    :param record: (model, id) of the record, which the visitor sees
    :param str text: what to say, instead of an explanation
    """

    def __init__(self, object_name=None, verb=None, record=None, text=None):
        super().__init__(text)
        self.object_name = object_name
        self.verb = verb
        self.record = record
        self.text = text

    def get_values(self, env):
        """Values of the page, read in the environment of the visitor."""
        if self.text:
            return {"explanation": None, "text": self.text}
        record = None
        if self.record:
            model, record_id = self.record
            record = env[model].sudo().browse(record_id)
        explanation = env["b2b.member"]._explain(self.object_name, self.verb, record)
        return {
            "explanation": explanation,
            "text": explanation["text"],
            "object_name": self.object_name,
            "verb": self.verb,
            "words": env["b2b.member"]._get_permission_words(
                self.object_name, self.verb
            ),
        }
