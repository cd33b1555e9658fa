from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OrganizationConfig(AppConfig):
    name = "organization"

    def ready(self) -> None:
        from core.history import keep_history
        from core.invariants import register
        from organization import subscribers  # noqa: F401  (connects the receivers)
        from organization.models import Role, Staff, Unit
        from organization.services.awaiting import declare, everything_that_waits_is_work
        from organization.services.waiting import WAITING

        declare(*WAITING)
        register("I6", everything_that_waits_is_work)
        keep_history(Unit)
        keep_history(Role)
        keep_history(Staff, without=["password", "last_login", "name"])
        keep_history(Staff.roles.through)
        from core import menu, notices
        from organization import permissions

        for notice in _notices():
            notices.register(notice)

        for order, title, icon, page, may_open in (
            (15, _("Cases for signature"), "signature", "cases", permissions.may_see_authority),
            (560, _("Authority"), "certificate", "grants", permissions.may_see_authority),
            (
                575,
                _("Releases from recusal"),
                "lock-open",
                "releases",
                lambda staff: permissions.allows(permissions.check_see_releases, staff),
            ),
            (570, _("Committees"), "users-group", "committees", permissions.may_see_authority),
            (510, _("Organisation"), "sitemap", "units", permissions.may_see_tree),
            (520, _("Staff"), "users-group", "staff", permissions.may_see_staff),
            (530, _("Posts"), "certificate", "posts", permissions.may_see_tree),
            (540, _("Roles"), "key", "roles", permissions.may_see_roles),
            (
                550,
                _("Recertification"),
                "checklist",
                "recertifications",
                permissions.may_see_recertification,
            ),
        ):
            menu.register(
                menu.Entry(
                    title=title,
                    icon=icon,
                    url_name=f"organization:{page}",
                    order=order,
                    may_open=may_open,
                )
            )


def _notices():
    from core.notices import Notice

    account = {"is_mandatory": True, "is_urgent": True}
    moment = "2026-03-02 09:30"
    for code, title, samples, words in (
        (
            "account_new_place",
            _("My account: signed in from a new place"),
            {"device": "Chrome · Windows", "network": "10.1.2.0/24", "time": moment},
            account,
        ),
        (
            "account_factor",
            _("My account: second factor changed"),
            {"change": _("Second factor added"), "time": moment},
            account,
        ),
        (
            "account_password",
            _("My account: password changed"),
            {"change": _("Password changed"), "time": moment},
            account,
        ),
        (
            "account_session",
            _("My account: sessions ended"),
            {"count": "2", "reason": _("Roles changed"), "time": moment},
            account,
        ),
        (
            "role_granted",
            _("A role of mine began"),
            {"role": "分公司经理", "change": pgettext_lazy("role", "given to you")},
            {"is_mandatory": True},
        ),
        (
            "role_ended",
            _("A role of mine ended"),
            {"role": "分公司经理", "change": pgettext_lazy("role", "taken from you")},
            {"is_mandatory": True},
        ),
        (
            "authority_granted",
            _("Authority given to me"),
            {"authority": "#12", "unit": "北京分公司", "until": "2026-12-31"},
            {"is_mandatory": True},
        ),
        (
            "authority_revoked",
            _("Authority of mine revoked"),
            {"authority": "#12", "unit": "北京分公司"},
            {"is_mandatory": True},
        ),
        (
            "work_handed_over",
            _("Work handed over to me"),
            {"count": "3", "title": "#7 M1 · 2026-02"},
            {"is_mandatory": True},
        ),
    ):
        yield Notice(code=code, title=title, samples=samples, **words)
