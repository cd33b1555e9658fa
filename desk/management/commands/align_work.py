"""`align_work`: open what waits and has no work item, finish what waits no more."""

from django.core.management.base import BaseCommand

from core import clock
from organization.services.awaiting import align_everything


class Command(BaseCommand):
    help = "Bring all work items in line with what waits; after a release that knows more of it."

    def handle(self, **options):
        changed = align_everything(at=clock.now())
        self.stdout.write(f"{changed} work items were opened or finished.")
