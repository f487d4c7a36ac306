"""The evidence page: filtering by certainty, design and words, the address that keeps it, links that it hides."""

from __future__ import annotations

import pytest
from book_reader import EVIDENCE, ROOT
from playwright.sync_api import Locator, Page, expect

from backmice.evidence.ledger import load_ledger


@pytest.fixture(scope="module")
def claims():
    """The published claims, from the ledger itself."""
    return load_ledger(ROOT).published()


@pytest.fixture
def evidence(page: Page, book: str) -> Page:
    page.goto(book + EVIDENCE)
    return page


def shown(page: Page) -> list[str]:
    """Return the ids of the claims that are not filtered away."""
    return page.locator(".claim-row:not([hidden])").evaluate_all("rows => rows.map(row => row.id.slice(6))")


def field(page: Page, name: str) -> Locator:
    return page.get_by_role("search", name="Filter the claims").locator(f"[name={name}]")


def count(page: Page) -> Locator:
    return page.get_by_role("search", name="Filter the claims").get_by_role("status")


def test_all_published_claims_stand_here(evidence: Page, claims):
    assert sorted(shown(evidence)) == sorted(c.id for c in claims)
    expect(count(evidence)).to_have_text(f"{len(claims)} of {len(claims)} claims")


@pytest.mark.parametrize(("level", "option"), [("high", "high"), ("very low", "very low")])
def test_filter_by_certainty(evidence: Page, claims, level: str, option: str):
    fitting = sorted(c.id for c in claims if c.certainty == level)
    field(evidence, "certainty").select_option(label=option)
    assert sorted(shown(evidence)) == fitting != []
    expect(count(evidence)).to_have_text(f"{len(fitting)} of {len(claims)} claims")


def test_filter_by_design(evidence: Page, claims):
    fitting = sorted(c.id for c in claims if c.design == "cadaver")
    field(evidence, "design").select_option("cadaver")
    assert sorted(shown(evidence)) == fitting != []


def test_filter_by_words_in_any_case_and_order(evidence: Page, claims):
    field(evidence, "text").fill("CREST superior")
    rows = evidence.locator(".claim-row:not([hidden])").all_text_contents()
    assert 0 < len(rows) < len(claims)
    assert [row for row in rows if not ("crest" in row.lower() and "superior" in row.lower())] == []
    hidden = evidence.locator(".claim-row[hidden]").all_text_contents()
    assert [row for row in hidden if "crest" in row.lower() and "superior" in row.lower()] == []


def test_filters_narrow_together(evidence: Page, claims):
    field(evidence, "certainty").select_option("low")
    field(evidence, "design").select_option("cadaver")
    assert sorted(shown(evidence)) == sorted(c.id for c in claims if (c.certainty, c.design) == ("low", "cadaver"))


def test_topics_without_a_claim_left_are_hidden(evidence: Page):
    field(evidence, "certainty").select_option("high")
    topics = evidence.locator(".topic")
    empty = topics.evaluate_all("all => all.map(t => !t.querySelector('.claim-row:not([hidden])'))")
    assert topics.evaluate_all("all => all.map(t => t.hidden)") == empty
    assert True in empty and False in empty


def test_nothing_found_says_none(evidence: Page, claims):
    field(evidence, "text").fill("zzzz")
    expect(count(evidence)).to_have_text(f"0 of {len(claims)} claims")
    expect(evidence.locator(".claim-row:visible")).to_have_count(0)


def test_filter_is_kept_in_the_address(evidence: Page, book: str):
    field(evidence, "certainty").select_option("low")
    field(evidence, "text").fill("nerve block")
    expect(evidence).to_have_url(f"{book}{EVIDENCE}?certainty=low&text=nerve+block")
    before = shown(evidence)
    evidence.reload()
    expect(field(evidence, "certainty")).to_have_value("low")
    expect(field(evidence, "text")).to_have_value("nerve block")
    assert shown(evidence) == before
    field(evidence, "certainty").select_option(label="any")
    field(evidence, "text").fill("")
    expect(evidence).to_have_url(f"{book}{EVIDENCE}")


def test_an_address_that_names_no_level_filters_nothing(page: Page, book: str, claims):
    page.goto(f"{book}{EVIDENCE}?certainty=perfect")
    expect(field(page, "certainty")).to_have_value("")
    expect(count(page)).to_have_text(f"{len(claims)} of {len(claims)} claims")


def expect_target(page: Page, claims) -> None:
    expect(page.locator(".claim-row:target h3")).to_be_in_viewport()
    expect(count(page)).to_have_text(f"{len(claims)} of {len(claims)} claims")


def test_link_to_a_claim_that_the_filter_of_its_address_hides_shows_it(page: Page, book: str, claims):
    low = next(c.id for c in reversed(claims) if c.certainty == "low")
    page.goto(f"{book}{EVIDENCE}?certainty=high#claim-{low}")
    expect_target(page, claims)
    expect(page).to_have_url(f"{book}{EVIDENCE}#claim-{low}")


def test_link_within_the_page_to_a_hidden_claim_shows_it(evidence: Page, claims):
    field(evidence, "certainty").select_option("high")
    hidden = next(c.id for c in reversed(claims) if c.certainty == "low")
    evidence.evaluate("id => { location.hash = `claim-${id}` }", hidden)
    expect_target(evidence, claims)


def test_link_to_a_hidden_topic_shows_it_each_time(evidence: Page, claims):
    for _ in range(2):
        field(evidence, "text").fill("zzzz")
        last = evidence.get_by_role("navigation", name="Topics").get_by_role("link").last
        last.click()
        expect(evidence.locator(".topic:target h2")).to_be_in_viewport()
        expect(count(evidence)).to_have_text(f"{len(claims)} of {len(claims)} claims")


def test_whole_list_without_scripts(new_context, book: str, claims):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(book + EVIDENCE)
    expect(page.locator(".claim-row:visible")).to_have_count(len(claims))
    expect(page.get_by_role("search", name="Filter the claims")).to_have_count(0)
