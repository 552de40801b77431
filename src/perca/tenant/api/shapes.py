"""The properties of each type of resource that the embedded tenant serves: what `$select` may name and `$filter` may ask.

Source: the v1.0 and beta schema of Microsoft Graph. `perUserMfaState` is nowhere here, because Graph has it nowhere: it is
neither selectable nor filterable on people (FACTS.md 1.2).
"""

from __future__ import annotations

from sqlalchemy import func

from perca.tenant.api.odata import Shape
from perca.tenant.filter import Kind, Property
from perca.tenant.schema import documents, sign_ins, texts

USER_DEFAULT = tuple(
    """businessPhones displayName givenName jobTitle mail mobilePhone officeLocation preferredLanguage surname
    userPrincipalName id""".split()
)
USER = Shape(
    "microsoft.graph.user",
    frozenset(
        """accountEnabled ageGroup assignedLicenses assignedPlans authorizationInfo businessPhones city companyName
        consentProvidedForMinor country createdDateTime creationType deletedDateTime department displayName employeeHireDate
        employeeId employeeLeaveDateTime employeeOrgData employeeType externalUserState externalUserStateChangeDateTime
        faxNumber givenName id identities imAddresses isManagementRestricted isResourceAccount jobTitle
        lastPasswordChangeDateTime legalAgeGroupClassification licenseAssignmentStates mail mailNickname mobilePhone
        officeLocation onPremisesDistinguishedName onPremisesDomainName onPremisesExtensionAttributes
        onPremisesImmutableId onPremisesLastSyncDateTime onPremisesProvisioningErrors onPremisesSamAccountName
        onPremisesSecurityIdentifier onPremisesSyncEnabled onPremisesUserPrincipalName otherMails passwordPolicies
        passwordProfile postalCode preferredDataLocation preferredLanguage provisionedPlans proxyAddresses
        securityIdentifier serviceProvisioningErrors showInAddressList signInSessionsValidFromDateTime state
        streetAddress surname usageLocation userPrincipalName userType""".split()
    ),
    USER_DEFAULT,
)
ACTIVITY = "signInActivity"
READ_USER = Shape(USER.name, USER.properties | {ACTIVITY}, USER_DEFAULT)
"""What can be read of people: one property more than can be written."""
GROUP = Shape(
    "microsoft.graph.group",
    frozenset(
        """assignedLabels assignedLicenses classification createdDateTime creationOptions deletedDateTime description
        displayName expirationDateTime groupTypes id isAssignableToRole isManagementRestricted
        licenseProcessingState mail mailEnabled mailNickname membershipRule membershipRuleProcessingState
        onPremisesDomainName onPremisesLastSyncDateTime onPremisesNetBiosName onPremisesProvisioningErrors
        onPremisesSamAccountName onPremisesSecurityIdentifier onPremisesSyncEnabled preferredDataLocation
        preferredLanguage proxyAddresses renewedDateTime resourceBehaviorOptions resourceProvisioningOptions
        securityEnabled securityIdentifier serviceProvisioningErrors theme uniqueName visibility""".split()
    ),
)
MEMBER = Shape("microsoft.graph.directoryObject", USER.properties | GROUP.properties)
OWNER = Shape(MEMBER.name, MEMBER.properties | {"appId", "servicePrincipalType"})
ROLE_ASSIGNMENT = Shape(
    "microsoft.graph.unifiedRoleAssignment",
    frozenset({"id", "principalId", "roleDefinitionId", "directoryScopeId", "appScopeId", "condition"}),
)
ROLE_ELIGIBILITY = Shape(
    "microsoft.graph.unifiedRoleEligibilitySchedule",
    frozenset(
        {
            "id",
            "principalId",
            "roleDefinitionId",
            "directoryScopeId",
            "appScopeId",
            "status",
            "memberType",
            "scheduleInfo",
        }
    ),
)
ROLE_DEFINITION = Shape(
    "microsoft.graph.unifiedRoleDefinition",
    frozenset(
        {
            "id",
            "description",
            "displayName",
            "isBuiltIn",
            "isEnabled",
            "resourceScopes",
            "templateId",
            "version",
        }
    ),
)
SERVICE_PRINCIPAL = Shape(
    "microsoft.graph.servicePrincipal",
    frozenset(
        """accountEnabled appDisplayName appId appOwnerOrganizationId createdDateTime displayName id
        servicePrincipalNames servicePrincipalType signInAudience tags""".split()
    ),
)
REGISTRATION = Shape(
    "microsoft.graph.userRegistrationDetails",
    frozenset(
        """id isAdmin isMfaCapable isMfaRegistered isPasswordlessCapable isSsprCapable isSsprEnabled isSsprRegistered
        isSystemPreferredAuthenticationMethodEnabled lastUpdatedDateTime methodsRegistered
        systemPreferredAuthenticationMethods userDisplayName userPreferredMethodForSecondaryAuthentication
        userPrincipalName userType""".split()
    ),
)
POLICY = Shape(
    "microsoft.graph.conditionalAccessPolicy",
    frozenset(
        """conditions createdDateTime deletedDateTime description displayName grantControls id modifiedDateTime
        partialEnablementStrategy sessionControls state templateId""".split()
    ),
)
LOCATION = Shape(
    "microsoft.graph.namedLocation",
    frozenset(
        """compliantNetworkType countriesAndRegions countryLookupMethod createdDateTime deletedDateTime displayName id
        includeUnknownCountriesAndRegions ipRanges isTrusted modifiedDateTime""".split()
    ),
)
STRENGTH = Shape(
    "microsoft.graph.authenticationStrengthPolicy",
    frozenset(
        """allowedCombinations combinationConfigurations createdDateTime description displayName id modifiedDateTime
        policyType requirementsSatisfied""".split()
    ),
)
SKU = Shape(
    "microsoft.graph.subscribedSku",
    frozenset(
        """accountId accountName appliesTo capabilityStatus consumedUnits id prepaidUnits servicePlans skuId skuPartNumber
        subscriptionIds""".split()
    ),
)
DOMAIN = Shape(
    "microsoft.graph.domain",
    frozenset(
        """authenticationType availabilityStatus id isAdminManaged isDefault isInitial isRoot isVerified model
        passwordNotificationWindowInDays passwordValidityPeriodInDays state supportedServices""".split()
    ),
)
FEDERATION = Shape("microsoft.graph.internalDomainFederation", frozenset({"id", "federatedIdpMfaBehavior"}))
ORGANIZATION = Shape(
    "microsoft.graph.organization",
    frozenset(
        {"id", "displayName", "tenantType", "countryLetterCode", "onPremisesSyncEnabled", "verifiedDomains"}
    ),
)

PARTNER = Shape(
    "microsoft.graph.crossTenantAccessPolicyConfigurationPartner",
    frozenset(
        """automaticUserConsentSettings b2bCollaborationInbound b2bCollaborationOutbound b2bDirectConnectInbound
        b2bDirectConnectOutbound inboundTrust isInMultiTenantOrganization isServiceProvider tenantId
        tenantRestrictions""".split()
    ),
)

BETA_ONLY_SIGN_IN = frozenset(
    """authenticationDetails authenticationProtocol authenticationRequirement authenticationRequirementPolicies
    crossTenantAccessType homeTenantId incomingTokenType networkLocationDetails resourceTenantId
    sessionLifetimePolicies signInEventTypes userType""".split()
)
SIGN_IN = Shape(
    "microsoft.graph.signIn",
    BETA_ONLY_SIGN_IN
    | frozenset(
        """appDisplayName appId appliedConditionalAccessPolicies clientAppUsed conditionalAccessStatus correlationId
        createdDateTime deviceDetail id ipAddress isInteractive location resourceDisplayName resourceId riskDetail
        riskEventTypes riskEventTypes_v2 riskLevelAggregated riskLevelDuringSignIn riskState status userAgent
        userDisplayName userId userPrincipalName""".split()
    ),
)


def _in_document(path: str, kind: Kind) -> Property:
    return Property(kind, func.json_extract(documents.c.body, "$." + path.replace("/", ".")))


def _texts(names: str) -> dict[str, Property]:
    return {name: _in_document(name, Kind.TEXT) for name in names.split()}


def _flags(names: str) -> dict[str, Property]:
    return {name: _in_document(name, Kind.FLAG) for name in names.split()}


_ID = {"id": Property(Kind.FOLDED, documents.c.id)}

USER_FILTER = {
    **_texts(
        "city companyName creationType department displayName givenName jobTitle mail mailNickname surname userType"
    ),
    **_flags("accountEnabled onPremisesSyncEnabled"),
    **_ID,
    "userPrincipalName": Property(Kind.FOLDED, documents.c.key),
}
GROUP_FILTER = {
    **_texts("displayName mail"),
    **_flags("isAssignableToRole mailEnabled onPremisesSyncEnabled securityEnabled"),
    **_ID,
    "mailNickname": Property(Kind.FOLDED, documents.c.key),
}
ROLE_ASSIGNMENT_FILTER = {**_texts("principalId roleDefinitionId directoryScopeId"), **_ID}
ROLE_DEFINITION_FILTER = {**_texts("displayName templateId"), **_flags("isBuiltIn isEnabled"), **_ID}
SERVICE_PRINCIPAL_FILTER = {**_texts("displayName"), **_ID, "appId": Property(Kind.FOLDED, documents.c.key)}
REGISTRATION_FILTER = {
    **_texts("userDisplayName userPrincipalName userType userPreferredMethodForSecondaryAuthentication"),
    **_flags(
        "isAdmin isMfaCapable isMfaRegistered isPasswordlessCapable isSsprCapable isSsprEnabled isSsprRegistered"
    ),
    **_ID,
}
POLICY_FILTER = {**_texts("displayName state"), **_ID}
LOCATION_FILTER = {**_texts("displayName"), **_ID}
STRENGTH_FILTER = {**_texts("displayName policyType"), **_ID}


def _in_row(path: str, kind: Kind) -> Property:
    return Property(kind, func.json_extract(texts.c.text, "$." + path.replace("/", ".")))


SIGN_IN_FILTER = {
    "id": Property(Kind.FOLDED, sign_ins.c.id),
    "createdDateTime": Property(Kind.TIME, sign_ins.c.at),
    "userId": Property(Kind.FOLDED, sign_ins.c.user),
    "clientAppUsed": Property(Kind.TEXT, sign_ins.c.client),
    "status/errorCode": Property(Kind.NUMBER, sign_ins.c.error),
    "signInEventTypes": _in_row("signInEventTypes", Kind.LIST),
    "isInteractive": _in_row("isInteractive", Kind.FLAG),
    **{
        name: _in_row(name, Kind.TEXT)
        for name in """appDisplayName appId conditionalAccessStatus ipAddress resourceDisplayName resourceId
        userDisplayName userPrincipalName""".split()
    },
}
