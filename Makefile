# What a person types. tools/prepare.py knows what is installed already, Sphinx what has changed.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help serve live lab test book pdf epub zip check bench videos clean distclean prepare

help: ## Show this list
	@echo "The course on back mice. Python 3.11 or newer is all it needs."
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

serve: FOR := --live --port "$(PORT)"
serve: book ## Build the book and serve it at http://localhost:8000/ (another port: PORT=9000)
	@$(BIN)/backmice serve --port "$(PORT)"

live: FOR := --live
live: book ## Build the book with labs that run in the reader's browser (make serve has them too)

lab: FOR := --lab
lab: prepare ## Open the labs in JupyterLab
	@$(BIN)/backmice lab

test: FOR := --live --test
test: book ## Run all tests, in a browser too
	@$(BIN)/python -m pytest -n 3 --dist loadscope

book: prepare ## Build the book into _build/html
	@$(BIN)/python tools/build.py

pdf: book ## Make one PDF of the whole course, _build/back-mice.pdf (needs Chrome or Chromium)
	@$(BIN)/backmice pdf

epub: book ## Make one EPUB of the whole course, _build/back-mice.epub
	@$(BIN)/backmice epub

zip: book ## Make one ZIP of the whole course, _build/back-mice.zip, that opens from a folder without a server
	@$(BIN)/backmice zip

check: prepare ## Check claims, items, prose and media; say where and what is wrong
	@$(BIN)/backmice check
	@$(BIN)/backmice lint

bench: FOR := --assign
bench: prepare ## Measure how fast it is, beside a stock Jupyter Book (less of it: BENCH=--quick)
	@$(BIN)/backmice bench $(BENCH)

videos: ## Make the films that are stale (needs requirements-media.txt)
	@nice -n 10 $(BIN)/backmice video make

clean: ## Remove what was built
	@echo "Removing _build and .cache"
	@rm -rf _build .cache

distclean: clean ## Remove what was installed, too
	@echo "Removing .venv, .venv-live and node_modules"
	@rm -rf .venv .venv-live node_modules src/*.egg-info

prepare:
	@$(PYTHON) tools/prepare.py $(FOR)
