"""What may be seen of personal data, by kind; and the sieve that finds it in any text.

Every page, workbook, document, answer and log line uses these and no others. A mask is applied to
what is shown; the sieve (`scrub`) to texts that ought to hold nothing personal: log lines, file
names, sentences of refusals. Source: safety.md (C2 is masked by default), CRM-39, A19.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_NAME = "[一-鿿]"
_CITY = "[^区县路街道镇乡村号0-9\\W]"  # of a city's name; so that 朝阳区菜市口 is none
_PROVINCE = re.compile(
    r"^(?:(?:北京|上海|天津|重庆)市?|"
    rf"(?:{_NAME}{{2,7}}?(?:省|自治区|特别行政区))?(?:{_CITY}{{2,8}}?(?:市|自治州|地区|盟))?)"
)
_TWO = (  # compound family names, two characters each
    "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台"
    "皇甫宗政濮阳公冶太叔申屠公孙慕容仲孙钟离长孙宇文司徒鲜于司空闾丘"
    "子车亓官司寇巫马公西颛孙壤驷公良漆雕乐正宰父谷梁拓跋夹谷轩辕令狐"
    "段干百里呼延东郭南门羊舌微生梁丘左丘东门西门第五"
)
_COMPOUND = frozenset(_TWO[place : place + 2] for place in range(0, len(_TWO), 2))


def mask_document(text: str) -> str:
    """Mask an identity or card number: first 4 and last 4 kept when longer than 10 characters."""
    return f"{text[:4]}{'*' * (len(text) - 8)}{text[-4:]}" if len(text) > 10 else "*" * len(text)


def mask_name(text: str) -> str:
    """Mask a person's name: the family name is kept, two characters where it is a compound one.

    A foreign name keeps its first letter. Of a name of one compound family name alone (`欧阳`) one
    character is kept.
    """
    text = text.strip()
    kept = 2 if len(text) > 2 and text[:2] in _COMPOUND else 1
    return text[:kept] + "*" * max(len(text) - kept, 1) if text else ""


def mask_party_name(text: str, *, is_enterprise: bool) -> str:
    """Show an enterprise's name, mask any other."""
    return text if is_enterprise else mask_name(text)


def mask_phone(text: str) -> str:
    """Mask a telephone number: first 3 and last 4 digits kept of a mobile, last 4 of another."""
    if len(text) == 11 and text[0] == "1":
        return f"{text[:3]}****{text[-4:]}"
    return "*" * max(len(text) - 4, 0) + text[-4:] if len(text) > 6 else "*" * len(text)


def mask_card(text: str) -> str:
    """Mask a card or account number: the last 4 are kept."""
    return "*" * (len(text) - 4) + text[-4:] if len(text) > 8 else "*" * len(text)


def mask_address(text: str) -> str:
    """Mask an address: province and city are kept, the rest is six stars whatever its length."""
    kept = _PROVINCE.match(text)[0] if text else ""
    return f"{kept}******" if text else ""


def mask_email(text: str) -> str:
    """Mask an e-mail address: the first letter and the host are kept."""
    user, at, host = text.partition("@")
    return f"{user[:1]}***@{host}" if at else "*" * len(text)


MASKS: dict[str, Callable[[str], str]] = {
    "document": mask_document,
    "name": mask_name,
    "phone": mask_phone,
    "card": mask_card,
    "address": mask_address,
    "email": mask_email,
}


def mask(text: str, kind: str) -> str:
    """Mask a text as its kind asks; a kind that is not known shows nothing."""
    return MASKS[kind](text) if kind in MASKS else "*" * len(text)


# The sieve: runs of digits first, then digits set apart by blanks or hyphens.
_WIDE = {ord("０") + n: str(n) for n in range(10)} | {
    ord("Ｘ"): "X",
    ord("ｘ"): "x",
    ord("－"): "-",
}
_RUN = re.compile(r"(?<![0-9])(?:\+?86)?[0-9]{10,}[Xx]?(?![0-9])")
_APART = re.compile(r"(?<![0-9])(?:\+?86[ -]?)?[0-9](?:[ -]?[0-9]){9,18}(?:[ -]?[Xx])?(?![0-9])")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_BIRTH = re.compile(r"(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_HUSHED = (
    r"[a-z_-]*(?:password|passwd|secret(?:[_-]?key)?|token|cookie|sessionid|authorization|api[_-]?key"
    r"|private[_-]?key|field[_-]?keys?|blind_index_key|otp|recovery_codes?)"
)
_SECRET = re.compile(
    rf"(?i)([\"']?\b{_HUSHED}\b[\"']?\s*[:=]\s*)"
    r"(?:Bearer |Basic )?(\"[^\"]*\"|'[^']*'|[^\s,;&}\"']+)"
)
_SECRET_KEY = re.compile(rf"(?i){_HUSHED}")
# What PostgreSQL repeats of rows and statements when it refuses one.
_REPEATED = re.compile(r"(?m)^((?:DETAIL|CONTEXT|STATEMENT|QUERY|LINE \d+): ).*(?:\n *\^)?")
_REFUSED = re.compile(r"(?m)^(?:psycopg2\.|django\.db\.utils\.)\S*: .*$")
_QUOTED = re.compile(r'((?:relation|column|constraint|function|type) "[^"\n]*")|"[^"\n]*"')
_URL_PASSWORD = re.compile(r"(?<=://)([^/\s:@]*):([^@\s/]+)@")
HIDDEN = "[…]"
# A digest is no number of a person, whatever digits meet in it: it is proof and is shown whole.
_DIGEST = re.compile(
    r"(?<![0-9A-Za-z])((?=[0-9]*[a-f])(?:[0-9a-f]{64}|[0-9a-f]{128}))(?![0-9A-Za-z])"
)


def scrub(text: str) -> str:
    """Mask what looks like an identity, telephone or card number or an e-mail address.

    An identity number has a right check digit or a plausible day of birth, a telephone number is
    that of a mobile, a card number passes Luhn's test and begins as bank cards do. A digest of 64
    or 128 hex digits stays whole.
    """
    if len(text) < 64:
        return _scrub(text)
    parts = _DIGEST.split(text)  # every second one is a digest
    return "".join(part if place % 2 else _scrub(part) for place, part in enumerate(parts))


def _scrub(text: str) -> str:
    folded = text.translate(_WIDE) if not text.isascii() else text
    masked = _APART.sub(_masked_number, _RUN.sub(_masked_number, folded))
    found = masked if masked != folded else text
    return _EMAIL.sub(lambda match: mask_email(match[0]), found) if "@" in found else found


def holds_personal(text: str) -> bool:
    """Tell whether the sieve finds anything in the text."""
    return scrub(text) != text


def scrub_line(text: str) -> str:
    """Scrub a line for a log: personal data, secrets, and rows that the database repeats."""
    if "psycopg2" in text or "DETAIL:" in text:
        text = _REPEATED.sub(rf"\1{HIDDEN}", text)
        text = _REFUSED.sub(_without_values, text)
    return scrub(_SECRET.sub(rf"\1{HIDDEN}", _URL_PASSWORD.sub(r"\1:***@", text)))


def _without_values(refused: re.Match[str]) -> str:
    return _QUOTED.sub(lambda match: match[1] or HIDDEN, refused[0])


def is_secret_name(name: str) -> bool:
    """Tell whether a value of this name is a secret by its name."""
    return bool(_SECRET_KEY.fullmatch(name))


def _masked_number(match: re.Match[str]) -> str:
    text = match[0]
    bare = re.sub(r"[ +-]", "", text).upper()
    if _holds_identity(bare):
        return mask_document(bare)
    bare, tail = bare.rstrip("X"), text[len(text.rstrip("Xx")) :]
    masked = _masked_digits(bare)
    return text if masked is None else masked + tail


def _masked_digits(bare: str) -> str | None:
    short = bare[2:] if bare.startswith("86") and len(bare) == 13 else bare
    if len(short) == 11 and short[0] == "1" and short[1] in "3456789":
        return mask_phone(short)
    return mask_card(bare) if _is_card(bare) else None


def _holds_identity(bare: str) -> bool:
    """An identity number alone, or with a day of birth and check digit inside a longer number."""
    if len(bare) == 18:
        return _has_check_digit(bare) or bool(_BIRTH.fullmatch(bare[6:14]))
    windows = (bare[place : place + 18] for place in range(len(bare) - 17))
    return any(_BIRTH.fullmatch(each[6:14]) and _has_check_digit(each) for each in windows)


def _has_check_digit(bare: str) -> bool:
    if not bare[:17].isdigit():
        return False
    total = sum(int(digit) * weight for digit, weight in zip(bare, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == bare[17]


def _is_card(bare: str) -> bool:
    if not 15 <= len(bare) <= 19 or bare[0] not in "34569":
        return False
    digits = [int(char) for char in reversed(bare)]
    total = sum(digits[::2]) + sum(sum(divmod(2 * each, 10)) for each in digits[1::2])
    return total % 10 == 0
