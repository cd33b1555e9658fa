"""The second wall: what the database shows whoever asks past the selectors. Source: A4."""

import sys

import pytest
from django.db import connection, transaction
from django.db.utils import DataError, ProgrammingError
from django.urls import reverse

from core.row_security import past_the_wall, seen_by
from organization.selectors import eyes_of
from organization.selectors.units import units_in_scope
from postloss.models import Figure, RiskWarning
from postloss.selectors.places import places_at
from tests.factories.portfolio_book import CANARY, CANARY_AMOUNT, closed_book
from underwriting.models import Loan

# Tables whose rows belong to no unit, with the reason why nobody's rows leak through them.
OPEN = {
    "core_anchorreceipt": "what an anchor answered to a hash",
    "core_chainlink": "numbers and hashes",
    "core_packentry": "hashes by which a stranger checks a file that he holds",
    "core_publiccheck": "hashes and keyed digests; nobody reads it on a page",
    "core_rowchange": "read by the audit's permission alone; holds no personal data",
    "core_signedhead": "numbers and hashes",
    "core_signingkey": "public keys",
    "core_auditrecord": "read by its own permission alone; holds no personal data",
    "core_fieldkey": "names of keys, which every page that seals must know; never their bytes",
    "core_keyrotation": "read by its own permission alone; holds no personal data",
    "core_messageaddress": "sealed; asked at the door and by whoever tells a colleague something",
    "core_messageoptout": "what people do not want to hear, asked by whoever tells them",
    "core_messagetemplate": "the same for the whole house",
    "core_numberseries": "numbers alone",
    "core_outboxentry": "numbers alone",
    "ledger_account": "the chart of accounts, the same for the whole house",
    "ledger_entrycounter": "numbers alone",
    "ledger_ledgerperiod": "months and checks of the whole house, read by who keeps the books",
    "ledger_postingrule": "the same for the whole house",
    "core_regulatoryparameter": "the same for the whole house",
    "core_storedfile": "sealed; reached through the row that names it",
    "organization_knownplace": "asked before anybody is signed in; a digest of a device",
    "organization_passwordrecord": "asked before anybody is signed in; digests alone",
    "organization_signinpolicy": "asked before anybody is signed in; the same for a role",
    "organization_staffsession": "asked before anybody is signed in; by its key alone",
    "organization_certificate": "sealed numbers; read by who keeps the posts",
    "organization_dutyconflict": "the same for the whole house",
    "organization_personnelorder": "read by who manages staff; no business",
    "organization_post": "the same for the whole house",
    "organization_postholding": "colleagues are known to each other",
    "organization_recertification": "the same for the whole house",
    "organization_recertificationline": "read by who certifies; no business",
    "organization_roleassignment": "colleagues are known to each other",
    "organization_roledefinition": "the same for the whole house",
    "organization_unitchange": "the tree is known to all",
    "organization_unitperiod": "the tree is known to all",
    "core_calendarday": "the same for the whole house",
    "core_calendarnotice": "the same for the whole house",
    "reporting_internalcontrol": "the same for the whole house",
    "reporting_policydocument": "the same for the whole house",
    "reporting_policyversion": "the same for the whole house",
    "reporting_question": "the same for the whole house",
    "reporting_questionnaire": "the same for the whole house",
    "reporting_regulation": "the same for the whole house",
    "reporting_regulationarticle": "the same for the whole house",
    "reporting_regulationcheck": "the same for the whole house",
    "organization_authoritygrant": "who may sign what is known to all who sign",
    "organization_committee": "the same for the whole house",
    "organization_committeemember": "colleagues are known to each other",
    "organization_committeevote": "votes of a committee, read with its resolution",
    "organization_declaredrelation": "sealed; asked wherever somebody must stay out",
    "organization_delegation": "who may sign what is known to all who sign",
    "organization_resolution": "resolutions of the house's committees",
    "organization_resolutionfile": "resolutions of the house's committees",
    "organization_staffidentity": "sealed; asked wherever somebody must stay out",
    "organization_role": "the same for the whole house",
    "organization_staff": "colleagues are known to each other",
    "organization_staff_roles": "colleagues are known to each other",
    "organization_unit": "the tree is known to all",
    "parties_retentionrule": "the same for the whole house",
    "partners_channel": "the same for the whole house",
    "partners_funderlicence": "the same for the whole house",
    "partners_lender": "the same for the whole house",
    "products_duty": "the same for the whole house",
    "products_dutyset": "the same for the whole house",
    "products_libraryclause": "the same for the whole house",
    "products_premiumformula": "the same for the whole house",
    "products_priceassumption": "the same for the whole house",
    "products_product": "the same for the whole house",
    "products_productreview": "the same for the whole house",
    "products_reviewdue": "the same for the whole house",
    "products_productversion": "the same for the whole house",
    "products_tariffrow": "the same for the whole house",
    "postloss_monthend": "months, versions and counts of the whole house",
    "postloss_threshold": "the same for the whole house",
    "postloss_thresholdset": "the same for the whole house",
    "underwriting_inclusiveratio": "sums of the whole house",
    "underwriting_reinsurer": "the same for the whole house",
    "underwriting_treaty": "the same for the whole house",
    "underwriting_treatyshare": "the same for the whole house",
    "underwriting_bookname": "names of places, not what they hold",
    "underwriting_namemapping": "where names lead, not what they hold",
    "underwriting_shareline": "shares of a lender's product, the same for the whole house",
}


def rows_of(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 (a name of our own)
        return cursor.fetchone()[0]


def protected() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid"
            " WHERE c.relrowsecurity AND c.relforcerowsecurity ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]


@pytest.fixture
def book(tmp_path, beijing, shanghai):
    folder = closed_book(tmp_path, beijing=beijing, shanghai=shanghai)
    first, second = RiskWarning.objects.order_by("pk")[:2]
    for warning, unit in ((first, beijing), (second, shanghai)):  # one for each branch to answer
        RiskWarning.objects.filter(pk=warning.pk).update(unit=unit, slice_unit=unit)
    return folder


def eyes(staff) -> dict[str, object]:
    seen = eyes_of(staff=staff)
    return {"scope": seen.scope, "staff_id": seen.staff_id, "kind": seen.kind}


def test_every_table_is_protected_or_says_why_not(db):
    from tests.architecture.test_tables import OURS

    ours = {
        model._meta.db_table
        for config in OURS
        for model in config.get_models(include_auto_created=True)
        if not model._meta.proxy
    }
    walls = set(protected()) & ours
    assert walls
    assert ours - walls == set(OPEN)


def test_the_role_of_the_pages_owns_nothing_and_passes_no_policy_by(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcanlogin FROM pg_roles"
            " WHERE rolname = 'xinbao_app'"
        )
        assert cursor.fetchone() == (False, False, False, False)
        cursor.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner"
            " WHERE r.rolname = 'xinbao_app'"
        )
        assert cursor.fetchone() == (0,)


def test_without_a_person_every_protected_table_is_empty(book):
    held = {table: rows_of(table) for table in protected()}
    with seen_by(scope="", staff_id=None, kind=""):
        assert {table: rows_of(table) for table in held} == dict.fromkeys(held, 0)
    assert held["underwriting_loan"] == 11
    assert held["postloss_snapshot"] > 0
    assert held["postloss_riskwarning"] > 0


def test_the_head_office_sees_every_row(book, manager_lin):
    held = {table: rows_of(table) for table in protected()}
    with seen_by(**eyes(manager_lin)):
        assert {table: rows_of(table) for table in held} == held


def test_two_branches_share_no_loan_figure_or_warning(book, branch_wang, stranger_gu):
    seen = {}
    for who in (branch_wang, stranger_gu):
        with seen_by(**eyes(who)):
            seen[who.username] = (
                set(Loan.objects.values_list("loan_no", flat=True)),
                set(Figure.objects.values_list("pk", flat=True)),
                set(RiskWarning.objects.values_list("pk", flat=True)),
            )
    assert seen["gu"][0] == {f"{CANARY}1", f"{CANARY}2"}
    assert seen["wang"][0] == {f"B{number}" for number in range(1, 9)}
    for mine, theirs in zip(*seen.values(), strict=True):
        assert mine
        assert theirs
        assert mine & theirs == set()


@pytest.mark.parametrize("who", ["system_han", "security_shen", "auditor_he", "regulator_guan"])
def test_administrators_and_the_regulator_see_no_business(book, request, who):
    business = [table for table in protected() if not table.startswith("core_")]
    with seen_by(**eyes(request.getfixturevalue(who))):
        assert {table: rows_of(table) for table in business} == dict.fromkeys(business, 0)


def test_a_branch_can_not_write_into_another(book, branch_wang, shanghai):
    warning = RiskWarning.objects.filter(unit=shanghai).first()
    with seen_by(**eyes(branch_wang)):
        assert RiskWarning.objects.filter(pk=warning.pk).update(may_close=True) == 0


def test_a_page_can_not_change_what_was_recorded(db, manager_lin):
    with (
        seen_by(**eyes(manager_lin)),
        connection.cursor() as cursor,
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        cursor.execute("UPDATE core_auditrecord SET reason = 'forged'")


def test_the_house_looks_past_the_wall_inside_a_service_and_gives_the_eyes_back(
    book, branch_wang, stranger_gu
):
    every = RiskWarning.objects.count()
    with seen_by(**eyes(branch_wang)):
        own = RiskWarning.objects.count()
        assert 0 < own < every
        with past_the_wall():
            assert RiskWarning.objects.count() == every
            with past_the_wall():
                assert RiskWarning.objects.count() == every
            assert RiskWarning.objects.count() == every
        assert RiskWarning.objects.count() == own
        with pytest.raises(ZeroDivisionError), past_the_wall():
            raise ZeroDivisionError
        assert RiskWarning.objects.count() == own
        with pytest.raises(DataError), transaction.atomic(), past_the_wall():
            rows_of("generate_series(1, 1/0)")
        assert RiskWarning.objects.count() == own


def test_outside_of_anybodys_eyes_there_is_no_wall_to_pass(book):
    with past_the_wall():
        assert RiskWarning.objects.exists()
    assert RiskWarning.objects.exists()


@pytest.fixture
def broken_selectors(monkeypatch):
    """Take the first wall down: every scope is the whole house, in whatever module asks for it."""
    from organization.models import Unit

    def everywhere(*, staff):
        return Unit.objects.all()

    def all_places(**_words):
        return None

    for module in list(sys.modules.values()):
        for name, whole in (("units_in_scope", everywhere), ("places_at", all_places)):
            if getattr(module, name, None) in (units_in_scope, places_at):
                monkeypatch.setattr(module, name, whole)


def test_with_the_filters_gone_no_page_shows_a_foreign_row(
    book, client, branch_wang, shanghai, broken_selectors
):
    foreign = RiskWarning.objects.filter(unit=shanghai).first()
    loan = Loan.objects.get(loan_no=f"{CANARY}1")
    client.force_login(branch_wang)
    pages = [
        reverse("postloss:dashboard") + "?unit=SH",
        reverse("postloss:dashboard") + "?unit=HQ",
        reverse("postloss:dashboard_export") + "?unit=SH",
        reverse("postloss:snapshot_loans", args=["2017-07"]),
        reverse("postloss:snapshot_loans", args=["2017-07"]) + "?unit=SH",
        reverse("postloss:snapshot_loans_export", args=["2017-07"]) + "?unit=HQ",
        reverse("postloss:warnings"),
        reverse("postloss:warning", args=[foreign.pk]),
        reverse("postloss:loan", args=[loan.pk]),
        reverse("postloss:ageing"),
        reverse("underwriting:controls"),
    ]
    for page in pages:
        answer = client.get(page)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert CANARY.encode() not in body, page
        assert CANARY_AMOUNT.encode() not in body, page
    assert client.get(reverse("postloss:loan", args=[loan.pk])).status_code == 404
    assert client.get(reverse("postloss:warning", args=[foreign.pk])).status_code == 404


def test_with_the_filters_gone_the_first_wall_is_really_down(
    book, client, manager_lin, broken_selectors
):
    """The mutation bites: with eyes for everything the canary is there."""
    client.force_login(manager_lin)
    page = client.get(reverse("postloss:snapshot_loans", args=["2017-07"]))
    assert CANARY in page.content.decode()
