"""The demo's authority: grants, a delegation, a committee, and cases in each of their states.

Everything is proposed, approved, voted and signed by the people of the demo, as on the pages.
"""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Iterable
from decimal import Decimal

from core import clock
from core.errors import NotPermitted
from organization.enums import (
    CasePartyKind,
    CommitteeKind,
    DecisionOutcome,
    ExceptionKind,
    IdentityKind,
    RelationKind,
    VoteChoice,
)
from organization.models import AuthorityCase, AuthorityGrant, Committee, Role, Staff, Unit
from organization.selectors import head_office
from organization.services.authority import Extent, decide_grant, grant_draft, propose_grant
from organization.services.authority import revoke_grant as take_back
from organization.services.cases import (
    CaseTerms,
    PartyOfCase,
    decide_case,
    submit_case,
    withdraw_case,
)
from organization.services.committees import approve_committee, found_committee, seat_member
from organization.services.delegations import delegate_authority
from organization.services.recusal import declare_relation
from organization.services.resolutions import cast_vote, close_resolution, put_to_committee
from products.models import Product

People = dict[str, Staff]
WAN = Decimal(10_000)
CURRENT, ENDED = dt.date(2026, 1, 1), dt.date(2025, 7, 1)
RELATIVE = "110105194912310029"  # a made-up number of the demo
PRICE, ADMISSION = ExceptionKind.PRICE_BELOW_FLOOR, ExceptionKind.ADMISSION


def grant_authority(people: People) -> None:
    """Give the roles of the demo their authority, and people theirs; show each of its fates."""
    if AuthorityGrant.objects.exists():
        return
    hq = head_office()
    guangdong, jiangsu = (Unit.objects.get(code=code) for code in ("GD", "JS"))
    product = _products()[0]
    _grant(people, hq, 1, "underwriter", max_amount=100 * WAN, max_ltv=Decimal("0.7"))
    _grant(people, hq, 2, "branch_manager", max_amount=300 * WAN, min_rate=Decimal("0.05"))
    top = _grant(
        people, hq, 3, "underwriting_chief", max_amount=2000 * WAN, exceptions=(PRICE, ADMISSION)
    )
    _grant(
        people, guangdong, 1, people["xu"], max_amount=200 * WAN, products=(product,), max_term=36
    )
    lift = {"max_amount": None, "exceptions": (ExceptionKind.CONTROL_LIFT,)}
    _grant(people, hq, 4, "chief_risk_officer", by_whom="zhao", **lift)
    _grant(people, hq, 5, "general_manager", **lift)
    _grant(
        people, jiangsu, 2, people["li"], max_amount=400 * WAN,
        valid_from=dt.date(2025, 1, 1), valid_to=ENDED,
    )  # fmt: skip
    revoked = _grant(people, jiangsu, 2, people["li"], max_amount=500 * WAN)
    take_back(
        grant=revoked, by=people["chen"], at=clock.now(),
        reason="江苏地区逾期率上升，收回个人增额授权。",
    )  # fmt: skip
    refused = _proposal(people, guangdong, 2, people["wang"], max_amount=5000 * WAN)
    decide_grant(
        grant=refused, is_approved=False, by=people["chen"], at=clock.now(),
        reason="超出首席核保官权限，应提交委员会。",
    )  # fmt: skip
    _proposal(people, guangdong, 2, people["wang"], max_amount=600 * WAN)
    _lend(top, guangdong, people)


def _products() -> list[str]:
    return list(Product.objects.order_by("pk").values_list("name", flat=True)[:3]) or ["车贷保证"]


def _proposal(
    people: People,
    unit: Unit,
    level: int,
    holder: Staff | str,
    *,
    valid_from: dt.date = CURRENT,
    valid_to: dt.date | None = None,
    **extent: object,
) -> AuthorityGrant:
    at, bai = clock.now(), people["bai"]
    grant = grant_draft(
        extent=Extent(unit_path=unit.path, **extent),
        unit=unit,
        level=level,
        role=Role.objects.get(code=holder) if isinstance(holder, str) else None,
        person=None if isinstance(holder, str) else holder,
        valid_from=valid_from,
        valid_to=valid_to,
        by=bai,
        at=at,
        reason="年度授权（演示）",
    )
    return propose_grant(grant=grant, by=bai, at=at)


def _grant(
    people: People,
    unit: Unit,
    level: int,
    holder: Staff | str,
    by_whom: str = "chen",
    **words: object,
) -> AuthorityGrant:
    proposed = _proposal(people, unit, level, holder, **words)
    return decide_grant(grant=proposed, is_approved=True, by=people[by_whom], at=clock.now())


def _lend(grant: AuthorityGrant, unit: Unit, people: People) -> None:
    """The chief of underwriting is away for two weeks and lends a part to a branch manager."""
    delegate_authority(
        grant=grant,
        delegate=people["wang"],
        extent=Extent(unit_path=unit.path, max_amount=500 * WAN),
        unit=unit,
        valid_from=clock.today(),
        valid_to=clock.today() + dt.timedelta(days=14),
        by=people["bai"],
        at=clock.now(),
        reason="出差期间转授广东分公司经理（演示）",
    )


def walk_cases(people: People) -> None:
    """Put cases to those who may sign them, and take each to another end."""
    if AuthorityCase.objects.exists():
        return
    xu, wang = people["xu"], people["wang"]
    _case(wang, "佛山某商贸公司流动资金保证", 80, "P0000000001")
    signed = _case(wang, "广州某物流公司车辆融资保证", 65, "P0000000002", has_file=True)
    _decide(signed, xu, DecisionOutcome.SIGN, "抵押物足值，同意承保。")
    refused = _case(wang, "东莞某电子厂设备融资保证", 90, "P0000000003")
    _decide(refused, xu, DecisionOutcome.REFUSE, "近两年经营现金流为负，偿债能力不足。")
    returned = _case(wang, "中山某灯饰厂订单融资保证", 70, "P0000000004")
    _decide(returned, xu, DecisionOutcome.RETURN, "补充最近一期纳税申报表。")
    withdrawn = _case(xu, "珠海某渔具公司出口融资保证", 60, "P0000000005")
    withdraw_case(
        case=withdrawn, version=withdrawn.version, by=xu, at=clock.now(), reason="客户撤回申请。"
    )
    _recuse(people)
    _resolve(people)


def _case(
    by: Staff, title: str, wan: int, document: str, *, has_file: bool = False, **words: object
) -> AuthorityCase:
    terms = {
        "product": _products()[0],
        "obligor_type": "小微企业",
        "grade": "B",
        "rate": Decimal("0.065"),
        "ltv": Decimal("0.60"),
        "term": 24,
        **words,
    }
    note = io.BytesIO("尽职调查摘要（演示）。".encode())
    return submit_case(
        terms=CaseTerms(
            title=title, text="客户资料齐备，请审批（演示）。", amount=wan * WAN, **terms
        ),
        unit=by.unit,
        parties=[_party(document)],
        by=by,
        at=clock.now(),
        documents=[("尽职调查摘要.txt", note)] if has_file else [],
    )


def _party(document: str) -> PartyOfCase:
    return PartyOfCase(
        kind=CasePartyKind.OBLIGOR, name="演示客户", identities={IdentityKind.DOCUMENT: document}
    )


def _decide(case: AuthorityCase, by: Staff, outcome: str, reason: str) -> None:
    decide_case(
        case=case,
        outcome=outcome,
        version=case.version,
        key=uuid.uuid4(),
        by=by,
        at=clock.now(),
        reason=reason,
    )


def _recuse(people: People) -> None:
    """The underwriter of Guangdong declared a relative, and may not sign the relative's case."""
    xu = people["xu"]
    declare_relation(
        kind=RelationKind.FAMILY,
        colleague=None,
        name="徐某",
        identity_kind=IdentityKind.DOCUMENT,
        value=RELATIVE,
        valid_from=clock.today(),
        by=xu,
        at=clock.now(),
        remark="近亲属（演示）",
    )
    case = _case(people["wang"], "惠州某个体户经营贷保证", 40, RELATIVE, obligor_type="自然人")
    try:
        _decide(case, xu, DecisionOutcome.SIGN, "同意。")
    except NotPermitted:
        return  # that is what is to be seen: it stands in the case's log
    raise AssertionError("a recused person signed")


def _resolve(people: People) -> None:
    """Found a committee; it passes a case beyond all grants, and another is before it."""
    bai, at, today = people["bai"], clock.now(), clock.today()
    committee = found_committee(
        code="UWC",
        name="核保委员会",
        kind=CommitteeKind.UNDERWRITING,
        unit=head_office(),
        quorum_share=Decimal("0.666667"),
        majority_share=Decimal("0.5"),
        is_majority_of_members=True,
        has_chair_veto=True,
        source="核保委员会工作规则（演示）",
        valid_from=today,
        by=bai,
        at=at,
    )
    approve_committee(committee=committee, by=people["chen"], at=at)
    for name in ("zhao", "chen", "lin", "li"):
        seat_member(
            committee=committee,
            person=people[name],
            is_chair=name == "zhao",
            valid_from=today,
            by=bai,
            at=at,
        )
    first = _case(people["wang"], "深圳某新能源公司项目融资保证", 6000, "P0000000006")
    second = _case(people["wang"], "广州某医疗器械公司并购融资保证", 4500, "P0000000007")
    _vote(committee, first, people, ("zhao", "chen", "li"))
    put_to_committee(
        case=second, committee=committee, meeting="第 2 次会议", held_on=today, by=bai, at=at
    )
    first.refresh_from_db()
    _decide(first, people["li"], DecisionOutcome.SIGN, "依核保委员会第 1 次会议决议签批。")


def _vote(
    committee: Committee, case: AuthorityCase, people: People, in_favour: Iterable[str]
) -> None:
    bai, at = people["bai"], clock.now()
    put = put_to_committee(
        case=case, committee=committee, meeting="第 1 次会议", held_on=clock.today(), by=bai, at=at
    )
    for name in in_favour:
        cast_vote(resolution=put, choice=VoteChoice.FOR, by=people[name], at=at, remark="同意。")
    cast_vote(
        resolution=put, choice=VoteChoice.AGAINST, by=people["lin"], at=at, remark="集中度偏高。"
    )
    close_resolution(resolution=put, by=bai, at=at)
