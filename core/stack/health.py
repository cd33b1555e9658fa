"""Ask the health page as a proxy would; `python -m core.stack.health` ends 0 when it is well."""

import http.client
import os
import sys

HOST = "127.0.0.1"
PATH = "/healthz"


def is_healthy(*, port: int) -> bool:
    """Return whether the web server on this machine answers 200."""
    name = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip() or HOST
    headers = {"Host": name.lstrip("."), "X-Forwarded-Proto": "https"}
    line = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        line.request("GET", PATH, headers=headers)
        return line.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


if __name__ == "__main__":
    sys.exit(not is_healthy(port=int(sys.argv[1] if len(sys.argv) > 1 else 8000)))
