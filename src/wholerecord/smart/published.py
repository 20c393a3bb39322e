"""What the server publishes of itself.

Source: SMART App Launch 2.2, "Conformance" (`.well-known/smart-configuration`); 1.0.0, "Declaring
support for OAuth2 endpoints in the CapabilityStatement", which older apps read.
"""

from typing import Any

_URIS = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
_CAPABILITIES = (
    *("launch-ehr", "launch-standalone"),
    *("client-public", "client-confidential-symmetric", "client-confidential-asymmetric"),
    *("context-ehr-patient", "context-standalone-patient"),
    *("permission-patient", "permission-user", "permission-offline", "permission-online"),
    *("permission-v1", "permission-v2"),
)


def configuration(address: str) -> dict[str, Any]:
    """The configuration of the server at this address; it lists exactly what is there."""
    return {
        "issuer": address,
        "authorization_endpoint": f"{address}/auth/authorize",
        "token_endpoint": f"{address}/auth/token",
        "introspection_endpoint": f"{address}/auth/introspect",
        "revocation_endpoint": f"{address}/auth/revoke",
        "token_endpoint_auth_methods_supported": [
            "none",
            "client_secret_basic",
            "client_secret_post",
            "private_key_jwt",
        ],
        "token_endpoint_auth_signing_alg_values_supported": ["RS384", "ES384"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": [
            *("launch", "launch/patient", "online_access", "offline_access"),
            *("patient/*.rs", "user/*.rs", "system/*.rs"),
        ],
        "capabilities": list(_CAPABILITIES),
    }


def security(address: str) -> dict[str, Any]:
    """The same as a CapabilityStatement says it."""
    uris = [
        {"url": name, "valueUri": f"{address}/auth/{name}"}
        for name in ("authorize", "token", "introspect", "revoke")
    ]
    coding = {
        "system": "http://terminology.hl7.org/CodeSystem/restful-security-service",
        "code": "SMART-on-FHIR",
    }
    return {
        "cors": True,
        "service": [{"coding": [coding], "text": "OAuth2 using SMART-on-FHIR"}],
        "extension": [{"url": _URIS, "extension": uris}],
    }
