# The two jobs of a newcomer are `make site` and `make test`.
PYTHON ?= python3
VENV   := .venv
PINS   := .ci/constraints.txt
PEERS  := .ci/peers.txt
AUDITORS := .ci/auditors.txt
# The language server that VS Code's YAML extension runs; tests talk to it.
EDITOR := yaml-language-server@2.0.0
# The repository's own site; name others on the command line: make site CONTENT=… SITE=…
CONTENT ?= content
WORK    ?= build
SITE    ?= site
FOLDERS := --content $(CONTENT) --work $(WORK) --site $(SITE)

.PHONY: site check serve test audit pictures bench bench-search

site: $(VENV)/.program
	$(VENV)/bin/gongbao build $(FOLDERS)
	@echo "Look at it: make serve, then open http://127.0.0.1:8000/ (or put $(SITE)/ on any web server)"

check: $(VENV)/.program
	$(VENV)/bin/gongbao check $(FOLDERS)

serve: $(VENV)/.program
	$(VENV)/bin/gongbao serve $(FOLDERS)

test: $(VENV)/.tests
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/pytest --numprocesses auto --dist worksteal

# What others' programs say of the site; options: make audit AUDIT="--only nu"
audit: $(VENV)/audit/.auditors
	$(VENV)/bin/python tests/audit/run_audit.py $(AUDIT)

# The README's pictures, taken anew of the site of content/.
pictures: $(VENV)/.tests
	$(VENV)/bin/python tests/audit/take_pictures.py

# Options for the benchmarks: make bench BENCH="--entries 1000 --runs 3"
bench: $(VENV)/bench/.peers
	$(VENV)/bin/python tests/benchmarks/build.py $(BENCH)

# and: make bench-search BENCH="--documents 10000"
bench-search: $(VENV)/.tests
	npm install --silent --no-save --no-package-lock --prefix $(VENV) $(EDITOR) pagefind@1.6.0
	$(VENV)/bin/python tests/benchmarks/search.py $(BENCH)

# What gongbao is compared with is installed into an environment of its own: the project does not
# depend on it.
$(VENV)/bench/.peers: $(VENV)/.program $(PEERS)
	$(PYTHON) -m venv $(VENV)/bench
	$(VENV)/bench/bin/python -m pip install --quiet --requirement $(PEERS)
	npm install --silent --no-save --no-package-lock --prefix $(VENV)/bench pagefind@1.6.0
	@touch $@

# Auditors have an environment of their own too.
$(VENV)/audit/.auditors: $(VENV)/.tests $(AUDITORS)
	.ci/machine audit
	$(PYTHON) -m venv $(VENV)/audit
	$(VENV)/audit/bin/python -m pip install --quiet --requirement $(AUDITORS)
	npm install --silent --no-save --no-package-lock --prefix $(VENV)/audit lighthouse@12.8.2 vnu-jar@26.9.27
	@touch $@

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.program: $(VENV)/bin/python pyproject.toml $(PINS)
	$(VENV)/bin/python -m pip install --quiet --constraint $(PINS) --editable .
	@touch $@

$(VENV)/.tests: $(VENV)/.program
	$(VENV)/bin/python -m pip install --quiet --constraint $(PINS) --editable '.[test]'
	.ci/machine
	npm install --silent --no-save --no-package-lock --prefix $(VENV) $(EDITOR)
	@touch $@
