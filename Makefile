# Few words: demo test setup run seed check fix docs faults bench.
# PORT= another port; XINBAO_HOME= another home; ARGS= more words for pytest.
PY := .venv/bin/python
TEST_HOME := export XINBAO_HOME="$${XINBAO_HOME:-$(CURDIR)/var/test}" XINBAO_PG_UNSAFE=1

.DEFAULT_GOAL := demo
.PHONY: setup demo test check fix run seed docs faults bench
.NOTPARALLEL:

setup:
	@sh core/stack/setup.sh

demo: setup  ## SERVE=0 stops everything after the job
	@if [ "$(SERVE)" = 0 ]; then \
		trap : INT TERM; code=0; $(PY) manage.py seed_demo || code=$$?; \
		$(PY) manage.py stack down >&2; exit $$code; \
	fi; \
	$(PY) manage.py seed_demo && exec $(PY) manage.py serve --stop-stack

run: setup
	@exec $(PY) manage.py serve

seed: setup
	@$(PY) manage.py seed_demo

test: setup
	@sh core/stack/setup.sh browser
	@$(TEST_HOME); trap : INT TERM; \
	$(PY) manage.py stack up >&2 || exit 1; \
	code=0; $(PY) -m pytest -n 2 --dist loadgroup $(ARGS) || code=$$?; \
	$(PY) manage.py stack down >/dev/null; exit $$code

faults: setup
	@$(TEST_HOME); trap : INT TERM; \
	code=0; $(PY) -m pytest -m faults $(ARGS) || code=$$?; \
	$(PY) manage.py stack down >/dev/null; exit $$code

check: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports
	@if grep -q '^\[tool\.mypy\]' pyproject.toml; then echo .venv/bin/mypy .; .venv/bin/mypy .; fi
	@$(TEST_HOME); trap : INT TERM; code=0; \
	{ $(PY) manage.py check && $(PY) manage.py makemigrations --check --dry-run; } || code=$$?; \
	$(PY) manage.py stack down >/dev/null; exit $$code

fix: setup
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

docs: setup
	@$(PY) manage.py write_docs

bench: setup
	@for each in import month_end; do $(PY) manage.py bench $$each || exit 1; done
