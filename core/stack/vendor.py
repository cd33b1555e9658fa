"""Copy what the pages need from `node_modules/` into `static/vendor/`.

Run as `python -m core.stack.vendor`. The result is not committed.
"""

import re
import shutil
import sys
from pathlib import Path

from core.stack.errors import StackError
from core.stack.places import REPOSITORY

FILES = {
    "tabler/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler/tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "icons/tabler-icons.min.css": "@tabler/icons-webfont/dist/tabler-icons.min.css",
    "icons/fonts/tabler-icons.woff2": "@tabler/icons-webfont/dist/fonts/tabler-icons.woff2",
    "htmx/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "echarts/echarts.min.js": "echarts/dist/echarts.min.js",
    "fonts/NotoSansSC_400Regular.ttf": (
        "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf"
    ),
    "fonts/NotoSansSC_700Bold.ttf": (
        "@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf"
    ),
}
# The manifest of static files refuses a reference to a file that is not there.
_SOURCE_MAP = re.compile(r"(/\*#\s*sourceMappingURL=.*?\*/|//#\s*sourceMappingURL=\S*)\s*$")
_OLD_FONTS = re.compile(r',url\("[^"]*\.(?:woff|ttf)\?[^"]*"\) format\("(?:woff|truetype)"\)')


def copy_files(*, modules: Path, target: Path) -> list[Path]:
    """Copy every file, stripped of references to files left behind; return the copies."""
    copies = []
    for name, source in FILES.items():
        origin, copy = modules / source, target / name
        if not origin.is_file():
            raise StackError(f"{origin} is missing: run `npm ci --ignore-scripts` again.")
        copy.parent.mkdir(parents=True, exist_ok=True)
        if origin.suffix in {".css", ".js"}:
            text = origin.read_text(encoding="utf-8")
            copy.write_text(_OLD_FONTS.sub("", _SOURCE_MAP.sub("", text)), encoding="utf-8")
        else:
            shutil.copyfile(origin, copy)
        copies.append(copy)
    return copies


if __name__ == "__main__":
    try:
        copy_files(modules=REPOSITORY / "node_modules", target=REPOSITORY / "static" / "vendor")
    except StackError as refusal:
        sys.exit(str(refusal))
