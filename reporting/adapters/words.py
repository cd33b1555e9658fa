"""The Chinese words of the pack: it is the regulator's form, whatever language the screens have."""

from decimal import ROUND_HALF_UP, Decimal

from postloss.enums import Bucket, Dimension
from reporting.enums import FigureCode, FigureUnit, ReportState

UNKNOWN = "—"

CODES = {
    FigureCode.COMPREHENSIVE_LOSS_RATIO: "综合赔付率",
    FigureCode.COMPREHENSIVE_EXPENSE_RATIO: "综合费用率",
    FigureCode.ANNUALISED_LOSS_RATE: "年化损失率（报表口径）",
    FigureCode.ALR_MONTH_LITERAL: "月末年化损失率（字面口径，分保前）",
    FigureCode.ALR_MONTH: "月末年化损失率（一致口径，分保后）",
    FigureCode.ALR_GROSS: "月末年化损失率（一致口径，分保前）",
    FigureCode.ALR_MONTH_LITERAL_NET: "月末年化损失率（字面口径，分保后）",
    FigureCode.RETAINED_EXPOSURE: "自留责任余额",
    FigureCode.DISBURSED_AMOUNT: "放款金额",
    FigureCode.OUTSTANDING_PRINCIPAL: "剩余本金",
    FigureCode.M0_BALANCE: "M0余额",
    FigureCode.M1_BALANCE: "M1余额",
    FigureCode.M2_BALANCE: "M2余额",
    FigureCode.M3_BALANCE: "M3余额",
    FigureCode.TAIL_OVER_180: "逾期180天以上未理赔余额",
    FigureCode.M3_INCL_TAIL: "M3及逾期180天以上余额",
    FigureCode.CLAIMED_PRINCIPAL: "已全额理赔本金",
    FigureCode.ROLL_M0_1: "M0_1转化率",
    FigureCode.ROLL_M0_2: "M0_2转化率",
    FigureCode.OVERDUE_RATE: "逾期率",
    FigureCode.N_M0: "M0笔数",
    FigureCode.N_M1: "M1笔数",
    FigureCode.N_M2: "M2笔数",
    FigureCode.N_M3: "M3笔数",
    FigureCode.N_TAIL: "逾期180天以上笔数",
    FigureCode.N_NOT_REPORTED: "当月未报送笔数",
    FigureCode.NOT_REPORTED_BALANCE: "当月未报送贷款上次余额",
    FigureCode.N_BASIS_DIFFERS: "天数与期数口径不一致笔数",
}
DIMENSIONS = {
    Dimension.TOTAL: "合计",
    Dimension.BRANCH: "分支机构",
    Dimension.LENDER: "资金方",
    Dimension.CHANNEL: "渠道",
    Dimension.PRODUCT: "产品",
    Dimension.GRADE: "评级",
    Dimension.VINTAGE: "放款季度",
    Dimension.MOB: "账龄（月）",
    Dimension.OBLIGOR_TYPE: "债务人类型",
}
BUCKETS = {
    Bucket.M0: "M0",
    Bucket.M1: "M1",
    Bucket.M2: "M2",
    Bucket.M3: "M3",
    Bucket.TAIL: "180天以上",
    Bucket.SETTLED: "结清",
    Bucket.WRITTEN_OFF: "核销",
    Bucket.NOT_REPORTED: "未报送",
}
STATES = {
    ReportState.DRAFT: "草稿",
    ReportState.REVIEWED: "已复核",
    ReportState.RELEASED: "已发布",
}
UNITS = {FigureUnit.YUAN: "元", FigureUnit.RATIO: "比率", FigureUnit.COUNT: "笔"}
REASONS = {
    "finance_figures_missing": "财务数据缺失或未签核",
    "denominator_zero": "分母为零",
    "negative_earned_premium": "已赚保费为负",
    "negative_exposure": "自留责任余额为负，数据有误",
    "no_month_before": "上月未关账",
    "no_two_months_before": "前两月未关账",
    "no_such_slice_before": "当时尚无该分组",
    "exposure_missing": "本年有月份未关账",
    "partial_year": "承保不足一年，按在保月份平均",
    "claims_not_recorded": "理赔尚未在本系统登记",
}
LEVELS = {"red": "红色", "orange": "橙色", "yellow": "黄色", "": "数据质量"}
PARAMETERS = {
    "alr.recovery_window": "年化损失率月末口径扣减的追偿期间",
    "alr.claim_basis": "年化损失率赔款口径",
}
VALUES = {
    "year_to_date": "当年累计（字面）",
    "month": "当月（一致）",
    "gross": "分保前",
    "net": "分保后",
}
STATUSES = {"approved": "已批准", "unapproved": "未批准"}
QUARTERS = ("第一季度", "第二季度", "第三季度", "第四季度")


def quarter_words(text: str) -> str:
    """Turn `2017Q2` into 2017年第二季度."""
    return f"{text[:4]}年{QUARTERS[int(text[-1]) - 1]}"


def month_words(text: str) -> str:
    """Turn `2017-06` into 2017年6月."""
    return f"{text[:4]}年{int(text[5:])}月"


def shown(value: Decimal | int | None, *, places: int = 2) -> str:
    """Print a number with thousands separators, HALF_UP; a dash for nothing."""
    if value is None:
        return UNKNOWN
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return f"{abs(rounded) if rounded == 0 else rounded:,f}"


def percent(share: Decimal | None) -> str:
    """Print a fraction as a percentage with two decimals, HALF_UP."""
    return UNKNOWN if share is None else shown(share * 100) + "%"


def wan(yuan: Decimal | None) -> str:
    """Print yuan in 万元 with two decimals, HALF_UP."""
    return UNKNOWN if yuan is None else shown(yuan / 10_000)


def figure_words(value: Decimal | None, unit: str) -> str:
    """Print a figure by its unit: 万元, percent or a count."""
    if unit == FigureUnit.YUAN:
        return wan(value)
    return percent(value) if unit == FigureUnit.RATIO else shown(value, places=0)
