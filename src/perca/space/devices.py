"""The device records of a question: realisable ones, so many that no device filter can tell any other from all of them.

Records are put together property by property, and of the filters only what is left to decide is kept: records that leave the same are
one. LAW: for every record there is one of these with the same answer from each filter. What excludes each other never meets: a device has
one trust type, only a registered one is compliant, and extension attributes show on some devices only (`policy.devices`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from perca.errors import NotAssessed
from perca.model import (
    UNREGISTERED,
    Comparison,
    Device,
    DeviceProperty,
    Expression,
    FilterOperator,
    PolicyState,
    Tenant,
    Value,
)
from perca.policy.devices import EXTENSIONS, SHOWN_TO, shows_extensions
from perca.policy.filters import POSITIVE, folded
from perca.space.formulas import TRUE, Formulas, Node
from perca.space.texts import Look, Pieces, mark_for

NO_DEVICE = Device(compliant=False, trust_type=UNREGISTERED, whole=True)
"""A device without a record."""
MOST = 4096
"""More records than this, finished or begun, and the question is given up."""

_O, _P = FilterOperator, DeviceProperty
_COMPLIANCE = {"False": False, "True": True, None: None}
"""The last is a device of which nobody ever said it."""
_TRUST = ("AzureAD", "ServerAD", "Workplace")
_SELDOM_NULL = (_P.DEVICE_ID, _P.DISPLAY_NAME, _P.OPERATING_SYSTEM, _P.OPERATING_SYSTEM_VERSION)
"""Of records that no filter tells apart, one that holds something here is shown."""
_ANY_OTHER = {_P.DEVICE_ID: "0a0a0a0a-0000-4000-8000-00000000a223"}


class TooManyDevices(NotAssessed):
    """The device filters tell more kinds of devices apart than we go through."""


def records(tenants: Iterable[Tenant]) -> tuple[Device, ...]:
    """The device records that the tenants' filters can tell apart, an unregistered device first; raises TooManyDevices."""
    rules = filters(tenants)
    return _Maker(rules).records() if rules else (NO_DEVICE,)


def filters(tenants: Iterable[Tenant]) -> tuple[Expression, ...]:
    """The rules of all device filters that may be enforced, each once; all that the records hang on."""
    return tuple(dict.fromkeys(rule for tenant in tenants for rule in _rules(tenant)))


def _rules(tenant: Tenant) -> Iterator[Expression]:
    """The rules of the device filters of all policies that may be enforced."""
    for policy in tenant.policies:
        off = policy.state in (PolicyState.DISABLED, PolicyState.REPORT_ONLY)
        if policy.device is not None and not (off and policy.settled):
            yield policy.device.expression


@dataclass(frozen=True, slots=True)
class _Record:
    """A record that is being put together. `left` is what the filters still have to decide, `shows` whether its extension attributes do."""

    left: tuple[Node, ...]
    shows: bool
    pieces: Pieces = Pieces()
    """Of the property at hand."""
    held: tuple[tuple[DeviceProperty, Value], ...] = ()

    def plus(self, look: Look) -> _Record:
        """With the text among the pieces."""
        return replace(self, pieces=replace(self.pieces, within=(*self.pieces.within, look.written)))

    def device(self) -> Device:
        """The finished record."""
        held = dict(self.held)
        compliant, trust = held.pop(_P.IS_COMPLIANT), held.pop(_P.TRUST_TYPE)
        assert isinstance(trust, str)
        assert compliant is None or isinstance(compliant, str)
        known = frozenset((name, value) for name, value in held.items() if value is not None)
        return Device(_COMPLIANCE[compliant], trust, known, whole=True)


class _Maker:
    """Makes the records of some rules."""

    def __init__(self, rules: Iterable[Expression]) -> None:
        self._formulas = Formulas()
        self._looks: dict[DeviceProperty, dict[Look, Node]] = {}
        """How the rules look at each property, each look a thing that is true or false of a record."""
        self._start = tuple(
            folded(rule, self._look, self._formulas.denied, self._formulas.together) for rule in rules
        )
        self._begun = _Record(self._start, shows=EXTENSIONS.isdisjoint(self._looks))
        """Where no filter looks at an extension attribute, it makes no difference whether they show."""

    def _look(self, comparison: Comparison) -> Node:
        """The formula of a comparison: one of the looks is true, or none is."""
        name = DeviceProperty(comparison.attribute)
        operator = POSITIVE.get(comparison.operator, comparison.operator)
        looks = self._looks.setdefault(name, {})
        nodes = []
        for value in comparison.values:
            look = Look(_O.EQ if operator is _O.IN else operator, value.casefold(), value)
            nodes.append(looks.setdefault(look, self._formulas.thing((name, look))))
        none = self._formulas.together([self._formulas.denied(node) for node in nodes])
        return self._formulas.denied(none) if operator is comparison.operator else none

    def records(self) -> tuple[Device, ...]:
        """One device for each set of answers."""
        nothing = {node: False for looks in self._looks.values() for node in looks.values()}
        found = {self._formulas.put(self._start, nothing, {}): NO_DEVICE}
        begun = [self._begun]
        for name in (*SHOWN_TO, *(each for each in DeviceProperty if each not in SHOWN_TO)):
            if name in EXTENSIONS:
                hidden = self._one_of(name, [each for each in begun if not each.shows], [None])
                begun = [*hidden, *self._property(name, [each for each in begun if each.shows])]
            else:
                begun = self._property(name, begun)
        for each in begun:
            assert max(each.left) <= TRUE, "a filter looks at something that no record says"
            found.setdefault(each.left, each.device())
        return tuple(found.values())

    def _property(self, name: DeviceProperty, begun: Sequence[_Record]) -> list[_Record]:
        """The records with each value of the property that makes a difference, one after the other."""
        if name is _P.IS_COMPLIANT:
            return self._one_of(name, begun, [*_COMPLIANCE])
        if name is _P.TRUST_TYPE:
            return self._one_of(name, begun, _TRUST)
        if name.is_collection:
            return self._collection(name, begun)
        whole = [look.written for look in self._looks.get(name, ()) if look.operator is _O.EQ]
        shown = SHOWN_TO.get(name, ())
        if not self._looks.get(name):
            return self._one_of(name, begun, [None, *shown])
        others = self._other_text(name, begun)
        if name in _SELDOM_NULL:
            return self._merged([*others, *self._one_of(name, begun, [*whole, None])])
        return self._merged([*self._one_of(name, begun, [None, *whole, *shown]), *others])

    def _one_of(
        self, name: DeviceProperty, begun: Sequence[_Record], values: Sequence[Value]
    ) -> list[_Record]:
        """With each of the values; of those that make no difference, with the first."""
        looks = self._looks.get(name, {})
        return self._merged(
            replace(_holding(each, name, value), shows=each.shows or shows_extensions(name, value))
            for value in values
            for each in self._put(begun, {node: look.sees(value) for look, node in looks.items()})
        )

    def _other_text(self, name: DeviceProperty, begun: Sequence[_Record]) -> list[_Record]:
        """With each text that isn't asked for as a whole, so far as the looks tell such texts apart."""
        looks = self._looks.get(name, {})
        of = {operator: [look for look in looks if look.operator is operator] for operator in FilterOperator}
        within = sorted(of[_O.CONTAINS], key=lambda look: -len(look.text))
        begun = self._merged(self._put(begun, {looks[look]: False for look in of[_O.EQ]}), within)
        begun = self._merged(
            (
                replace(each, pieces=Pieces(start=text))
                for text in ("", *(look.written for look in of[_O.STARTS_WITH]))
                for each in self._put(begun, {looks[it]: it.sees(text) for it in of[_O.STARTS_WITH]})
            ),
            within,
        )
        begun = self._merged(
            (
                replace(each, pieces=replace(each.pieces, end=text))
                for text in ("", *(look.written for look in of[_O.ENDS_WITH]))
                for each in self._put(begun, {looks[it]: it.sees(text) for it in of[_O.ENDS_WITH]})
            ),
            within,
        )
        for position, look in enumerate(within):
            begun = self._merged(self._with_or_without(begun, look, looks[look]), within[position + 1 :])
        mark, other = mark_for(looks), _ANY_OTHER.get(name, "other")
        return [_holding(each, name, each.pieces.joined(looks, mark, other)) for each in begun]

    def _with_or_without(self, begun: Sequence[_Record], look: Look, node: Node) -> Iterator[_Record]:
        """With the text among the pieces, and without it where it isn't within them anyway."""
        others = [each for each in begun if not each.pieces.hold(look.text)]
        anyway = [each for each in begun if each.pieces.hold(look.text)]
        yield from self._put(others, {node: False})
        yield from self._put(anyway, {node: True})
        yield from (each.plus(look) for each in self._put(others, {node: True}))

    def _collection(self, name: DeviceProperty, begun: Sequence[_Record]) -> list[_Record]:
        """With each set of the texts that are asked for."""
        for look, node in self._looks.get(name, {}).items():
            without = self._put(begun, {node: False})
            begun = self._merged(chain(without, (each.plus(look) for each in self._put(begun, {node: True}))))
        return [_holding(each, name, frozenset(each.pieces.within) or None) for each in begun]

    def _put(self, begun: Iterable[_Record], truth: Mapping[Node, bool]) -> Iterator[_Record]:
        """The records with what is left of the filters once this is known."""
        memo: dict[Node, Node] = {}
        for each in begun:
            yield replace(each, left=self._formulas.put(each.left, truth, memo))

    def _merged(self, begun: Iterable[_Record], ahead: Sequence[Look] = ()) -> list[_Record]:
        """One of those that go on in the same way; `ahead` are the looks at this property that are still to come."""
        found: dict[object, _Record] = {}
        for each in begun:
            anyway = tuple(look for look in ahead if each.pieces.hold(look.text))
            found.setdefault((each.left, each.shows, anyway), each)
            if len(found) > MOST:
                raise TooManyDevices(
                    f"the device filters tell more than {MOST} kinds of devices apart",
                    "use fewer device filters, or fewer values in them",
                )
        return list(found.values())


def _holding(record: _Record, name: DeviceProperty, value: Value) -> _Record:
    return replace(record, pieces=Pieces(), held=(*record.held, (name, value)))
