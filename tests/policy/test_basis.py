"""How sure a rule is: a word for each certainty, and the least sure of several."""

from perca.policy.basis import Basis, Certainty, weakest


def test_each_certainty_has_its_word_and_the_surest_comes_first() -> None:
    words = [each.word for each in sorted(Certainty)]
    assert words == ["official", "schema", "thirdParty", "inferred", "unconfirmed"]


def test_a_chain_is_as_sure_as_the_least_sure_of_it() -> None:
    official, inferred = Basis(Certainty.OFFICIAL, "a page"), Basis(Certainty.INFERRED, "another")
    assert weakest(official, inferred) == weakest(inferred, official) == inferred
