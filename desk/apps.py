from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "desk"

    def ready(self) -> None:
        from core import jobs, menu, notices
        from core.encryption.texts import register_sealed_texts
        from core.services.packs import KIND
        from desk import (
            subscribers,  # noqa: F401  (connects the receivers)
            tasks,
        )
        from desk.adapters.second_factor_secrets import secrets_sealed
        from desk.permissions import (
            may_rotate_keys,
            may_see_deliveries,
            may_see_inventory,
            may_see_templates,
        )
        from desk.selectors.evidence import (
            VERIFY_KIND,
            may_search_audit,
            may_see_packs,
            may_verify_chain,
        )
        from desk.services.waiting import WAITING
        from organization.enums import Permission
        from organization.permissions import holds, may_see_sign_in_policies, may_see_workload
        from organization.services.awaiting import declare

        declare(*WAITING)
        for notice in _notices():
            notices.register(notice)
        register_sealed_texts(secrets_sealed())
        jobs.register(KIND, tasks.make_evidence_pack)
        jobs.register(VERIFY_KIND, tasks.verify_chain)
        for order, title, icon, page, may_open in (
            (0, _("Workbench"), "layout-dashboard", "home", lambda person: True),
            (5, _("Messages"), "bell", "messages", lambda person: True),
            (350, _("Message templates"), "template", "message_templates", may_see_templates),
            (480, _("Deliveries"), "mail-check", "deliveries", may_see_deliveries),
            (10, _("Workload"), "users", "workload", may_see_workload),
            (410, _("Audit trail"), "list-search", "audit", may_search_audit),
            (420, _("Evidence chain"), "link", "chain", may_verify_chain),
            (430, _("Evidence packs"), "certificate", "evidence_packs", may_see_packs),
            (470, _("Data inventory"), "list-details", "data_inventory", may_see_inventory),
            (30, _("Who is at work"), "users", "activity", holds(Permission.VIEW_ACTIVITY)),
            (
                610,
                _("Security log"),
                "shield-search",
                "security_log",
                holds(Permission.VIEW_SECURITY_LOG),
            ),
            (
                620,
                _("Sessions of all"),
                "devices",
                "live_sessions",
                holds(Permission.MANAGE_SIGN_IN),
            ),
            (630, _("Limits of signing in"), "lock-access", "policies", may_see_sign_in_policies),
            (640, _("Keys"), "key", "keys", may_rotate_keys),
        ):
            menu.register(
                menu.Entry(
                    title=title,
                    icon=icon,
                    url_name=f"desk:{page}",
                    order=order,
                    may_open=may_open,
                )
            )


def _notices():
    from core.enums import MessageChannel, MessageStatus
    from core.notices import Notice

    job = {"title": "loans.csv", "text": "…"}
    yield Notice(code="job_done", title=_("A job of mine is done"), samples=job)
    yield Notice(code="job_failed", title=_("A job of mine was not done"), samples=job)
    yield Notice(
        code="delivery_in_doubt",
        title=_("A delivery is in doubt"),
        samples={"channel": MessageChannel.SMS.label, "status": MessageStatus.UNCLEAR.label},
        is_mandatory=True,
    )
    yield Notice(
        code="account_address",
        title=_("My account: address for messages changed"),
        samples={"channel": MessageChannel.EMAIL.label, "time": "2026-03-02 09:30"},
        is_mandatory=True,
        is_urgent=True,
    )
