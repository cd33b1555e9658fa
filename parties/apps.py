from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class PartiesConfig(AppConfig):
    name = "parties"

    def ready(self):
        from core import jobs, menu
        from organization.enums import Permission
        from organization.events import identities_asked_about, parties_asked_about
        from organization.permissions import may
        from parties import permissions, tasks
        from parties.enums import RecordKind
        from parties.services import keep_for_good, register_source
        from parties.services.exports import KIND
        from parties.services.mapping import every_kept_file_has_a_rule
        from parties.services.retention import export_files_ended
        from parties.subscribers import party_of_request, same_parties

        identities_asked_about.connect(same_parties)
        parties_asked_about.connect(party_of_request)
        checks.register(every_kept_file_has_a_rule)
        jobs.register(KIND, tasks.make_export)
        jobs.register(tasks.RETENTION_KIND, tasks.compute_days_of_deletion)
        register_source(RecordKind.EXPORT_FILE, export_files_ended, "parties.export.stored")
        keep_for_good("core.storedfile.copy")  # goes with its original
        keep_for_good("core.evidencepack.stored")  # proof outlives what it proves
        keep_for_good(  # decisions of the house, until a rule for them is named
            "organization.casefile.stored",
            "organization.declaredrelation.evidence",
            "organization.resolutionfile.stored",
        )
        for order, title, icon, page, may_open in (
            (20, _("Exports"), "file-export", "exports", permissions.may_see_exports),
            (
                440,
                _("Use of personal data"),
                "eye-exclamation",
                "use",
                lambda staff: permissions.may_watch_use(staff) or permissions.may_reveal(staff),
            ),
            (450, _("Retention"), "archive", "retention", permissions.may_keep),
            (
                460,
                _("Requests of persons"),
                "user-question",
                "requests",
                lambda staff: may(staff, Permission.ANSWER_PERSONS),
            ),
        ):
            menu.register(
                menu.Entry(
                    title=title,
                    icon=icon,
                    url_name=f"parties:{page}",
                    order=order,
                    may_open=may_open,
                )
            )
