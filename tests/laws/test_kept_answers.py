"""What a rulebook keeps is what `applies` says, whatever was asked before, and however little it may keep."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perca.policy import No, Unknown, applies, rulebook, value_at
from support.random_tenants import Maker, sign_ins

SIGN_INS = list(sign_ins())


@pytest.mark.parametrize("most", [1, 3, 50_000])
@given(st.integers(0, 2**32))
@settings(max_examples=20)
def test_answers_are_applies(most: int, number: int) -> None:
    maker = Maker(number)
    tenant = maker.tenant()
    book = rulebook(tenant)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules["perca.policy.rules"], "MOST_KEPT", most)
        for sign_in in maker.dice.sample(SIGN_INS, 25):
            answers = book.answers(sign_in)
            expected = tuple(applies(rule, book, sign_in) for rule in book.rules)
            assert [type(each) for each in answers] == [type(each) for each in expected]
            for kept, fresh in zip(answers, expected, strict=True):
                assert _sentences(kept) == _sentences(fresh)


def test_no_more_is_kept_than_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    book = rulebook(Maker(1).tenant())
    monkeypatch.setattr(sys.modules["perca.policy.rules"], "MOST_KEPT", 3)
    for sign_in in SIGN_INS[::1000]:
        book.answers(sign_in)
        book.bases(sign_in)
        assert 0 < len(book._kept) <= 3


@given(st.integers(0, 2**32))
@settings(max_examples=20)
def test_a_rule_is_as_sure_as_what_decides_it(number: int) -> None:
    """The surest of what fails; nothing where it isn't known; else the least sure of all, and of what is asked for."""
    maker = Maker(number)
    book = rulebook(maker.tenant())
    for sign_in in maker.dice.sample(SIGN_INS, 25):
        for rule, basis in zip(book.rules, book.bases(sign_in), strict=True):
            said = {each: each.holds(book, value_at(sign_in, each.coordinate)) for each in rule.conditions}
            failing = [each.basis.certainty for each, answer in said.items() if isinstance(answer, No)]
            if failing:
                assert basis is not None
                assert basis.certainty == min(failing)
                assert basis in [each.basis for each, answer in said.items() if isinstance(answer, No)]
            elif any(isinstance(answer, Unknown) for answer in said.values()):
                assert basis is None
            else:
                assert basis is not None
                assert basis.certainty == max(
                    each.certainty for each in (rule.basis, *(c.basis for c in said))
                )


def _sentences(answer: object) -> set[str]:
    return {*getattr(answer, "because", ()), *getattr(answer, "facts", ()), *getattr(answer, "unmet", ())}


def test_a_rulebook_lives_as_long_as_its_tenant() -> None:
    import gc
    import weakref

    tenant = Maker(1).tenant()
    book = rulebook(tenant)
    assert rulebook(tenant) is book
    gone = weakref.ref(tenant)
    del tenant, book
    gc.collect()
    assert gone() is None
