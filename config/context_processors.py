"""What every page shows around its content."""

from django.http import HttpRequest

from core import menu


def shell(request: HttpRequest) -> dict[str, object]:
    """Give the menu entries that this person may open."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"menu": []}
    return {"menu": menu.entries_for(user, request.path)}
