"""Work items as tests need them: one of any kind, on any subject."""

from organization.models import WorkItem
from organization.services.work import NewWork, copy_to, open_works


def open_work(
    *, kind, subject, unit, at, by=None, holder=None, copies=(), title="#1", url="/", **words
):
    """Open one item and return it."""
    work = NewWork(
        kind=kind,
        subject=subject,
        title=title,
        url=url,
        unit_id=unit.pk,
        holder_id=holder and holder.pk,
        initiator_id=by and by.pk,
        **words,
    )
    open_works(works=[work], at=at)
    item = WorkItem.objects.get(
        kind=kind,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        finished_at=None,
    )
    copy_to(item=item, people=copies, by=by, at=at)
    return item
