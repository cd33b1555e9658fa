"""Limits of what comes in from outside."""

from django.db import migrations

MIB = 1 << 20
FIGURES = {
    "files.text_bytes": (2048 * MIB, "bytes"),
    "files.workbook_bytes": (50 * MIB, "bytes"),
    "files.document_bytes": (50 * MIB, "bytes"),
    "files.image_bytes": (30 * MIB, "bytes"),
    "files.video_bytes": (2048 * MIB, "bytes"),
    "files.archive_bytes": (200 * MIB, "bytes"),
    "files.evidence_bytes": (20 * MIB, "bytes"),
    "files.finance_bytes": (5 * MIB, "bytes"),
    "files.unpacked_bytes": (200 * MIB, "bytes"),
    "files.unpacked_ratio": (100, "times"),
    "files.entries": (2000, "entries"),
    "files.pixels": (30_000_000, "pixels"),
    "files.child_bytes": (512 * MIB, "bytes"),
    "files.child_seconds": (20, "seconds"),
    "files.scan_seconds": (60, "seconds"),
    "files.link_seconds": (300, "seconds"),
    "files.orphan_hours": (24, "hours"),
}


def seed(apps, schema_editor):
    parameter = apps.get_model("core", "RegulatoryParameter")
    for name, (value, unit) in FIGURES.items():
        parameter.objects.create(
            name=name, value=value, unit=unit, valid_from="2020-01-01",
            source="company policy (starter value)",
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("core", "0009_files_from_outside")]
    operations = [
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
