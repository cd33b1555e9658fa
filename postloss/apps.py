from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PostlossConfig(AppConfig):
    name = "postloss"

    def ready(self):
        from core import jobs, menu
        from parties.enums import RecordKind
        from parties.services import COPY_KIND, register_maker, register_source
        from postloss import subscribers, tasks  # noqa: F401
        from postloss.permissions import may_see_warnings
        from postloss.selectors.files import may_see_files
        from postloss.selectors.scope import may_see_portfolio
        from postloss.services import large_exports, retention

        jobs.register("load_lender_file", tasks.load_lender_file)
        jobs.register("close_month", tasks.close_month)
        register_maker(large_exports.LOANS_KIND, large_exports.make_loans)
        register_maker(large_exports.DIFFERENCE_KIND, large_exports.make_difference)
        register_maker(large_exports.REJECTS_KIND, large_exports.make_rejects)
        register_maker(COPY_KIND, large_exports.make_person_copy)
        register_source(RecordKind.IDENTITY, retention.ended_identities)
        register_source(
            RecordKind.LENDER_FILE, retention.ended_lender_files, "partners.lenderfile.stored"
        )
        register_source(
            RecordKind.WARNING_EVIDENCE, retention.ended_evidence, "postloss.warningstep.evidence"
        )
        for order, title, icon, page, may_open in (
            (10, _("Dashboard"), "layout-dashboard", "dashboard", may_see_portfolio),
            (20, _("Warnings"), "bell", "warnings", may_see_warnings),
            (30, _("Thresholds"), "adjustments", "thresholds", may_see_warnings),
            (35, _("Month-ends"), "calendar-stats", "month_ends", may_see_portfolio),
            (38, _("Daily ageing"), "calendar-time", "ageing", may_see_portfolio),
            (40, _("Lender files"), "file-import", "files", may_see_files),
        ):
            menu.register(
                menu.Entry(
                    title=title,
                    icon=icon,
                    url_name=f"postloss:{page}",
                    order=order,
                    may_open=may_open,
                )
            )
