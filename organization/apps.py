from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationConfig(AppConfig):
    name = "organization"

    def ready(self) -> None:
        from core.history import keep_history
        from organization import subscribers  # noqa: F401  (connects the receivers)
        from organization.models import Role, Staff, Unit

        keep_history(Unit)
        keep_history(Role)
        keep_history(Staff, without=["password", "last_login", "name"])
        keep_history(Staff.roles.through)
        from core import menu
        from organization import permissions

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
