"""The report as a workbook: figures as numbers in yuan and fractions, text never as a formula."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.xml.constants import ARC_CORE
from openpyxl.xml.functions import tostring

from postloss.enums import Bucket, Dimension
from reporting.adapters import words
from reporting.enums import FigureCode, FigureUnit
from reporting.rules.rows import TOTAL, FigureRow
from reporting.selectors import ReportContent

FORMATS = {
    FigureUnit.YUAN: "#,##0.00",
    FigureUnit.RATIO: "0.00%",
    FigureUnit.COUNT: "#,##0",
}
_HEAD = PatternFill("solid", fgColor="17375E")
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def render_workbook(content: ReportContent) -> bytes:
    """Write the workbook; the same report gives the same bytes."""
    book = Workbook(write_only=True)
    at = timezone.localtime(content.report.drafted_at).replace(tzinfo=None, microsecond=0)
    book.properties.created = book.properties.modified = at
    book.properties.creator = content.insurer.name
    _cover(book, content)
    _key_figures(book, content)
    for dimension in Dimension:
        if dimension != Dimension.TOTAL:
            _dimension(book, content, dimension)
    _migration(book, content)
    _all_figures(book, content)
    _notes(book, content)
    sink = io.BytesIO()
    book.save(sink)
    book.properties.modified = at  # saving has read the clock
    return _stable(sink.getvalue(), tostring(book.properties.to_tree()))


def _stable(content: bytes, properties: bytes) -> bytes:
    """Write the archive again without clock times; the other parts stay as they are."""
    sink = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            part = zipfile.ZipInfo(name, _ZIP_EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(part, properties if name == ARC_CORE else source.read(name))
    return sink.getvalue()


def _sheet(
    book: Workbook, title: str, head: Sequence[str], widths: Sequence[int]
) -> WriteOnlyWorksheet:
    sheet = book.create_sheet(title)
    for index, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    if head:
        sheet.freeze_panes = "A2"
        sheet.append([_head(sheet, each) for each in head])
    return sheet


def _head(sheet: WriteOnlyWorksheet, text: str) -> Cell:
    cell = _text(sheet, text)
    cell.font, cell.fill = Font(bold=True, color="FFFFFF"), _HEAD
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    return cell


def _text(sheet: WriteOnlyWorksheet, text: str) -> Cell:
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"
    return cell


def _number(sheet: WriteOnlyWorksheet, value: Decimal | int | None, unit: str) -> Cell:
    if value is None:
        return _text(sheet, words.UNKNOWN)
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = FORMATS[FigureUnit(unit)]
    return cell


def _printed(sheet: WriteOnlyWorksheet, row: FigureRow) -> Cell:
    return _number(sheet, Decimal(row.value) if row.value else None, row.unit)


def _cover(book: Workbook, content: ReportContent) -> None:
    report = content.report
    sheet = _sheet(book, "封面", (), (24, 60))
    lines = [
        ("融资性信用保证保险业务季度报告", ""),
        ("保险公司", content.insurer.name),
        ("报告期", words.quarter_words(report.quarter_text)),
        ("稿次与状态", f"第{report.number}稿（{words.STATES[report.state]}）"),
        *((f"{month} 关账版本", f"第{n}版") for month, n in content.versions.items()),
        ("报表格式", "内部模板（监管季度报表格式未公布，HQ-45）"),
        ("单位", "金额：元；比率：小数（显示为百分比）；笔数：笔"),
    ]
    for name, value in lines:
        sheet.append([_text(sheet, name), _text(sheet, value)])


def _key_figures(book: Workbook, content: ReportContent) -> None:
    periods = [month.period for month in content.months]
    head = ("指标", "代码", "单位", *periods, "说明")
    sheet = _sheet(book, "主要指标", head, (36, 28, 8, *(20 for _ in periods), 40))
    known = {(r.code, r.period): r for r in content.rows if r.slice_dimension == TOTAL}
    for code in FigureCode:
        rows = [known[code.value, period] for period in periods]
        reasons = dict.fromkeys(
            f"{row.period}：{words.REASONS.get(row.reason, row.reason)}"
            for row in rows
            if row.reason
        )
        sheet.append(
            [
                _text(sheet, words.CODES[code]),
                _text(sheet, code.value),
                _text(sheet, words.UNITS[FigureUnit(rows[0].unit)]),
                *(_printed(sheet, row) for row in rows),
                _text(sheet, "；".join(reasons)),
            ]
        )


def _dimension(book: Workbook, content: ReportContent, dimension: Dimension) -> None:
    rows = [row for row in content.rows if row.slice_dimension == dimension]
    codes = list(dict.fromkeys(row.code for row in rows))
    name = words.DIMENSIONS[dimension]
    head = ("月份", name, *(words.CODES[FigureCode(code)] for code in codes))
    sheet = _sheet(book, name, head, (10, 24, *(16 for _ in codes)))
    for row in _by_slice(rows):
        sheet.append(
            [
                _text(sheet, row[0].period),
                _text(sheet, row[0].slice_value),
                *(_printed(sheet, each) for each in row),
            ]
        )


def _by_slice(rows: Iterable[FigureRow]) -> list[list[FigureRow]]:
    found: dict[tuple[str, str], list[FigureRow]] = {}
    for row in rows:
        found.setdefault((row.period, row.slice_value), []).append(row)
    return list(found.values())


def _migration(book: Workbook, content: ReportContent) -> None:
    head = ("上月状态", "本月状态", "笔数", "上月余额（元）", "占上月该状态余额")
    sheet = _sheet(book, "队列迁徙矩阵", head, (16, 16, 12, 20, 20))
    for row in content.migrations:
        sheet.append(
            [
                _text(sheet, words.BUCKETS[Bucket(row.before_bucket)]),
                _text(sheet, words.BUCKETS[Bucket(row.bucket)]),
                _number(sheet, row.loans, FigureUnit.COUNT),
                _number(sheet, row.before_balance, FigureUnit.YUAN),
                _number(sheet, row.share, FigureUnit.RATIO),
            ]
        )


def _all_figures(book: Workbook, content: ReportContent) -> None:
    head = ("code", "period", "dimension", "value", "unit", "version", "reason")
    sheet = _sheet(book, "figures", head, (28, 10, 28, 20, 8, 8, 28))
    for row in content.rows:
        sheet.append(
            [
                _text(sheet, row.code),
                _text(sheet, row.period),
                _text(sheet, row.dimension),
                _printed(sheet, row) if row.value else _text(sheet, ""),
                _text(sheet, row.unit),
                _number(sheet, row.version, FigureUnit.COUNT),
                _text(sheet, row.reason),
            ]
        )


def _notes(book: Workbook, content: ReportContent) -> None:
    sheet = _sheet(book, "编制说明", ("项目", "内容", "来源", "状态"), (36, 40, 60, 10))
    for name, row in content.report.parameters.items():
        value = words.VALUES.get(row["value"], str(row["value"]))
        cells = (words.PARAMETERS[name], value, row["source"], words.STATUSES[row["status"]])
        sheet.append([_text(sheet, each) for each in cells])
    for batch in content.finance_batches:
        cells = ("财务数据文件", batch.name, f"SHA-256 {batch.stored.sha256}", "已签核")
        sheet.append([_text(sheet, each) for each in cells])
