"""Human numbers: one after another within a series, in the transaction that uses them."""

from django.db import connection, transaction

TAKE = """
INSERT INTO core_numberseries AS s (prefix, last) VALUES (%(prefix)s, %(count)s)
ON CONFLICT (prefix) DO UPDATE SET last = s.last + %(count)s RETURNING last
"""


@transaction.atomic
def take_numbers(*, prefix: str, count: int, digits: int = 7) -> list[str]:
    """Take the next `count` numbers of a series, each the prefix and at least `digits` digits.

    The series is held until the transaction ends; what is rolled back leaves no gap.
    """
    if count < 1:
        return []
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"prefix": prefix, "count": count})
        (last,) = cursor.fetchone()
    return [f"{prefix}{number:0{digits}d}" for number in range(last - count + 1, last + 1)]
