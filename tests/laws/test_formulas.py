"""Formulas that say the same in the same words are one number, so that what is left of two can be compared."""

from perca.space.formulas import FALSE, TRUE, Formulas


def test_what_is_denied_twice_is_said() -> None:
    made = Formulas()
    both = made.together([made.thing("a"), made.thing("b")])
    for node in (FALSE, TRUE, made.thing("a"), both):
        assert made.denied(made.denied(node)) == node


def test_neither_order_nor_brackets_nor_repetition_make_another_conjunction() -> None:
    made = Formulas()
    a, b, c = map(made.thing, "abc")
    inner = made.together([c, b])
    assert made.together([a, b, c]) == made.together([inner, a, TRUE, b])
    assert made.together([a, made.denied(inner)]) != made.together([a, inner])


def test_a_thing_and_its_denial_are_never_together() -> None:
    made = Formulas()
    a, b = map(made.thing, "ab")
    assert made.together([a, b, made.denied(a)]) == FALSE
    assert made.together([a, FALSE]) == FALSE
    assert made.together([]) == TRUE


def test_what_is_known_is_put_in_and_the_rest_is_left() -> None:
    made = Formulas()
    a, b = map(made.thing, "ab")
    neither = made.together([made.denied(a), made.denied(b)])
    assert made.put([neither, made.denied(neither)], {a: False}, {}) == (made.denied(b), b)
    assert made.put([neither, made.denied(neither)], {a: True}, {}) == (FALSE, TRUE)
