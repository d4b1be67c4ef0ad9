# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import NotFound

from odoo.exceptions import AccessError, UserError
from odoo.http import Controller, content_disposition, request, route

from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..models.b2b_contract import ContractChanged
from .common import MemberPages

PAGE_SIZE = 50
# State -> Bootstrap colour.
COLOURS = {"accepted": "success", "waiting": "warning"}


class Contracts(MemberPages, Controller):
    """Contracts: read, accept, download."""

    @route(
        ["/my/contracts", "/my/contracts/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def contracts(self, page=1, **kwargs):
        """Contracts that the visitor may see, those that wait first."""
        self._check_may("contract", "read")
        Contract = request.env["b2b.contract"]
        total = Contract.search_count([])
        pager = portal_pager("/my/contracts", total, page, PAGE_SIZE)
        found = Contract.search(
            [], order="state desc, id desc", limit=PAGE_SIZE, offset=pager["offset"]
        )
        states = Contract._fields["state"]._description_selection(request.env)
        return request.render(
            "b2b_portal.contracts",
            {
                "contracts": found.sudo(),
                "states": dict(states),
                "colours": COLOURS,
                "pager": pager,
                "message": self._pop_message(),
                "page_name": "b2b_contracts",
            },
        )

    @route(
        "/my/contracts/<int:contract_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def contract(self, contract_id, **kwargs):
        """The text of a contract and, for who may sign, its acceptance."""
        contract = self._get_record("b2b.contract", contract_id)
        return self._render_contract(contract)

    def _render_contract(self, contract, error=None, **texts):
        states = contract._fields["state"]._description_selection(request.env)
        member = request.b2b.member
        agreement = contract.agreement_id
        return request.render(
            "b2b_portal.contract",
            {
                "contract": contract,
                "colours": COLOURS,
                "state": dict(states)[contract.state],
                "may_sign": bool(contract._b2b_filtered("sign")),
                "refusal": agreement._b2b_get_contract_refusal(),
                "newer": agreement.contract_ids.filtered(
                    lambda c: c.state in ("waiting", "accepted") and c != contract
                )[:1],
                "sign_name": texts.get("name") or member.name or "",
                "sign_position": texts.get("position") or self._get_position(member),
                "error": error,
                "message": self._pop_message(),
                "page_name": "b2b_contract",
            },
        )

    def _get_position(self, member):
        """The position of a member (sudo), as far as it is known."""
        return member.job or member.partner_id.function or ""

    @route(
        "/my/contracts/<int:contract_id>/accept",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def accept(self, contract_id, sha256="", name="", position="", **kwargs):
        """Accept a contract. A second click changes nothing."""
        contract = self._get_record("b2b.contract", contract_id)
        if not kwargs.get("agree"):
            text = request.env._("Tick that you have read the contract and accept it.")
            return self._render_contract(contract, text, name=name, position=position)
        http = request.httprequest
        try:
            with request.env.cr.savepoint():
                contract._b2b_accept(
                    sha256, name, position, http.remote_addr, http.user_agent.string
                )
        except ContractChanged as error:
            contract.invalidate_recordset()
            return self._render_contract(contract, str(error))
        except AccessError:
            raise NotFound from None
        except UserError as error:
            return self._render_contract(
                contract, str(error), name=name, position=position
            )
        self._tell(request.env._("The contract is accepted. You may place orders."))
        return request.redirect(f"/my/contracts/{contract.id}")

    @route(
        "/my/contracts/<int:contract_id>/pdf", type="http", auth="user", website=True
    )
    def pdf(self, contract_id, **kwargs):
        """The contract as PDF; accepted, it is the paper of the registry."""
        contract = self._get_record("b2b.contract", contract_id)
        document = request.env["b2b.document"].sudo()
        document = document.search(
            [
                ("kind", "=", "contract"),
                ("res_model", "=", contract._name),
                ("res_id", "=", contract.id),
            ]
        )
        if document:
            content = document._get_pdf()
        else:
            report = request.env["ir.actions.report"].sudo()
            content, _kind = report.with_context(
                force_report_rendering=True
            )._render_qweb_pdf("b2b_portal.report_contract", contract.ids)
        name = contract._b2b_print_title()
        return self._send(content, "application/pdf", f"{name}.pdf")

    @route(
        "/my/contracts/<int:contract_id>/text",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def text(self, contract_id, **kwargs):
        """The very bytes whose SHA-256 the contract shows."""
        contract = self._get_record("b2b.contract", contract_id)
        content = str(contract.text or "").encode()
        name = contract._b2b_print_title()
        return self._send(content, "application/octet-stream", f"{name}.txt")

    def _send(self, content, mimetype, filename):
        return request.make_response(
            content,
            [
                ("Content-Type", mimetype),
                ("Content-Disposition", content_disposition(filename)),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
