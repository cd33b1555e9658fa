"""What is answered for a person who leaves: the files that they took out of the house."""

from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _

from organization.events import LeaverAskedAbout, LeaverThing, leaver_asked_about
from parties.enums import ExportStatus
from parties.selectors.exports import exports_of_leaver


@receiver(leaver_asked_about, dispatch_uid="parties.exports_of_leaver")
def answer_with_exports(event: LeaverAskedAbout, **_words: object) -> list[LeaverThing]:
    """Tell number, kind and size of each export, and what becomes of those that still wait."""
    becomes = {
        ExportStatus.WAITING: _("cannot be approved any more"),
        ExportStatus.CLEARED: _("is fetched by nobody"),
        ExportStatus.TURNED_DOWN: _("was turned down"),
        ExportStatus.MADE: _("left the house"),
    }
    return [
        LeaverThing(
            label=_("Export"),
            title=_("%(number)s · %(day)s · %(rows)s rows")
            % {
                "number": export.number,
                "day": f"{export.asked_at:%Y-%m-%d}",
                "rows": f"{export.rows:,}",
            },
            url=reverse("parties:export", args=[export.pk]),
            becomes=becomes[ExportStatus(export.status)],
            is_taken=True,
        )
        for export in exports_of_leaver(staff_id=event.staff_id, since=event.since)
    ]
