"""What a policy protects: resources, Office365, authentication contexts, and baseline scopes (FACTS 3.2, 3.4 and 13.2)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import z3

from independent import words
from independent.sign_in import NO, YES, Bool, Choice, SignIn, Snapshot, both, either, opposite, sure


class Targets:
    """The applications of one tenant, and how it has baseline scopes judged."""

    def __init__(self, sign_in: SignIn, snapshot: Snapshot) -> None:
        self.sign_in = sign_in
        self.own = {
            each["appId"]
            for each in snapshot["servicePrincipals"]
            if each["appOwnerOrganizationId"] == snapshot["tenantId"]
        }
        settings = snapshot["conditionalAccessSettings"]["advancedSettings"]
        self.judged_as = settings["baselineScopes"]["resourceAppId"] if settings else None
        self.day = snapshot["takenAt"][:10]

    def are_meant(self, applications: dict[str, Any]) -> Bool:
        """Whether the policy is about the sign-in's resource, or about the context for which it asks."""
        contexts = applications.get("includeAuthenticationContextClassReferences")
        if contexts:
            return self.sign_in.context.is_one_of(contexts)
        if applications.get("includeUserActions"):
            return NO  # it is a sign-in to a resource
        include = [each for each in applications["includeApplications"] if each != "None"]
        exclude = applications.get("excludeApplications") or []
        at_graph = self.sign_in.app.is_(words.GRAPH)
        return z3.If(
            at_graph, self._at_graph(include, exclude), self._is_protected(self.sign_in.app, include, exclude)
        )

    def _is_protected(self, app: Choice, include: list[str], exclude: list[str]) -> Bool:
        """Whether the policy protects the application, or a service that it can't do without."""
        plain = both(self._named(app, include), opposite(self._named(app, exclude)))
        return either([plain, *(self._through(each, app, include, exclude) for each in words.NEEDED_BY)])

    def _named(self, app: Choice, entries: Iterable[str]) -> Bool:
        """Whether the application is one of those that the entries mean."""
        means = {each: self._means(each, entries) for each in app.values}
        certain = app.is_one_of(each for each, fact in means.items() if fact is YES)
        unsure = {each: fact for each, fact in means.items() if fact is not YES and fact is not NO}
        return either([certain, *(both(app.is_(each), fact) for each, fact in unsure.items())])

    def _means(self, app: str, entries: Iterable[str]) -> Bool:
        """Whether the entries mean the application: by its id, as one of Azure's management, or as one of Office365."""
        azure = words.ARM in entries and app in words.AZURE_MANAGEMENT
        if "All" in entries or app in entries or azure:
            return YES
        return self._is_office(app) if "Office365" in entries else NO

    def _is_office(self, app: str) -> Bool:
        if app in words.OFFICE or app in words.NOT_OFFICE or app in self.own or app == "native":
            return sure(app in words.OFFICE)
        return self.sign_in.fact(f"{app} is in Office365")

    def _through(self, needing: str, app: Choice, include: list[str], exclude: list[str]) -> Bool:
        """Whether it protects a service that this one can't do without; where it leaves out this one itself, who knows."""
        needed = words.NEEDED_BY[needing]
        protected = either(
            both(self._means(each, include), opposite(self._means(each, exclude))) for each in needed
        )
        still = self.sign_in.fact("what an excluded service needs is still asked for")
        return both(app.is_(needing), protected, either([opposite(self._named(app, exclude)), still]))

    def _at_graph(self, include: list[str], exclude: list[str]) -> Bool:
        """Microsoft Graph can't be named. A confidential client's ID token is asked for as the client itself; what else the old rule
        let through is judged, by the new one, as Windows Azure Active Directory or as the application that the tenant chose."""
        sign_in = self.sign_in
        id_token = both(sign_in.is_confidential(), sign_in.scopes.is_("oidc"))
        left_out = both(sign_in.is_confidential(), self._named(sign_in.requester, exclude))
        little, more = (
            sign_in.scopes.is_one_of(("oidc", "baseline")),
            sign_in.scopes.is_one_of(("baseline", "directory")),
        )
        let_through = either([both(opposite(sign_in.is_confidential()), little), both(left_out, more)])
        judged_as = self.judged_as or words.DIRECTORY
        asked_now = both(self._new_rule(), sure(judged_as not in exclude))
        whole = sure("All" in include and not exclude)
        by_scopes = both(sure("All" in include), either([whole, opposite(let_through), asked_now]))
        return z3.If(id_token, self._is_protected(sign_in.requester, include, exclude), by_scopes)

    def _new_rule(self) -> Bool:
        if self.judged_as is not None:
            return sure(self.judged_as != words.MFA_TRUSTED_IPS)  # the zero id turns the change off
        if self.day < "2026-06-15":
            return NO
        return (
            YES if self.day >= "2026-09-01" else self.sign_in.fact("the change of baseline scopes has come")
        )
