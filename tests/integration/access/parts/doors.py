"""Sessions, second factors, limits of signing in, and keys."""

from __future__ import annotations

import io

from allauth.mfa.models import Authenticator

from core import clock
from core.downloads import link_for
from core.enums import FieldCipher
from core.files import store
from core.models import FieldKey, KeyRotation
from organization.models import Role, Staff, Unit
from organization.services import appoint_staff
from organization.services.sign_in_policies import propose_sign_in_policy
from tests.conftest import StaffClient
from tests.integration.access.world import HOUSE, OTHER, OUTSIDER, OWN, World


def _sessions(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    rows = {}
    for relation, person in ((OWN, "branch_manager"), (OTHER, OUTSIDER)):
        browser = StaffClient()
        browser.force_login(people[person])
        session = browser.session
        session.load()
        rows[relation] = session.row.pk
    for name in ("session_ending", "live_session_ending"):
        world.place(f"desk:{name}", **rows)
    world.payloads["desk:sign_in_reset"] = {"username": "clerk-bj", "reason": "x"}
    world.payloads["desk:password"] = {"old": "x", "new": "y", "again": "y"}


def _factors(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    factor = Authenticator.objects.create(
        user=people["clerk"], type=Authenticator.Type.WEBAUTHN, data={"name": "x", "credential": {}}
    )
    world.place("mfa_remove_webauthn", **{OTHER: factor.pk})


def _limits(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    words = {"role": Role.objects.get(code="auditor"), "devices": ["pc"], "reason": "x"}
    policy = propose_sign_in_policy(
        **words,
        opens_at=None,
        closes_at=None,
        networks=[],
        valid_from=clock.today(),
        by=_second(people, "security_administrator"),
        at=clock.now(),
    )
    world.place("desk:policy_approval", **{HOUSE: policy.pk})
    world.payloads["desk:policy_proposal"] = words | {
        "role": Role.objects.get(code="underwriter").pk,
        "valid_from": clock.today().isoformat(),
    }


def _keys(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    by = _second(people, "security_administrator")
    key = FieldKey.objects.create(
        key_id="k9", cipher=FieldCipher.values[0], check_value="x", made_at=clock.now(), made_by=by
    )
    rotation = KeyRotation.objects.create(
        key=key, reason="x", proposed_by=by, proposed_at=clock.now()
    )
    for name in ("rotation_approval", "rotation_rejection"):
        world.place(f"desk:{name}", **{HOUSE: rotation.pk})
    world.payloads["desk:rotation_rejection"] = {"reason": "x"}
    world.payloads["desk:keys"] = {"key_id": "k9", "cipher": key.cipher, "reason": "x"}


def _links(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    """A link is its person's, whoever else may see the file."""
    links = {}
    for relation, who in ((OWN, people["branch_manager"]), (OTHER, people[OUTSIDER])):
        stored = store(stream=io.BytesIO(b"x"), name="x.txt", by=who, at=clock.now())
        links[relation] = link_for(stored, person=who).split("/")[-2]
    world.place("desk:signed_file", **links)


def _second(people: dict[str, Staff], role: str) -> Staff:
    """Return a second person of a role: whoever proposes does not decide."""
    name = f"second-{role}"
    if name not in people:
        people[name] = appoint_staff(
            username=name,
            name=name,
            unit=people[role].unit,
            roles=[role],
            password="access-2026-long!",
        )
    return people[name]


PARTS = (_sessions, _factors, _limits, _keys, _links)
