"""Every route there is, and what it answers to nobody and to each role: a table people can read.

A route that is not in the table fails this test, and so does a status that changed: whoever adds a
route says here who may reach it. The person has one condition; the ruling, the parked item and the
patients that forms name are there; whoever sends a form brings its token.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.asgi_socket import connected
from tests.unit.consents import of_conditions
from tests.unit.door_site import NUMBER, send, site
from tests.unit.door_web import SECRET_OF_SESSIONS, application_of, carer_allowed, client
from tests.unit.test_subscriptions import asking, stands
from wholerecord.access import Doorway
from wholerecord.access.policy_changes import compare_waiting
from wholerecord.app.receivers import Receivers
from wholerecord.consent import Purpose
from wholerecord.fhir import Live
from wholerecord.fold import About, Verdict
from wholerecord.fold.policies import Signer
from wholerecord.fold.policy import POLICY, policy_bytes
from wholerecord.portal import Seal
from wholerecord.portal.shared.session import form_token
from wholerecord.record import LogicalId, PatientKey, PersonId
from wholerecord.research.study.book import Ran, Sent, Told
from wholerecord.research.study.release import State

#: The columns: nobody; each role at an organisation that cares for the person; a doctor of another.
ASKING = (
    *("", "DOCTOR", "GP", "NURSE", "PHARMACIST", "SOCIAL_WORKER", "RECEPTIONIST", "GOVERNANCE"),
    *("RESEARCHER", "PLANNER", "PATIENT", "CARER", "SYSTEM", "STRANGER"),
)
TABLE = """
                                             no  doc gp  nur pha soc rec gov res pla pat car sys str
GET /ready                                   200 200 200 200 200 200 200 200 200 200 200 200 200 200
POST /intake/{source}                        401 401 401 401 401 401 401 401 401 401 401 401 401 401
POST /intake/{source}/$import                401 401 401 401 401 401 401 401 401 401 401 401 401 401
GET /intake/{source}/$import/{id}            401 401 401 401 401 401 401 401 401 401 401 401 401 401
DELETE /intake/{source}/$import/{id}         401 401 401 401 401 401 401 401 401 401 401 401 401 401
GET /intake/{source}/$import/{id}/{file:int} 401 401 401 401 401 401 401 401 401 401 401 401 401 401
GET /record/fhir/metadata                    200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /fhir/metadata                           200 200 200 200 200 200 200 200 200 200 200 200 200 200
POST /ai/prompt                              401 404 404 404 404 404 404 404 404 404 404 404 404 404
POST /fhir                                   401 201 201 201 201 201 403 403 403 403 403 403 403 403
POST /fhir/                                  401 201 201 201 201 201 403 403 403 403 403 403 403 403
POST /fhir/{type}                            401 201 201 201 201 201 403 403 403 403 403 403 403 403
GET /fhir/{type}                             401 200 200 200 200 200 403 403 403 403 200 200 403 403
POST /fhir/{type}/_search                    401 200 200 200 200 200 403 403 403 403 200 200 403 403
GET /fhir/Patient/{id}/{type}                401 200 200 200 200 200 403 403 403 403 200 200 403 403
POST /fhir/Patient/{id}/{type}/_search       401 200 200 200 200 200 403 403 403 403 200 200 403 403
PUT /fhir/{type}                             401 412 412 412 412 412 412 412 412 412 412 412 412 412
PATCH /fhir/{type}                           401 412 412 412 412 412 412 412 412 412 412 412 412 412
DELETE /fhir/{type}                          401 412 412 412 412 412 412 412 412 412 412 412 412 412
GET /fhir/{type}/{id}                        401 200 200 200 200 200 404 404 404 404 200 200 404 404
PUT /fhir/{type}/{id}                        401 403 403 403 403 403 404 404 404 404 403 403 404 404
PATCH /fhir/{type}/{id}                      401 403 403 403 403 403 404 404 404 404 403 403 404 404
DELETE /fhir/{type}/{id}                     401 403 403 403 403 403 404 404 404 404 403 403 404 404
GET /fhir/_history                           401 200 200 200 200 200 403 403 403 403 200 200 403 200
GET /fhir/{type}/_history                    401 200 200 200 200 200 403 403 403 403 200 200 403 200
GET /fhir/{type}/{id}/_history               401 200 200 200 200 200 404 404 404 404 200 200 404 404
GET /fhir/{type}/{id}/_history/{version}     401 200 200 200 200 200 404 404 404 404 200 200 404 404
POST /fhir/$process-message                  401 400 400 400 400 400 400 400 400 400 400 400 400 400
GET /fhir/Composition/{id}/$document         401 404 404 404 404 404 404 404 404 404 404 404 404 404
GET /fhir/$export                            401 202 202 202 202 202 202 202 202 202 202 202 202 202
GET /fhir/$export/{export}                   401 404 404 404 404 404 404 404 404 404 404 404 404 404
DELETE /fhir/$export/{export}                401 404 404 404 404 404 404 404 404 404 404 404 404 404
GET /fhir/$export/{export}/{file}            401 404 404 404 404 404 404 404 404 404 404 404 404 404
GET /fhir/Patient/$export                    401 202 202 202 202 202 202 202 202 202 202 202 202 202
GET /fhir/Group/{id}/$export                 401 404 404 404 404 404 404 404 404 404 404 404 404 404
GET /fhir/Patient/{id}/$everything           401 200 200 200 200 200 404 404 404 404 200 200 404 404
GET /fhir/Observation/$lastn                 401 200 200 200 200 200 404 404 404 404 200 200 404 404
GET /fhir/{type}/{id}/$meta                  401 200 200 200 200 200 404 404 404 404 200 200 404 404
POST /fhir/{type}/$validate                  401 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /fhir/{type}/{id}/$validate              401 200 200 200 200 200 404 404 404 404 200 200 404 404
POST /fhir/{type}/{id}/$validate             401 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /fhir/openapi.json                       200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /record/fhir/openapi.json                200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /fhir/SubscriptionTopic                  401 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /fhir/SubscriptionTopic/{id}             401 404 404 404 404 404 404 404 404 404 404 404 404 404
GET /fhir/Subscription                       401 200 200 200 200 200 200 200 200 200 200 200 200 200
POST /fhir/Subscription                      401 201 201 201 201 201 201 201 201 201 201 201 201 201
GET /fhir/Subscription/{id}                  401 404 404 404 404 404 404 404 404 404 404 404 404 404
PUT /fhir/Subscription/{id}                  401 404 404 404 404 404 404 404 404 404 404 404 404 404
DELETE /fhir/Subscription/{id}               401 404 404 404 404 404 404 404 404 404 404 404 404 404
GET /fhir/Subscription/{id}/$status          401 404 404 404 404 404 404 404 404 404 404 404 404 404
GET /fhir/Subscription/{id}/$events          401 404 404 404 404 404 404 404 404 404 404 404 404 404
GET /fhir/Subscription/$get-ws-binding-token 401 404 404 404 404 404 404 404 404 404 404 404 404 404
POST /fhir/Subscription/$get-ws-binding-token 401 400 400 400 400 400 400 400 400 400 400 400 400 400
GET /fhir/Subscription/{id}/$get-ws-binding-token 401 404 404 404 404 404 404 404 404 404 404 404 404 404
POST /fhir/Subscription/{id}/$get-ws-binding-token 401 404 404 404 404 404 404 404 404 404 404 404 404 404
SOCKET /fhir/websocket                       101 101 101 101 101 101 101 101 101 101 101 101 101 101
GET /fhir/{rest:path}                        404 404 404 404 404 404 404 404 404 404 404 404 404 404
POST /fhir/{rest:path}                       404 404 404 404 404 404 404 404 404 404 404 404 404 404
PUT /fhir/{rest:path}                        404 404 404 404 404 404 404 404 404 404 404 404 404 404
PATCH /fhir/{rest:path}                      404 404 404 404 404 404 404 404 404 404 404 404 404 404
DELETE /fhir/{rest:path}                     404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET /fhir/CodeSystem/$lookup                 401 200 200 200 200 200 200 200 200 200 200 200 200 200
POST /fhir/CodeSystem/$lookup                401 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /fhir/CodeSystem/$subsumes               401 200 200 200 200 200 200 200 200 200 200 200 200 200
POST /fhir/CodeSystem/$subsumes              401 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /fhir/CodeSystem/$validate-code          401 200 200 200 200 200 200 200 200 200 200 200 200 200
POST /fhir/CodeSystem/$validate-code         401 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /fhir/ConceptMap/$translate              401 200 200 200 200 200 200 200 200 200 200 200 200 200
POST /fhir/ConceptMap/$translate             401 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /fhir/ValueSet/$expand                   401 200 200 200 200 200 200 200 200 200 200 200 200 200
POST /fhir/ValueSet/$expand                  401 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /fhir/ValueSet/$validate-code            401 200 200 200 200 200 200 200 200 200 200 200 200 200
POST /fhir/ValueSet/$validate-code           401 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /record/fhir/$export                     401 202 202 202 202 202 202 202 202 202 202 202 202 202
GET /record/fhir/$export/{export}            401 404 404 404 404 404 404 404 404 404 404 404 404 404
DELETE /record/fhir/$export/{export}         401 404 404 404 404 404 404 404 404 404 404 404 404 404
GET /record/fhir/$export/{export}/{file}     401 404 404 404 404 404 404 404 404 404 404 404 404 404
GET /record/fhir/Patient/$export             401 202 202 202 202 202 202 202 202 202 202 202 202 202
GET /record/fhir/AuditEvent                  401 403 403 403 403 403 403 200 403 403 200 200 403 403
POST /record/fhir/Patient/$match             401 200 200 200 200 200 403 403 403 403 403 200 403 200
GET /record/fhir/Consent                     401 403 403 403 403 403 403 403 403 403 200 403 403 403
POST /record/fhir/Consent                    401 403 403 403 403 403 201 403 403 403 201 403 403 403
GET /record/fhir/Consent/{id}                401 404 404 404 404 404 404 404 404 404 404 404 404 404
PUT /record/fhir/Consent/{id}                401 404 404 404 404 404 404 404 404 404 404 404 404 404
GET /record/fhir/Patient/{id}                401 200 200 200 200 200 403 403 403 403 200 200 403 403
GET /record/fhir/Person/{id}                 401 200 200 200 200 200 403 403 403 403 200 200 403 403
GET /record/fhir/Patient/{id}/$everything    401 200 200 200 200 200 403 403 403 403 200 200 403 403
GET /record/fhir/Patient/{id}/$summary       401 200 200 200 200 200 403 403 403 403 200 200 403 403
GET /record/fhir/Patient/{id}/{type}         401 200 200 200 200 200 403 403 403 403 200 200 403 403
POST /record/fhir/Patient/{id}/{type}/_search 401 200 200 200 200 200 403 403 403 403 200 200 403 403
POST /record/fhir/{type}/_search             401 200 200 200 200 200 403 403 403 403 200 200 403 403
GET /record/fhir/{type}                      401 200 200 200 200 200 403 403 403 403 200 200 403 403
GET /fhir/.well-known/smart-configuration    200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /record/fhir/.well-known/smart-configuration 200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /auth/authorize                          303 400 400 400 400 400 400 400 400 400 400 400 400 400
POST /auth/authorize                         303 400 400 400 400 400 400 400 400 400 400 400 400 400
POST /auth/token                             401 401 401 401 401 401 401 401 401 401 401 401 401 401
POST /auth/introspect                        401 401 401 401 401 401 401 401 401 401 401 401 401 401
POST /auth/revoke                            401 401 401 401 401 401 401 401 401 401 401 401 401 401
GET /people/{person}/apps                    303 200 200 200 200 200 200 403 403 403 403 403 403 403
GET /people/{person}/apps/{app}              303 404 404 404 404 404 404 403 403 403 403 403 403 403
GET /apps                                    303 200 200 200 200 200 200 200 200 200 200 200 200 200
POST /apps/end                               303 404 404 404 404 404 404 404 404 404 404 404 404 404
GET /                                        303 303 303 303 303 303 303 303 303 303 303 303 303 303
GET /about                                   200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /sign-in                                 200 200 200 200 200 200 200 200 200 200 200 200 200 200
POST /sign-in                                303 303 303 303 303 303 303 303 303 303 303 303 303 303
POST /sign-out                               303 303 303 303 303 303 303 303 303 303 303 303 303 303
GET /sign-in/{provider}                      404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET /sign-in/{provider}/back                 404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET /sign-in/{provider}/leave                404 404 404 404 404 404 404 404 404 404 404 404 404 404
POST /sign-in/{provider}/ended               404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET /assets/{name:path}                      200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /rules                                   303 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /rules/file                              303 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /people                                  303 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /people/{person}                         303 200 200 200 200 200 303 303 403 403 403 403 403 403
GET /people/{person}/print                   303 200 200 200 200 200 403 403 403 403 403 403 403 403
GET /people/{person}/summary.pdf             303 200 200 200 200 200 403 403 403 403 403 403 403 403
GET /people/{person}/record.pdf              303 200 200 200 200 200 403 403 403 403 403 403 403 403
GET /people/{person}/record.txt              303 200 200 200 200 200 403 403 403 403 403 403 403 403
GET /people/{person}/record.csv              303 200 200 200 200 200 403 403 403 403 403 403 403 403
GET /people/{person}/entries/{key:path}      303 200 200 200 200 200 403 403 403 403 403 403 403 403
GET /people/{person}/messages/{message:int}  303 200 200 200 200 200 403 403 403 403 403 403 403 403
GET /people/{person}/pending                 303 200 200 200 200 200 403 403 403 403 403 403 403 403
GET /people/{person}/safety                  303 200 200 200 200 200 403 403 403 403 403 403 403 403
GET /people/{person}/who                     303 200 200 200 200 200 200 200 403 403 403 403 403 403
GET /people/{person}/looked                  303 403 403 403 403 403 403 200 403 403 403 403 403 403
GET /people/{person}/timeline                303 200 200 200 200 200 403 403 403 403 403 403 403 403
GET /people/{person}/{kind}                  303 200 200 200 200 200 403 403 403 403 403 403 403 403
GET /still/{person}                          303 400 400 400 400 400 400 400 400 400 400 400 400 400
POST /people/{person}/emergency              303 303 303 303 303 403 403 403 403 403 403 403 303 303
POST /people/{person}/claim                  303 303 303 303 303 303 403 403 403 403 403 403 403 303
POST /people/{person}/rulings                303 303 303 403 403 403 403 403 403 403 403 403 403 403
POST /people/{person}/rulings/withdraw       303 303 303 403 403 403 403 403 403 403 403 403 403 403
POST /people/{person}/shield                 303 303 303 403 403 403 403 403 403 403 403 403 403 403
POST /people/{person}/shield/end             303 404 404 404 404 404 404 404 404 404 404 404 404 404
POST /people/{person}/unlink                 303 403 403 403 403 403 403 303 403 403 403 403 403 403
GET /me/for/{person}/print                   303 403 403 403 403 403 403 403 403 403 200 200 403 403
GET /me/for/{person}/summary.pdf             303 403 403 403 403 403 403 403 403 403 200 200 403 403
GET /me/for/{person}/record.pdf              303 403 403 403 403 403 403 403 403 403 200 200 403 403
GET /me/for/{person}/record.txt              303 403 403 403 403 403 403 403 403 403 200 200 403 403
GET /me/for/{person}/record.csv              303 403 403 403 403 403 403 403 403 403 200 200 403 403
GET /me/for/{person}/download                303 403 403 403 403 403 403 403 403 403 200 200 403 403
GET /me/for/{person}                         303 403 403 403 403 403 403 403 403 403 200 200 403 403
GET /me/for/{person}/who-looked              303 403 403 403 403 403 403 403 403 403 200 200 403 403
GET /me/for/{person}/who-looked/evidence     303 403 403 403 403 403 403 403 403 403 404 403 403 403
GET /me/for/{person}/who-can-see             303 403 403 403 403 403 403 403 403 403 200 403 403 403
GET /me/for/{person}/entries/{key:path}      303 403 403 403 403 403 403 403 403 403 200 200 403 403
GET /me/for/{person}/messages/{message:int}  303 403 403 403 403 403 403 403 403 403 200 200 403 403
GET /me/for/{person}/timeline                303 403 403 403 403 403 403 403 403 403 200 200 403 403
GET /me/for/{person}/{kind}                  303 403 403 403 403 403 403 403 403 403 200 200 403 403
POST /me/for/{person}/disputes               303 403 403 403 403 403 403 403 403 403 303 303 403 403
POST /me/for/{person}/withdraw               303 403 403 403 403 403 403 403 403 403 303 403 403 403
GET /me/print                                303 404 404 404 404 404 404 404 404 404 200 404 404 404
GET /me/summary.pdf                          303 404 404 404 404 404 404 404 404 404 200 404 404 404
GET /me/record.pdf                           303 404 404 404 404 404 404 404 404 404 200 404 404 404
GET /me/record.txt                           303 404 404 404 404 404 404 404 404 404 200 404 404 404
GET /me/record.csv                           303 404 404 404 404 404 404 404 404 404 200 404 404 404
GET /me/download                             303 404 404 404 404 404 404 404 404 404 200 404 404 404
GET /me                                      303 404 404 404 404 404 404 404 404 404 200 404 404 404
GET /me/who-looked                           303 404 404 404 404 404 404 404 404 404 200 404 404 404
GET /me/told                                 303 404 404 404 404 404 404 404 404 404 200 404 404 404
POST /me/told                                303 404 404 404 404 404 404 404 404 404 303 404 404 404
POST /me/concerns                            303 404 404 404 404 404 404 404 404 404 404 404 404 404
GET /me/pack                                 303 404 404 404 404 404 404 404 404 404 200 404 404 404
GET /me/choices                              303 404 404 404 404 404 404 404 404 404 200 404 404 404
POST /me/choices                             303 404 404 404 404 404 404 404 404 404 303 404 404 404
POST /me/choices/consider                    303 404 404 404 404 404 404 404 404 404 200 404 404 404
POST /me/choices/end                         303 404 404 404 404 404 404 404 404 404 404 404 404 404
GET /me/studies                              303 404 404 404 404 404 404 404 404 404 200 404 404 404
GET /me/who-looked/evidence                  303 404 404 404 404 404 404 404 404 404 404 404 404 404
GET /me/who-can-see                          303 404 404 404 404 404 404 404 404 404 200 404 404 404
GET /me/entries/{key:path}                   303 404 404 404 404 404 404 404 404 404 200 404 404 404
GET /me/messages/{message:int}               303 404 404 404 404 404 404 404 404 404 200 404 404 404
GET /me/timeline                             303 404 404 404 404 404 404 404 404 404 200 404 404 404
GET /me/{kind}                               303 404 404 404 404 404 404 404 404 404 200 404 404 404
POST /me/disputes                            303 404 404 404 404 404 404 404 404 404 303 404 404 404
POST /me/withdraw                            303 404 404 404 404 404 404 404 404 404 303 404 404 404
GET /desk                                    303 403 403 403 403 403 403 200 403 403 403 403 403 403
POST /desk/release                           303 403 403 403 403 403 403 303 403 403 403 403 403 403
POST /desk/match                             303 403 403 403 403 403 403 303 403 403 403 403 403 403
GET /desk/matches                            303 403 403 403 403 403 403 200 403 403 403 403 403 403
GET /desk/matches/{n}                        303 403 403 403 403 403 403 404 403 403 403 403 403 403
POST /desk/matches/{n}                       303 403 403 403 403 403 403 404 403 403 403 403 403 403
POST /desk/take-back                         303 403 403 403 403 403 403 409 403 403 403 403 403 403
GET /desk/parked/{n}                         303 403 403 403 403 403 403 200 403 403 403 403 403 403
POST /desk/parked/{n}/assign                 303 403 403 403 403 403 403 303 403 403 403 403 403 403
POST /desk/parked/{n}/note                   303 403 403 403 403 403 403 303 403 403 403 403 403 403
GET /desk/concerns                           303 403 403 403 403 403 403 200 403 403 403 403 403 403
POST /desk/concerns                          303 403 403 403 403 403 403 404 403 403 403 403 403 403
GET /desk/corrections                        303 403 403 403 403 403 403 200 403 403 403 403 403 403
POST /desk/corrections                       303 403 403 403 403 403 403 303 403 403 403 403 403 403
POST /desk/corrections/owner                 303 403 403 403 403 403 403 303 403 403 403 403 403 403
GET /desk/corrections/{n}                    303 403 403 403 403 403 403 200 403 403 403 403 403 403
GET /desk/rules                              303 403 403 403 403 403 403 200 403 403 403 403 403 403
POST /desk/rules                             303 403 403 403 403 403 403 200 403 403 403 403 403 403
GET /desk/emergencies                        303 403 403 403 403 403 403 200 403 403 403 403 403 403
POST /desk/emergencies                       303 403 403 403 403 403 403 404 403 403 403 403 403 403
POST /desk/watch                             303 403 403 403 403 403 403 303 403 403 403 403 403 403
GET /desk/prompts                            303 403 403 403 403 403 403 200 403 403 403 403 403 403
POST /desk/prompts                           303 403 403 403 403 403 403 404 403 403 403 403 403 403
GET /desk/engineers                          303 403 403 403 403 403 403 200 403 403 403 403 403 403
GET /desk/airlock                            303 403 403 403 403 403 403 200 403 403 403 403 403 403
POST /desk/airlock                           303 403 403 403 403 403 403 303 403 403 403 403 403 403
GET /desk/trace                              303 403 403 403 403 403 403 200 403 403 403 403 403 403
GET /desk/replay                             303 403 403 403 403 403 403 200 403 403 403 403 403 403
POST /desk/replay/publish                    303 403 403 403 403 403 403 404 403 403 403 403 403 403
POST /desk/replay/undo                       303 403 403 403 403 403 403 404 403 403 403 403 403 403
GET /desk/policy                             303 403 403 403 403 403 403 200 403 403 403 403 200 403
POST /desk/policy                            303 403 403 403 403 403 403 303 403 403 403 403 303 403
POST /desk/policy/undo                       303 403 403 403 403 403 403 403 403 403 403 403 403 403
GET /desk/policy/{n}                         303 403 403 403 403 403 403 200 403 403 403 403 200 403
POST /desk/policy/{n}/sign                   303 403 403 403 403 403 403 303 403 403 403 403 303 403
GET /notices                                 303 200 200 200 200 200 200 200 200 200 200 200 200 200
POST /notices                                303 404 404 404 404 404 404 404 404 404 404 404 404 404
GET /counts/register                         200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /counts/register/{n:int}                 200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /counts/register/{n:int}/csv             404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET /counts/open                             200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /counts/boards                           303 200 200 200 200 200 200 200 200 200 200 200 200 200
GET /counts/boards/{board}                   303 403 403 403 403 403 403 403 404 404 403 403 403 403
GET /counts/boards/{board}/csv               303 403 403 403 403 403 403 403 404 404 403 403 403 403
GET /counts                                  303 200 200 200 200 200 200 200 200 200 200 200 200 200
POST /counts                                 303 403 403 403 403 403 403 403 200 200 403 403 403 403
GET /{path:path}                             404 404 404 404 404 404 404 404 404 404 404 404 404 404
"""  # noqa: E501 - a row is one line
OURS = PatientKey("pas", "p1").id
SUBJECT = LogicalId.of(OURS, "p1").text
SNOMED, ICD10, STROKE = "http://snomed.info/sct", "http://hl7.org/fhir/sid/icd-10", "230690007"
#: What each operation of a terminology is asked.
OPERATIONS = {
    "CodeSystem/$lookup": {"system": SNOMED, "code": STROKE},
    "CodeSystem/$subsumes": {"system": SNOMED, "codeA": STROKE, "codeB": STROKE},
    "CodeSystem/$validate-code": {"url": SNOMED, "code": STROKE},
    "ConceptMap/$translate": {"system": SNOMED, "code": STROKE, "targetsystem": ICD10},
    "ValueSet/$expand": {"url": f"{SNOMED}?fhir_vs"},
    "ValueSet/$validate-code": {"url": f"{SNOMED}?fhir_vs", "system": SNOMED, "code": STROKE},
}
FORM = {
    "persona": "DOCTOR",
    "why": "written in a test",
    "verdict": "wrong",
    "about": f"{OURS}/Condition/c1",
    "kind": "condition",
    "what": "not-me",
    "n": "1",
    "patient": str(OURS),
    "question": "stroke",
    "until": f"{datetime.now(UTC) + timedelta(days=30):%Y-%m-%d}",
    "ground": "life",
    "outcome": "it was right",
    "act": "hide",
    "part": "kind:condition",
    "channel": "e-mail",
    "address": "ada@mail.example",
    "changes": "0" * 32,
}


#: What a form says beside that, or in place of it.
MORE = {
    "/desk/match": {"verdict": "veto"},
    "/desk/airlock": {"verdict": "keep"},
    "/desk/corrections": {"answer": "declined"},
    "/desk/corrections/owner": {"to": "ann"},
}


def table() -> dict[str, tuple[int, ...]]:
    """The statuses of each route, by method and path."""
    rows: dict[str, tuple[int, ...]] = {}
    for line in TABLE.strip().splitlines()[1:]:
        method, path, *statuses = line.split()
        rows[f"{method} {path}"] = tuple(map(int, statuses))
    return rows


def routes(app: Starlette) -> list[str]:
    """Every route of the application, as the table names them."""
    return [f"{method} {path}" for method, path in _walk(app.routes, "")]


def _walk(there: Sequence[BaseRoute], base: str) -> Iterator[tuple[str, str]]:
    for one in there:
        if isinstance(one, Mount):
            yield from _walk(one.routes, base + one.path)
            continue
        if isinstance(one, WebSocketRoute):  # tests/unit/test_websocket.py asks this one
            yield "SOCKET", base + one.path
            continue
        assert isinstance(one, Route), "a kind of route this test does not know"
        for method in sorted((one.methods or set()) - {"HEAD"}):
            yield method, base + one.path


async def world() -> tuple[Doorway, PersonId]:
    """Somebody with a condition, a dispute of theirs that a doctor upheld, and a parked item."""
    way, person = await site(bundle(patient("p1", NUMBER), condition("c1", "p1")))
    await send(way, b'{"resourceType": "Bund')
    about = [About(OURS, "Condition", "c1")]
    await way.store.rule(Verdict.DISPUTED, about, by="PATIENT", why="not so")
    await way.store.rule(Verdict.UPHELD, about, by="DOCTOR", why="they are right")
    await carer_allowed(way, person)
    await study_that_waits(way.store)
    await policy_that_waits(way.store)
    return way, person


async def study_that_waits(store: Any) -> None:
    """A study that somebody asked and that two must check."""
    sent = Sent(project="p", actor="ann", purpose=Purpose.RESEARCH, code="c", raw=b"", lists={},
                sql=False)  # fmt: skip
    ran = Ran(state=State.WAITING, snapshot="s", told=Told(why="a mean"))
    assert await store.settle_study(await store.keep_study(sent), ran, seen=0)


async def policy_that_waits(store: Any) -> None:
    """Rules that somebody proposed and that another can sign."""
    signer = Signer(by="ann", name="Ann", role="governance officer", why="a test")
    await store.propose_policy(POLICY, signer)
    assert await compare_waiting(store) == 1


def address(method: str, path: str, person: str, key: str) -> str:
    """The path with what is there put in; of a sort that may be named, a condition."""
    path = path.replace("/Consent/{id}", "/Consent/preference-1")
    values = {
        "{person}": person,
        "{id}": person,
        "{key:path}": key,
        "{message:int}": "1",
        "{n:int}": "1",
    }
    if path.startswith("/fhir"):
        values["{id}"] = SUBJECT if "/Patient/" in path else LogicalId.of(OURS, "c1").text
        values["{version}"] = "1"
        if path.startswith("/fhir/Patient/{id}"):
            values["{id}"] = LogicalId.of(OURS, "p1").text
    values |= {"{kind}": "condition", "{type}": "Condition", "{source}": "pas"}
    values |= {
        "{name:path}": "nhsuk-frontend.css",
        "{path:path}": "nowhere/at/all",
        "{rest:path}": "nowhere/at/all",
        "{n}": "1",
    }
    values["{n:int}"] = "1"
    values |= {"{file:int}": "0", "{export}": "none-of-theirs", "{file}": "Patient"}
    values |= {"{app}": "an-app"}  # that is not registered
    values |= {"{board}": "conditions-2"}  # of which there are no tables
    values |= {"{provider}": "staff"}  # of which this application has none
    for name, value in values.items():
        path = path.replace(name, value)
    assert "{" not in path, "say here what stands for it"
    if path in {"/record/fhir/AuditEvent", "/record/fhir/Consent"}:
        return f"{path}?patient={person}"
    if path == "/desk/trace":
        return f"{path}?id=1"
    if method == "GET" and (query := OPERATIONS.get(path.removeprefix("/fhir/"))):
        return f"{path}?{urlencode(query)}"
    if path == "/fhir/Observation/$lastn":
        return f"{path}?patient={LogicalId.of(OURS, 'p1').text}"
    if path == "/record/fhir/Condition":
        return f"{path}?patient={person}"
    if method == "GET" and path == "/fhir/Condition":
        return f"{path}?patient={SUBJECT}"
    return path


async def asked(way: Doorway, person: PersonId, route: str, who: str) -> int:
    """What the route answers."""
    receivers = Receivers.parse("https://receiver.example")
    app = application_of(way, person, receivers=receivers)
    method, path = route.split()
    record = await way.folds.whole(await way.store.members(person))
    path = address(method, path, person, record.entries[0].key)
    async with client(app, who) as browser:
        if method == "GET":
            later = {"prefer": "respond-async"} if path.endswith("$export") else {}
            return (await browser.get(path, headers=later)).status_code
        cookie = browser.cookies.get("wholerecord", "")
        session = Seal(SECRET_OF_SESSIONS).read(cookie, now=datetime.now(UTC))
        sent = FORM | {"form": form_token(session) if session else "", "person": person}
        if path.endswith("/_search"):
            sent = {"patient": SUBJECT if path.startswith("/fhir") else person}
            return (await browser.post(path, data=sent)).status_code
        sent |= MORE.get(path, {})
        if path.startswith("/record/fhir/Consent"):
            body = of_conditions(person) | {"id": "preference-1"}
            return (await browser.request(method, path, json=body)).status_code
        if path.endswith("/$match"):
            who_is = patient("p1", NUMBER)
            return (await browser.post(path, json=who_is)).status_code
        if path == "/desk/policy":
            file = {"file": ("policy.json", policy_bytes(POLICY))}
            return (await browser.post(path, data=sent, files=file)).status_code
        if path.removeprefix("/fhir/") in OPERATIONS:
            asking = [
                {"name": name, "valueCode" if name.startswith("code") else "valueUri": value}
                for name, value in OPERATIONS[path.removeprefix("/fhir/")].items()
            ]
            body = {"resourceType": "Parameters", "parameter": asking}
            return (await browser.post(path, json=body)).status_code
        if path.startswith("/fhir"):
            return await written(browser, method, path)
        return (await browser.request(method, path, data=sent)).status_code


async def written(browser: httpx.AsyncClient, method: str, path: str) -> int:
    """What a write of a condition is answered; of a Bundle, what its one entry is."""
    body: dict[str, object] = condition("c1", "p1", subject={"reference": f"Patient/{SUBJECT}"})
    body["id"] = path.rpartition("/")[2] or "c1"
    if path == "/fhir/Subscription":
        body = asking("https://receiver.example/hook")
    if path.strip("/") == "fhir":
        entry = {"resource": body, "request": {"method": "POST", "url": "Condition"}}
        body = {"resourceType": "Bundle", "type": "transaction", "entry": [entry]}
    if method == "PATCH":
        patch = [{"op": "replace", "path": "/onsetDateTime", "value": "2024"}]
        media = {"content-type": "application/json-patch+json"}
        answer = await browser.patch(path, content=json.dumps(patch), headers=media)
        return answer.status_code
    answer = await browser.request(method, path, json=body)
    if answer.status_code == 200 and path.strip("/") == "fhir":
        return int(answer.json()["entry"][0]["response"]["status"][:3])
    return answer.status_code


async def answers(route: str) -> tuple[int, ...]:
    """What the route answers to each of `ASKING`; a form, in a world of its own each time."""
    way, person = await world()
    found: list[int] = []
    if route.startswith("SOCKET"):  # who asks is what a token says, and is asked when one comes
        app = application_of(way, person, live=Live(store=way.store, stands=stands))
        async with connected(app):
            return (101,) * len(ASKING)
    for who in ASKING:
        if route.startswith("POST") and found and found[-1] < 400:
            way, person = await world()
        found.append(await asked(way, person, route, who))
    return tuple(found)


async def test_every_route_is_in_the_table_and_nothing_else_is():
    way, person = await world()
    assert sorted(routes(application_of(way, person))) == sorted(table())


@pytest.mark.parametrize("route", table())
async def test_a_route_answers_each_role_as_the_table_says(route):
    assert dict(zip(ASKING, await answers(route), strict=True)) == dict(
        zip(ASKING, table()[route], strict=True)
    )
